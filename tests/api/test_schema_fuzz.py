"""Every operation of the OpenAPI document, by every kind of key, with values that nobody chose.

Seeded and bounded. Whatever is sent: never a 5xx, and the answer is one that the document promises.
"""

import re

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from api.models import Scope
from tests.api.world import make_world
from tests.partner import Partner

NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
ROLES = ("everything", "nobody", "stranger", *Scope.values)
BOUNDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@schemathesis.serializer("application/x-ndjson")
def _lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="session")
def fuzzed():
    schema = schemathesis.openapi.from_dict(Client().get("/api/schema/").json())
    schema.app = get_wsgi_application()
    return schema


@pytest.fixture
def files(settings, tmp_path):
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.API_REQUESTS_PER_MINUTE = 10**9


@pytest.fixture(autouse=True)
def _one_connection():
    """As Django's own test client does: a request must not close the connection of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def ids(files, partner):
    with partner.rows():
        return make_world("zinnober")


def headers_of(role, merchant, other_merchant):
    if role == "nobody":
        return {}
    if role == "stranger":
        return {"Authorization": f"Bearer {Partner(other_merchant).secret}"}
    scopes = Scope.values if role == "everything" else [role]
    return {"Authorization": f"Bearer {Partner(merchant, scopes=scopes).secret}"}


def prefix_of(operation):
    about = [p.definition.get("description", "") for p in operation.path_parameters]
    found = [match[1] for text in about if (match := re.search(r"`(\w+)_`", text))]
    return found[0] if found else ""


@pytest.fixture(scope="session")
def cases(fuzzed):
    """Made once for all roles: each operation with values that fit, then with values that do not."""
    made = []
    for result in fuzzed.get_all_operations():
        operation = result.ok()
        made += cases_of(operation, GenerationMode.POSITIVE, 8)
        made += cases_of(operation, GenerationMode.NEGATIVE, 5)
    return made


def cases_of(operation, mode, n_examples):
    made = []

    @seed(20261124)
    @settings(BOUNDED, max_examples=n_examples)
    @given(case=operation.as_strategy(generation_mode=mode), is_ours=st.integers(0, 3))
    def collect(case, is_ours):
        is_first = not made and mode == GenerationMode.POSITIVE
        made.append((case, is_first or bool(is_ours), is_first))

    collect()
    return made


def broken_promises(case, is_ours, ids, headers):
    prefix = prefix_of(case.operation)
    if prefix and is_ours:
        case.path_parameters = {**case.path_parameters, "id": ids[prefix]}
    # What a request does is undone: the next one finds the same shop.
    with transaction.atomic():
        response = case.call(headers=headers)
        transaction.set_rollback(True)
    try:
        case.validate_response(response, checks=CHECKS.get_by_names(list(NAMES)))
    except FailureGroup as group:
        return [f"{case.operation.label}: {each}" for each in group.exceptions]
    return []


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_one_that_the_document_promises(role, cases, ids, merchant, other_merchant):
    load_all_checks()
    headers = headers_of(role, merchant, other_merchant)
    broken = []
    for case, is_ours, is_first in cases:
        # A key that may everything meets all of them, every other one a fitting request.
        if is_first or role == "everything":
            broken += broken_promises(case, is_ours, ids, headers)
    assert not broken, "\n\n".join(dict.fromkeys(broken))
