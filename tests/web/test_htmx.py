import json

import pytest
from django.http import HttpResponse
from django.template import engines

from web.htmx import add_toast, client_redirect, close_dialog, fragment_or_page

TEMPLATE = "web/styleguide.html"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def page(monkeypatch):
    """Replace rendering by the name that was asked for: which template is the question here."""
    monkeypatch.setattr(
        "web.htmx.render", lambda _r, name, _c, status: HttpResponse(name, status=status)
    )


def answer(request, **options):
    return fragment_or_page(request, TEMPLATE, {}, **options)


def test_htmx_gets_the_fragment(request_to):
    response = answer(request_to("/", **FRAGMENT), partial="guide-table")

    assert response.content.decode() == f"{TEMPLATE}#guide-table"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**FRAGMENT, "HX-Boosted": "true"},
        {**FRAGMENT, "HX-History-Restore-Request": "true"},
        {"HX-Boosted": "true"},
    ],
)
def test_everyone_else_gets_the_page(request_to, headers):
    response = answer(request_to("/", **headers), partial="guide-table")

    assert response.content.decode() == TEMPLATE


def test_without_a_partial_htmx_gets_the_page(request_to):
    assert answer(request_to("/", **FRAGMENT)).content.decode() == TEMPLATE


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_answer_varies_on_the_deciding_headers(request_to, headers):
    response = answer(request_to("/", **headers), partial="guide-table")

    assert response["Vary"] == "HX-Request, HX-Boosted, HX-History-Restore-Request"


def test_status_is_kept(request_to):
    assert answer(request_to("/"), status=422).status_code == 422


def test_toasts_add_up_and_keep_other_triggers():
    response = HttpResponse(headers={"HX-Trigger": "reload, refreshed"})

    add_toast(response, "Saved")
    add_toast(response, "Careful", "warning")

    assert json.loads(response["HX-Trigger"]) == {
        "reload": {},
        "refreshed": {},
        "copydesk:toast": {
            "toasts": [
                {"message": "Saved", "level": "success"},
                {"message": "Careful", "level": "warning"},
            ]
        },
    }


def test_chinese_and_line_breaks_fit_into_a_header():
    response = add_toast(HttpResponse(), "已保存\r\nSet-Cookie: a=b")

    assert response["HX-Trigger"].isascii()
    assert "\n" not in response["HX-Trigger"]


def test_dialog_is_closed_beside_a_toast():
    response = close_dialog(add_toast(HttpResponse(), "Saved"))

    assert set(json.loads(response["HX-Trigger"])) == {"copydesk:toast", "copydesk:close-dialog"}


def test_client_redirect_of_htmx_loads_a_page(request_to):
    response = client_redirect(request_to("/", **FRAGMENT), "/next/")

    assert (response.status_code, response["HX-Redirect"]) == (200, "/next/")


def test_client_redirect_of_a_plain_request_is_see_other(request_to):
    response = client_redirect(request_to("/"), "/next/")

    assert (response.status_code, response["Location"]) == (303, "/next/")


def test_partials_are_loadable_by_the_configured_engine():
    template = engines["django"].get_template(f"{TEMPLATE}#guide-table")

    assert template.template.name == "guide-table"
