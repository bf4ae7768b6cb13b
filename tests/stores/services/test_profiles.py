import pytest

from stores.importers.base import ImportOptions
from stores.models import MappingProfile
from stores.services.profiles import (
    delete_profile,
    profile_for,
    rename_profile,
    save_profile,
    with_profile,
)
from tenants.actor import SYSTEM
from tenants.errors import DomainError
from tests.stores.files import counts, preview

pytestmark = pytest.mark.usefixtures("in_scope")

OPTIONS = ImportOptions(
    locale="en", currency="EUR", format="mapped", encoding="cp1252", mapping={"Name": "title"}
)


def save(name="Supplier", columns=("Name", "Price"), options=OPTIONS):
    return save_profile(name=name, columns=columns, options=options, actor=SYSTEM)


def test_a_profile_is_found_by_its_columns_in_any_order():
    profile = save()
    assert profile_for(["Price", "Name"]) == profile
    assert profile_for(["Name"]) is None
    assert profile_for(["Name", "Price", "Stock"]) is None
    assert profile_for(["name", "Price"]) is None


def test_the_profile_that_was_used_last_wins():
    save("First")
    second = save("Second")
    assert profile_for(["Name", "Price"]) == second


def test_a_profile_keeps_how_a_file_is_read_and_nothing_else():
    assert save().options == {
        "format": "mapped",
        "encoding": "cp1252",
        "mapping": {"Name": "title"},
    }


def test_what_a_person_says_of_a_file_is_stronger_than_its_profile():
    said = ImportOptions(locale="de", currency="EUR", encoding="utf-8")
    told = with_profile(said, save())
    assert (told.locale, told.encoding, told.mapping) == ("de", "utf-8", {"Name": "title"})


def test_saving_under_the_same_name_replaces():
    first = save()
    again = save(columns=["Title"], options=OPTIONS)
    assert (again.pk, again.columns) == (first.pk, ["Title"])


def test_a_name_is_taken_once():
    first = save("First")
    save("Second")
    with pytest.raises(DomainError) as caught:
        rename_profile(profile=first, name="Second", actor=SYSTEM)
    assert caught.value.code == "profile_name_taken"
    assert rename_profile(profile=first, name="Third", actor=SYSTEM).name == "Third"


def test_a_deleted_profile_is_gone():
    delete_profile(profile=save(), actor=SYSTEM)
    assert not MappingProfile.objects.exists()


UNKNOWN = "Bezeichnung,Kram\nBecher,rot\nTeller,blau\n"


def test_a_file_of_no_format_waits_for_its_columns():
    assert preview(UNKNOWN).state == "mapping"


def test_a_file_with_the_columns_of_a_profile_is_read_by_it():
    options = ImportOptions(
        locale="de", currency="EUR", format="mapped", mapping={"Bezeichnung": "title"}
    )
    profile = save(columns=["Kram", "Bezeichnung"], options=options)
    found = preview(UNKNOWN)
    assert (found.state, found.profile, counts(found)) == ("previewed", profile, (2, 0, 0, 0))
    assert found.options["mapping"] == {"Bezeichnung": "title"}


def test_a_profile_gives_way_to_a_format_that_a_person_has_chosen():
    save(columns=["Handle", "Title"], options=OPTIONS)
    chosen = ImportOptions(locale="de", currency="EUR", format="shopify_csv")
    found = preview("Handle,Title\nmug,Mug\n", options=chosen)
    assert (found.format, found.profile) == ("shopify_csv", None)
