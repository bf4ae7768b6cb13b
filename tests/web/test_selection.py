import pytest
from django.test import RequestFactory

from web.selection import Selection, read_selection


def posted(**data):
    return read_selection(RequestFactory().post("/", data))


def test_ticked_rows_come_once_and_in_order():
    assert posted(selected=["prd_b", "prd_a", "prd_b"]) == Selection(("prd_b", "prd_a"), False)


def test_everything_that_matches_needs_no_ids():
    selection = posted(selected=["prd_a"], all_matching="1")

    assert selection == Selection((), True)
    assert not selection.is_empty


@pytest.mark.parametrize("data", [{}, {"all_matching": ""}, {"all_matching": "0"}])
def test_nothing_ticked_is_empty(data):
    assert posted(**data).is_empty
