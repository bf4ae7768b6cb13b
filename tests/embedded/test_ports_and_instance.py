import json
import os
import socket

import pytest

from embedded.instance import AlreadyRunning, only_instance
from embedded.ports import choose_ports, is_free, known_ports


def test_ports_are_remembered_until_somebody_takes_one(tmp_path, monkeypatch):
    monkeypatch.setattr("embedded.ports.GRACE_SECONDS", 0.1)
    file = tmp_path / "ports.json"
    choose_ports(file, ("postgres", "valkey"))
    first = known_ports(file)
    choose_ports(file, ("postgres", "valkey"))
    assert known_ports(file) == first
    with socket.create_server(("127.0.0.1", first["valkey"])):
        assert is_free(first["valkey"]) is False
        choose_ports(file, ("postgres", "valkey"))
    changed = json.loads(file.read_text())
    assert changed["postgres"] == first["postgres"]
    assert changed["valkey"] != first["valkey"]


def test_a_second_instance_is_told_about_the_first(tmp_path):
    message = f"already running .* process {os.getpid()}, http://127.0.0.1:8000"
    with (
        only_instance(tmp_path, "http://127.0.0.1:8000"),
        pytest.raises(AlreadyRunning, match=message),
        only_instance(tmp_path, "http://127.0.0.1:9000"),
    ):
        pass
    with only_instance(tmp_path, "http://127.0.0.1:9000"):
        assert "9000" in (tmp_path / "lock").read_text()
