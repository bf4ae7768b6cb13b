"""Every route with every kind of person. A new route without an entry here fails."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tenants.models import Role
from tests.rows import PARAMETERS, rows_of

EVERYBODY = ("owner", "editor", "viewer", "agent")
WRITERS = ("owner", "editor")
OWNERS = ("owner",)

# Pages of a merchant: who may, and how the page is asked for.
MERCHANT_PAGES = {
    "accounts:invitation_create": (OWNERS, "post"),
    "accounts:invitation_withdraw": (OWNERS, "post"),
    "accounts:member_list": (EVERYBODY, "get"),
    "accounts:member_remove": (OWNERS, "post"),
    "accounts:member_role": (OWNERS, "post"),
    "accounts:merchant_settings": (EVERYBODY, "get"),
    "api:key_create": (OWNERS, "post"),
    "api:key_detail": (OWNERS, "get"),
    "api:key_edit": (OWNERS, "post"),
    "api:key_list": (OWNERS, "get"),
    "api:key_revoke": (OWNERS, "post"),
    "api:key_rotate": (OWNERS, "post"),
    "dashboard:home": (EVERYBODY, "get"),
    "generation:endpoint_create": (OWNERS, "get"),
    "generation:endpoint_delete": (OWNERS, "post"),
    "generation:endpoint_edit": (OWNERS, "get"),
    "generation:endpoint_test": (OWNERS, "post"),
    "generation:model_list": (EVERYBODY, "get"),
    "generation:review": (EVERYBODY, "get"),
    "generation:review_act": (WRITERS, "post"),
    "generation:review_item": (EVERYBODY, "get"),
    "generation:review_publish": (WRITERS, "post"),
    "generation:review_waiting": (EVERYBODY, "get"),
    "generation:run_cancel": (WRITERS, "post"),
    "generation:run_create": (WRITERS, "get"),
    "generation:run_detail": (EVERYBODY, "get"),
    "generation:run_list": (EVERYBODY, "get"),
    "generation:run_retry": (WRITERS, "post"),
    "stores:bulk_edit_cancel": (WRITERS, "post"),
    "stores:bulk_edit_confirm": (WRITERS, "post"),
    "stores:bulk_edit_create": (WRITERS, "get"),
    "stores:bulk_edit_detail": (EVERYBODY, "get"),
    "stores:bulk_edit_list": (EVERYBODY, "get"),
    "stores:bulk_edit_undo": (WRITERS, "post"),
    "stores:category_list": (EVERYBODY, "get"),
    "stores:collection_collect": (WRITERS, "get"),
    "stores:collection_create": (WRITERS, "get"),
    "stores:collection_delete": (WRITERS, "post"),
    "stores:collection_detail": (EVERYBODY, "get"),
    "stores:collection_edit": (WRITERS, "get"),
    "stores:collection_list": (EVERYBODY, "get"),
    "stores:copy_act": (WRITERS, "post"),
    "stores:copy_version": (EVERYBODY, "get"),
    "stores:copy_write": (WRITERS, "get"),
    "stores:export": (WRITERS, "get"),
    "stores:export_cancel": (WRITERS, "post"),
    "stores:export_create": (WRITERS, "get"),
    "stores:export_detail": (EVERYBODY, "get"),
    "stores:export_download": (EVERYBODY, "get"),
    "stores:export_list": (EVERYBODY, "get"),
    "stores:feed_create": (WRITERS, "get"),
    "stores:feed_revoke": (WRITERS, "post"),
    "stores:feed_rotate": (WRITERS, "post"),
    "stores:image_list": (EVERYBODY, "get"),
    "stores:import_cancel": (WRITERS, "post"),
    "stores:import_confirm": (WRITERS, "post"),
    "stores:import_create": (WRITERS, "get"),
    "stores:import_detail": (EVERYBODY, "get"),
    "stores:import_errors": (EVERYBODY, "get"),
    "stores:import_item_correct": (WRITERS, "get"),
    "stores:import_list": (EVERYBODY, "get"),
    "stores:import_mapping": (WRITERS, "get"),
    "stores:import_reread": (WRITERS, "post"),
    "stores:import_retry": (WRITERS, "post"),
    "stores:product_check_images": (WRITERS, "post"),
    "stores:product_create": (WRITERS, "get"),
    "stores:product_delete": (WRITERS, "get"),
    "stores:product_detail": (EVERYBODY, "get"),
    "stores:product_edit": (WRITERS, "get"),
    "stores:product_history": (EVERYBODY, "get"),
    "stores:product_list": (EVERYBODY, "get"),
    "stores:product_selected": (WRITERS, "post"),
    "stores:view_delete": (WRITERS, "post"),
    "stores:view_save": (WRITERS, "post"),
    "stores:profile_delete": (WRITERS, "post"),
    "stores:profile_list": (EVERYBODY, "get"),
    "stores:profile_rename": (WRITERS, "post"),
    "stores:upload_create": (WRITERS, "post"),
    "stores:upload_piece": (WRITERS, "get"),
}
# Pages that belong to no merchant: what an anonymous visitor gets.
OTHER_PAGES = {
    "health": 200,
    "feed": 404,
    "set_language": 302,
    "dashboard_start:start": 302,
    "accounts_start:profile": 302,
    "accounts_start:merchant_create": 302,
    "accounts_start:invitation": 404,
    "accounts_start:switch_person": 405,
}
# allauth's own pages and the API are walked elsewhere (tests/api/test_walk.py).
ELSEWHERE = ("accounts/", "api/")


def routes() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names of all routes with the parameters in their addresses."""

    def walk(resolver, names, prefix, parameters):
        for entry in resolver.url_patterns:
            here = prefix + str(entry.pattern)
            found = (*parameters, *entry.pattern.converters)
            if isinstance(entry, URLResolver):
                deeper = [*names, entry.namespace] if entry.namespace else names
                yield from walk(entry, deeper, here, found)
            elif isinstance(entry, URLPattern) and not here.startswith(ELSEWHERE):
                yield ":".join([*names, entry.name]), found

    yield from walk(get_resolver(), [], "", ())


ROUTES = dict(routes())


def test_every_route_has_an_entry():
    assert sorted(ROUTES) == sorted([*MERCHANT_PAGES, *OTHER_PAGES])


def test_every_page_of_a_merchant_names_it_in_its_address():
    assert {name for name, parameters in ROUTES.items() if "merchant" in parameters} == set(
        MERCHANT_PAGES
    )


def address(name, merchant, rows):
    values = {p: rows[p] for p in ROUTES[name] if p != "merchant"}
    return reverse(name, kwargs={"merchant": merchant.public_id, **values})


def ask(client, name, url):
    return getattr(client, MERCHANT_PAGES[name][1])(url)


@pytest.fixture
def people(request):
    return {role: request.getfixturevalue(role) for role in Role.values}


@pytest.mark.parametrize("name", MERCHANT_PAGES)
def test_a_page_lets_in_its_roles_and_nobody_else(name, merchant, people, signed_in):
    for role, person in people.items():
        response = ask(signed_in(person), name, address(name, merchant, rows_of(merchant)))
        if role in MERCHANT_PAGES[name][0]:
            assert response.status_code in {200, 302, 303, 400, 422}, (role, response.status_code)
        else:
            assert response.status_code == 403, role


@pytest.mark.parametrize("name", MERCHANT_PAGES)
def test_a_strangers_page_does_not_exist(name, merchant, owner, outsider, signed_in):
    url = address(name, merchant, rows_of(merchant))
    assert ask(signed_in(outsider), name, url).status_code == 404
    anonymous = ask(Client(), name, url)
    assert anonymous.status_code == 302
    assert anonymous.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", [n for n in MERCHANT_PAGES if set(ROUTES[n]) & set(PARAMETERS)])
def test_a_strangers_row_under_ones_own_merchant_does_not_exist(
    name, merchant, other_merchant, owner, outsider, signed_in
):
    url = address(name, merchant, rows_of(other_merchant))
    assert ask(signed_in(owner), name, url).status_code == 404


@pytest.mark.parametrize(("name", "status"), OTHER_PAGES.items())
def test_an_anonymous_visitor_elsewhere(name, status, db):
    values = {"token": "unknown"} if "token" in ROUTES[name] else {}
    assert Client().get(reverse(name, kwargs=values)).status_code == status
