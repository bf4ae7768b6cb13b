"""Pages for everybody: the documentation, the schema, what a problem means."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from api.problem_types import PROBLEM_TYPES
from api.problems import of_type
from api.schema import rendered


@transaction.non_atomic_requests
@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")


@transaction.non_atomic_requests
@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    wants_yaml = "yaml" in request.GET.get("format", request.headers.get("Accept", ""))
    content, content_type = rendered("yaml" if wants_yaml else "json")
    headers = {"Vary": "Accept", "Cache-Control": "max-age=300"}
    return HttpResponse(content, content_type=content_type, headers=headers)


@transaction.non_atomic_requests
@require_GET
def problem(request: HttpRequest, code: str) -> HttpResponse:
    if code not in PROBLEM_TYPES:
        raise Http404
    return render(request, "api/problem.html", {"problem": PROBLEM_TYPES[code]})


@transaction.non_atomic_requests
@csrf_exempt
def unknown_address(request: HttpRequest, rest: str) -> HttpResponseBase:
    with_slash = request.path_info + "/"
    if not rest.endswith("/") and _exists(with_slash):
        query = request.META.get("QUERY_STRING", "")
        # 308 keeps the method and the body, which 301 would lose.
        location = request.path + "/" + (f"?{query}" if query else "")
        return HttpResponse(status=308, headers={"Location": location})
    return of_type("not_found").response()


def _exists(path: str) -> bool:
    try:
        return resolve(path).func is not unknown_address
    except Resolver404:
        return False
