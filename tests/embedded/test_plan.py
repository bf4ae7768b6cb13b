import pytest

from embedded.errors import EmbeddedError
from embedded.plan import make_plan

OWN_DATABASE = {
    f"DATABASE_{role}URL": f"postgres://{role}@db/copydesk"
    for role in ("", "WORKER_", "OWNER_", "STAFF_")
}


def test_defaults_are_loopback_with_the_demo():
    plan = make_plan({})
    assert (plan.web_url, plan.admin_url) == ("http://127.0.0.1:8000", "http://127.0.0.1:8001")
    assert plan.demo is True
    assert plan.needs_builtin_model is True


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "shop.example", "::"])
def test_demo_is_left_out_on_an_open_host_and_refused_if_asked_for(host):
    assert make_plan({"COPYDESK_HOST": host}).demo is False
    with pytest.raises(EmbeddedError, match="The demo is refused"):
        make_plan({"COPYDESK_HOST": host, "COPYDESK_DEMO": "1"})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.5", "::1", "localhost"])
def test_demo_is_allowed_on_loopback(host):
    assert make_plan({"COPYDESK_HOST": host, "COPYDESK_DEMO": "1"}).demo is True


def test_own_database_needs_the_url_of_every_role():
    with pytest.raises(EmbeddedError, match="DATABASE_WORKER_URL, DATABASE_OWNER_URL"):
        make_plan({"DATABASE_URL": "postgres://app@db/copydesk"})
    assert make_plan(OWN_DATABASE).uses_own_database is True


@pytest.mark.parametrize("text", ["0", "65536", "http", ""])
def test_a_port_is_a_number(text):
    with pytest.raises(EmbeddedError, match="COPYDESK_PORT is"):
        make_plan({"COPYDESK_PORT": text})


def test_both_processes_need_a_port_of_their_own():
    with pytest.raises(EmbeddedError, match="are the same"):
        make_plan({"COPYDESK_PORT": "9000", "COPYDESK_ADMIN_PORT": "9000"})


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ({}, True),
        ({"GENERATION_MODEL": "builtin"}, True),
        ({"GENERATION_MODEL": "org/model"}, False),
        ({"GENERATION_BACKEND": "echo"}, False),
    ],
)
def test_builtin_model_is_converted_only_if_it_will_be_loaded(given, needed):
    assert make_plan(given).needs_builtin_model is needed


@pytest.mark.parametrize(
    ("settings", "credentials"),
    [
        ("config.settings.web", {"DATABASE_URL"}),
        ("config.settings.admin", {"DATABASE_URL", "DATABASE_STAFF_URL"}),
        ("config.settings.worker", {"DATABASE_URL", "DATABASE_WORKER_URL"}),
    ],
)
def test_a_process_sees_no_other_role_s_credentials(settings, credentials):
    plan = make_plan({})
    served = {**OWN_DATABASE, "DATABASE_SUPERUSER_URL": "x", "DATABASE_BACKUP_URL": "x"}
    environment = plan.environment_of(settings, plan.full_environment(served))
    assert {name for name in environment if name.startswith("DATABASE_")} == credentials
    assert environment["DJANGO_SETTINGS_MODULE"] == settings


def test_the_users_environment_wins_over_the_servers():
    plan = make_plan({"CELERY_BROKER_URL": "redis://mine/0"})
    full = plan.full_environment({"CELERY_BROKER_URL": "redis://ours/0", "CACHE_URL": "redis://1"})
    assert (full["CELERY_BROKER_URL"], full["CACHE_URL"]) == ("redis://mine/0", "redis://1")
