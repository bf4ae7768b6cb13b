import pytest
from django.db import transaction
from django.urls import reverse

from stores.importers.base import ImportOptions
from stores.models import MappingProfile
from stores.services import import_columns
from stores.services.import_work import read_file
from tenants.scope import merchant_scope
from tests.stores.files import counts, preview

FILE = (
    "Ref;Bezeichnung;Preis;Kram\n"
    "B1;Becher;12,50;rot\n"
    "T1;<b>Teller</b>;9,00;blau\n"
    "S1;Schale;15,00;rot\n"
)


@pytest.fixture
def url(merchant):
    return lambda name, *args: reverse(f"stores:{name}", args=[merchant.public_id, *args])


@pytest.fixture
def client(editor, signed_in):
    return signed_in(editor)


@pytest.fixture
def found(merchant):
    with merchant_scope(merchant.pk):
        found = preview(FILE, file_name="lieferant.csv")
    assert found.state == "mapping"
    return found


def answers(client, address, **wanted):
    """What a person would send who corrects some of the guesses."""
    form = client.get(address).context["form"]
    return {f"column-{i}": form[f"column-{i}"].value() for i in range(len(form.columns))} | wanted


def reading(merchant, found):
    with merchant_scope(merchant.pk):
        read_file(found.pk)
        found.refresh_from_db()
    return found


def test_columns_are_shown_with_samples_a_guess_and_its_reason(client, url, found):
    page = client.get(url("import_mapping", found.public_id)).content.decode()
    for text in ("Bezeichnung", "Becher", "12,50", "&lt;b&gt;Teller&lt;/b&gt;", "its name"):
        assert text in page
    assert "<b>Teller" not in page
    assert '<option value="title" selected>' in page


def test_a_file_whose_columns_are_waited_for_is_not_opened_again(
    client, url, found, merchant, monkeypatch
):
    address = url("import_mapping", found.public_id)
    opened = []
    monkeypatch.setattr(import_columns, "Source", lambda *args: opened.append(args))
    form = client.get(address).context["form"]
    assert opened == []
    assert [column.name for column in form.columns] == ["Ref", "Bezeichnung", "Preis", "Kram"]
    assert form.columns[3].samples == ("rot", "blau")


def test_assigned_columns_read_the_file_and_are_kept_as_a_profile(client, url, found, merchant):
    address = url("import_mapping", found.public_id)
    data = answers(client, address, **{"column-3": "ignore", "profile": "Lieferant"})
    response = client.post(address, data)
    assert response.headers["Location"] == url("import_detail", found.public_id)
    found = reading(merchant, found)
    assert (found.state, found.format, counts(found)) == ("previewed", "mapped", (3, 0, 0, 0))
    with merchant_scope(merchant.pk):
        profile = MappingProfile.objects.get()
        assert (profile.name, profile.options["mapping"]["Kram"]) == ("Lieferant", "ignore")
        again = preview(FILE, file_name="next.csv")
        assert (again.state, again.profile) == ("previewed", profile)
    page = client.get(url("import_detail", again.public_id)).content.decode()
    assert "The columns were read by the profile “Lieferant”." in page


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ({"column-0": "ignore", "column-1": "ignore"}, "__all__"),
        ({"column-3": "title"}, "column-3"),
        ({"column-0": "nonsense"}, "column-0"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_column(client, url, found, merchant, wanted, where):
    address = url("import_mapping", found.public_id)
    response = client.post(address, answers(client, address, **wanted))
    assert response.status_code == 422
    assert where in response.context["form"].errors
    with merchant_scope(merchant.pk), transaction.atomic():
        assert type(found).objects.get().state == "mapping"
        assert not MappingProfile.objects.exists()


def test_columns_of_an_import_that_is_over_are_not_assigned(client, url, found, merchant):
    client.post(url("import_cancel", found.public_id))
    response = client.get(url("import_mapping", found.public_id))
    assert response.headers["Location"] == url("import_detail", found.public_id)


def test_a_recognised_file_can_be_read_by_hand_and_recognised_again(client, url, merchant):
    with merchant_scope(merchant.pk):
        found = preview("Handle,Title\nmug,Mug\n")
    address = url("import_mapping", found.public_id)
    client.post(address, answers(client, address))
    assert reading(merchant, found).format == "mapped"
    client.post(url("import_reread", found.public_id), {"format": "shopify_csv"})
    found = reading(merchant, found)
    assert (found.format, found.options["mapping"]) == ("shopify_csv", None)


def test_a_file_is_read_in_another_encoding_and_with_another_separator(client, url, merchant):
    with merchant_scope(merchant.pk):
        found = preview("Handle,Title\nmug,Größe\n".encode("cp1252"))
    response = client.post(
        url("import_reread", found.public_id), {"encoding": "cp1252", "delimiter": ","}
    )
    assert response.headers["Location"] == url("import_detail", found.public_id)
    found = reading(merchant, found)
    page = client.get(response.headers["Location"]).content.decode()
    assert "Größe" in page
    assert "Windows-1252" in page
    assert "comma ," in page


def test_a_reading_that_the_api_has_chosen_stays(client, url, merchant):
    chosen = ImportOptions(locale="en", currency="EUR", encoding="koi8-u", delimiter="#")
    with merchant_scope(merchant.pk):
        found = preview("Handle#Title\nmug#Mug\n", options=chosen)
    client.post(
        url("import_reread", found.public_id),
        {"encoding": "koi8-u", "delimiter": "#", "header_row": "1"},
    )
    options = reading(merchant, found).options
    assert (options["encoding"], options["delimiter"], options["header_row"]) == ("koi8-u", "#", 1)


def test_a_reading_that_nobody_offers_is_refused_in_place(client, url, found):
    response = client.post(url("import_reread", found.public_id), {"encoding": "rot13"})
    assert response.status_code == 422
    assert list(response.context["reread"].errors) == ["encoding"]


def test_profiles_are_listed_renamed_and_deleted(client, url, merchant):
    with merchant_scope(merchant.pk), transaction.atomic():
        first = MappingProfile.objects.create(name="First", columns=["a"])
        MappingProfile.objects.create(name="Second", columns=["b"])
    assert "First" in client.get(url("profile_list")).content.decode()
    taken = client.post(url("profile_rename", first.public_id), {"name": "Second"})
    assert taken.status_code == 422
    client.post(url("profile_rename", first.public_id), {"name": "Third"})
    page = client.get(url("profile_list")).content.decode()
    assert "Third" in page
    client.post(url("profile_delete", first.public_id))
    assert "Third" not in client.get(url("import_list")).content.decode()
