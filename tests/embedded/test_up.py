import os
import re
import socket
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from embedded import up
from embedded.errors import EmbeddedError
from embedded.plan import make_plan
from embedded.ports import find_free_port


@pytest.fixture
def plan(tmp_path):
    given = {"COPYDESK_DATA_DIR": str(tmp_path), "GENERATION_BACKEND": "echo"}
    ports = {"COPYDESK_PORT": str(find_free_port()), "COPYDESK_ADMIN_PORT": str(find_free_port())}
    return make_plan({**given, **ports})


def test_taken_port_gets_a_message_with_a_way_out(plan):
    message = f"Port {plan.port} .* is taken .*COPYDESK_PORT={plan.port + 80} make up"
    with (
        socket.create_server(("127.0.0.1", plan.port)),
        pytest.raises(EmbeddedError, match=message),
    ):
        up._check_machine(plan)


def test_the_printed_addresses_have_pages(plan, capsys):
    up._introduce(replace(plan, demo=False), {})
    shown = re.findall(r"http://\S+", capsys.readouterr().out)
    assert [urlsplit(url).port for url in shown].count(plan.admin_port) == 1
    for url in map(urlsplit, shown):
        urlconf = "config.urls_admin" if url.port == plan.admin_port else "config.urls"
        assert resolve(url.path, urlconf).url_name not in {None, "api_unknown"}


def test_full_disk_gets_a_message(plan, monkeypatch):
    monkeypatch.setattr(up, "NEEDED_MB", 10**9)
    with pytest.raises(EmbeddedError, match="1000000000 MB must be free"):
        up._check_machine(plan)


def test_second_instance_gets_a_message(tmp_path, embedded_process):
    environment = {"COPYDESK_DATA_DIR": str(tmp_path), "GENERATION_BACKEND": "echo"}
    with up.only_instance(tmp_path, "http://127.0.0.1:1"):
        second = embedded_process("embedded.up", **environment)
        output, _ = second.communicate(timeout=60)
    assert second.returncode == 1
    assert f"already running with this data folder: process {os.getpid()}" in output
    assert "Traceback" not in output


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to mount a small disk")
def test_disk_that_fills_up_while_the_database_is_made_gets_a_message(small_disk, embedded_process):
    process = embedded_process("embedded.services", "--data", str(small_disk), "--", "true")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "No space left on device" in output
    assert "Traceback" not in output
