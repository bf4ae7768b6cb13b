import os
import signal
import subprocess
import sys

import psycopg
import pytest
import redis

from embedded.leftovers import end_leftover
from embedded.services import known_services, running_services
from tests.embedded.conftest import processes_naming, wait_until

MARK = ("sh", "-c", 'touch "$COPYDESK_DATA_DIR/marked"; exec sleep 300')


def test_servers_answer_with_passwords_only(tmp_path):
    with running_services(tmp_path, fast=True) as services:
        environment = services.environment()
        url = environment["DATABASE_SUPERUSER_URL"]
        with psycopg.connect(url) as connection:
            assert connection.info.server_version // 10_000 == 18
            assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
            assert connection.execute("SHOW password_encryption").fetchone() == ("scram-sha-256",)
        wrong = url.replace(services.secrets["superuser"], "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        broker = redis.Redis.from_url(environment["CELERY_BROKER_URL"])
        assert broker.ping() is True
        assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=services.valkey.port).ping()


def test_no_password_stands_on_a_command_line(tmp_path):
    with running_services(tmp_path, fast=True) as services:
        listed = subprocess.run(
            ["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True
        )
        passwords = services.secrets.values()
        assert [p for p in passwords if p in listed.stdout] == []


def test_logs_are_private_and_hold_no_row_of_a_failed_statement(tmp_path):
    with running_services(tmp_path, fast=True) as services:
        url = services.environment()["DATABASE_SUPERUSER_URL"]
        with psycopg.connect(url) as connection, pytest.raises(psycopg.DataError):
            connection.execute("SELECT 'a hash of a password'::integer, 1")
        with psycopg.connect(url) as connection, pytest.raises(psycopg.IntegrityError):
            connection.execute("CREATE TABLE t (a text UNIQUE)")
            connection.execute("INSERT INTO t VALUES ('an address'), ('an address')")
        log = services.postgres.log
    assert "SELECT" not in log.read_text()
    assert "an address" not in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_data_and_secrets_survive_a_restart_on_the_same_ports(tmp_path):
    with running_services(tmp_path) as services:
        first = services.environment()
        with psycopg.connect(first["DATABASE_SUPERUSER_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        redis.Redis.from_url(first["CELERY_BROKER_URL"]).set("kept", "yes")
    with running_services(tmp_path) as services:
        assert services.environment() == first
        with psycopg.connect(first["DATABASE_SUPERUSER_URL"]) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        assert redis.Redis.from_url(first["CELERY_BROKER_URL"]).get("kept") == b"yes"


def test_kill_9_of_the_parent_ends_both_and_keeps_the_data(tmp_path, embedded_process):
    parent = embedded_process("embedded.services", "--data", str(tmp_path), "--", *MARK)
    wait_until((tmp_path / "marked").exists, 60)
    url = known_services(tmp_path).environment()["DATABASE_SUPERUSER_URL"]
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS answer")
    parent.send_signal(signal.SIGKILL)
    wait_until(lambda: not processes_naming(f"{tmp_path}/postgres"))
    wait_until(lambda: not processes_naming(f"{tmp_path}/valkey"))
    with running_services(tmp_path) as services, psycopg.connect(url) as connection:
        assert services.environment()["DATABASE_SUPERUSER_URL"] == url
        assert connection.execute("SELECT answer FROM kept").fetchone() == (7,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_without_user_namespaces_root_becomes_nobody(tmp_path, embedded_process):
    tmp_path.chmod(0o700)
    parent = embedded_process(
        *("embedded.services", "--data", str(tmp_path), "--", *MARK),
        COPYDESK_NO_USER_NAMESPACE="1",
    )
    wait_until((tmp_path / "marked").exists, 60)
    assert (tmp_path / "postgres").stat().st_uid == 65534
    assert (tmp_path / "valkey").stat().st_uid == 65534
    parent.send_signal(signal.SIGKILL)
    wait_until(lambda: not processes_naming(f"{tmp_path}/postgres"))
    wait_until(lambda: not processes_naming(f"{tmp_path}/valkey"))
    with (
        running_services(tmp_path) as services,
        psycopg.connect(services.environment()["DATABASE_SUPERUSER_URL"]) as connection,
    ):  # in a user namespace again, with the files given back
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert (tmp_path / "postgres").stat().st_uid in (0, 65534)


def test_only_a_server_is_taken_for_a_leftover(tmp_path):
    other = subprocess.Popen(["sleep", "60"])
    (tmp_path / "server.pid").write_text(f"{other.pid}\n/somewhere\n")
    end_leftover(tmp_path / "server.pid", "postgres", signal.SIGINT)
    assert other.poll() is None  # its number was a server's once
    other.kill()
    other.wait()


def test_runner_gives_back_the_commands_status(tmp_path, embedded_process):
    command = "import os, sys; sys.exit(5 if os.environ['DATABASE_URL'] else 0)"
    runner = embedded_process(
        *("embedded.services", "--data", str(tmp_path), "--fast", "--"),
        *(sys.executable, "-c", command),
    )
    assert runner.wait(60) == 5
