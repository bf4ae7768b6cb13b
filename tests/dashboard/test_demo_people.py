from io import StringIO
from stat import S_IMODE

import pytest
from django.core.management import CommandError, call_command

from dashboard.demo.logins import ensure_logins, logins_path
from dashboard.demo.people import PEOPLE, ensure_people, ensure_shops
from tenants.selectors import desks_of


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def load():
    people = ensure_people(ensure_logins(person.email for person in PEOPLE))
    return people, ensure_shops(people)


def test_owner_of_the_first_shop_is_editor_in_the_second(db, data_dir):
    people, _ = load()
    desks = desks_of(people["owner@hearthside.example"].pk)
    assert [(d.merchant.name, str(d.role)) for d in desks] == [
        ("Hearthside", "owner"),
        ("青禾生活", "editor"),
    ]


def test_loading_twice_changes_nobody(db, data_dir):
    people, shops = load()
    again, same_shops = load()
    assert {u.pk: u.password for u in again.values()} == {u.pk: u.password for u in people.values()}
    assert same_shops == shops


def test_password_in_the_file_opens_the_account(db, data_dir, client):
    people, _ = load()
    password = ensure_logins(person.email for person in PEOPLE)["viewer@hearthside.example"]
    assert client.login(email="viewer@hearthside.example", password=password) is True
    assert [
        (d.merchant.name, str(d.role)) for d in desks_of(people["viewer@hearthside.example"].pk)
    ] == [("Hearthside", "viewer")]


def test_passwords_are_for_their_owner_only(data_dir):
    ensure_logins(["owner@hearthside.example"])
    assert S_IMODE(logins_path().stat().st_mode) == 0o600


def test_links_are_refused_where_there_is_no_demo(db, data_dir, settings):
    settings.COPYDESK_DEMO = False
    out = StringIO()
    with pytest.raises(CommandError, match="no demo here"):
        call_command("demo_links", stdout=out)
    assert out.getvalue() == ""


def test_links_are_refused_before_the_demo_is_loaded(db, data_dir, settings):
    settings.COPYDESK_DEMO = True
    with pytest.raises(CommandError, match="not loaded yet"):
        call_command("demo_links")
