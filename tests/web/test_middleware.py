import json

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse

from web.middleware import FragmentMiddleware

FRAGMENT = {"HX-Request": "true"}


def answer(request, response):
    return FragmentMiddleware(lambda _request: response)(request)


def test_redirect_of_a_fragment_request_loads_a_page(request_to):
    response = answer(request_to("/", **FRAGMENT), HttpResponseRedirect("/accounts/login/"))

    assert (response.status_code, response["HX-Redirect"]) == (200, "/accounts/login/")
    assert "Location" not in response.headers


def test_cookies_survive_the_redirect(request_to):
    redirect = HttpResponseRedirect("/next/")
    redirect.set_cookie("seen", "1")

    assert answer(request_to("/", **FRAGMENT), redirect).cookies["seen"].value == "1"


def test_plain_and_boosted_redirects_stay(request_to):
    for headers in ({}, {**FRAGMENT, "HX-Boosted": "true"}):
        response = answer(request_to("/", **headers), HttpResponseRedirect("/next/"))

        assert (response.status_code, response["Location"]) == (302, "/next/")


def test_messages_of_a_fragment_become_toasts(request_to):
    request = request_to("/", **FRAGMENT)
    messages.success(request, "Saved")
    messages.error(request, "No")
    messages.debug(request, "not shown by default")

    response = answer(request, HttpResponse("row"))

    assert json.loads(response["HX-Trigger"])["copydesk:toast"]["toasts"] == [
        {"message": "Saved", "level": "success"},
        {"message": "No", "level": "error"},
    ]


def test_messages_wait_for_the_page_after_a_redirect(request_to):
    request = request_to("/", **FRAGMENT)
    messages.success(request, "Saved")

    response = answer(request, HttpResponseRedirect("/next/"))

    assert "HX-Trigger" not in response.headers
    assert [m.message for m in messages.get_messages(request)] == ["Saved"]


def test_messages_stay_for_plain_pages_and_streams(request_to):
    for headers, response in (({}, HttpResponse()), (FRAGMENT, StreamingHttpResponse([]))):
        request = request_to("/", **headers)
        messages.success(request, "Saved")

        assert "HX-Trigger" not in answer(request, response).headers


def test_answer_without_messages_is_untouched(request_to):
    response = answer(request_to("/", **FRAGMENT), HttpResponse("row"))

    assert response.content == b"row"
    assert "HX-Trigger" not in response.headers
