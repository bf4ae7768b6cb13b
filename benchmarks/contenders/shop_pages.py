"""The two shops, their pages and how long these take; see benchmarks/pages.py."""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.test import RequestFactory

from accounts.models import User
from benchmarks.contenders import many_products
from benchmarks.facts import circumstances
from generation.brief import RunBrief
from generation.models import GenerationRun
from generation.queue import enqueue
from generation.services import start_run
from stores.catalogue.search_words import document_of, tsvector_of
from stores.models import Product, ProductSearch
from stores.selectors.catalogue import drafts_to_review
from stores.selectors.filters import ProductFilter
from stores.selectors.lists import order_of
from tenants.actor import SYSTEM
from tenants.models import Membership, Merchant
from tenants.roles import database_of
from tenants.scope import merchant_scope
from web.paging import Order, cursor_of

SMALL = 10
WARM_UP = 20
Addresses = dict[str, str]


@dataclass(frozen=True)
class Shop:
    """A merchant of the benchmark with its owner's session."""

    merchant: Merchant
    session: str
    n: int


def compare(options: argparse.Namespace) -> dict[str, Any]:
    """Make the shops, measure their pages one after the other, and create runs."""
    _configure()
    shops = _make_shops(options.products, options.others)
    return measure(shops, options)


def measure(shops: tuple[Shop, Shop], options: argparse.Namespace) -> dict[str, Any]:
    """The result of the benchmark for these two shops, the small one first."""
    pages = [page_addresses(shop) for shop in shops]
    searches = [search_addresses(shop) for shop in shops]
    application = get_wsgi_application()
    measured = {
        kind: {
            name: _measure(application, shops, name, [one[name] for one in both], options.requests)
            for name in both[0]
            if name.startswith(options.only)
        }
        for kind, both in (("pages", pages), ("searches", searches))
    }
    return _result(measured, _run_creation(shops[1], options.repeats), options)


def _configure() -> None:
    """As a server runs, but for what `make up` prepares: hashed names of static files."""
    settings.ROOT_URLCONF = "benchmarks.contenders.empty_page"
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.GENERATION["MAX_QUEUED_REQUESTS"] = 10**7


def _make_shops(n_products: int, n_others: int) -> tuple[Shop, Shop]:
    others = [Merchant(name=f"Other {n}", currency="EUR") for n in range(n_others)]
    merchants = [Merchant(name=name, currency="EUR") for name in ("Small", "Large")]
    ids = [m.pk for m in Merchant.objects.bulk_create([*merchants, *others])]
    with psycopg.connect(_superuser_url(), autocommit=True) as admin, admin.cursor() as cursor:
        _say("Seeding products")
        many_products.seed(cursor, ids[:1], SMALL)
        many_products.seed(cursor, ids[1:2], n_products)
        many_products.seed(cursor, ids[2:], 100)
        many_products.seed_rest(cursor)
        many_products.seed_search(cursor)
    _check_documents(ids[0])
    with psycopg.connect(_superuser_url(), autocommit=True) as admin, admin.cursor() as cursor:
        _say("Seeding drafts")
        for key in ids:
            with merchant_scope(key), transaction.atomic():
                run = GenerationRun.objects.get().public_id
            many_products.seed_drafts(cursor, key, run)
        cursor.execute("VACUUM ANALYZE")
    return _shop(merchants[0], SMALL), _shop(merchants[1], n_products)


def _check_documents(merchant: int) -> None:
    with merchant_scope(merchant), transaction.atomic():
        product = Product.objects.prefetch_related("skus").first()
        lexemes, _words = document_of(product, product.skus.all())
        stored = ProductSearch.objects.filter(pk=product.pk)
        [same] = stored.values_list(
            RawSQL("document = %s::tsvector", [tsvector_of(merchant, lexemes)]), flat=True
        )
    if not same:
        raise RuntimeError("The seeded documents are not those that Copydesk would write.")


def _shop(merchant: Merchant, n: int) -> Shop:
    name = merchant.name.lower()
    user = User.objects.create_user(f"{name}@example.org", "correct horse battery", name=name)
    with merchant_scope(merchant.pk), transaction.atomic():
        Membership.objects.create(user=user, role="owner")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return Shop(merchant, str(session.session_key), n)


def page_addresses(shop: Shop) -> Addresses:
    """Every measured page of a shop, by name: first, deep and filtered ones."""
    base = f"/m/{shop.merchant.public_id}/"
    products, review = f"{base}products/", f"{base}review/"
    with merchant_scope(shop.merchant.pk), transaction.atomic():
        middle = Product.objects.order_by("title", "pk")[shop.n // 2]
        run = GenerationRun.objects.get()
        drafts = drafts_to_review()
        first, deep = drafts[0], drafts[drafts.count() // 2]
        request = run.requests.order_by("pk")[shop.n // 2]
    after = cursor_of(order_of("title"), middle, shop.n // 2)
    in_run = cursor_of(Order(fields=("pk",)), request, shop.n // 2)
    address = f"{base}runs/{run.public_id}/"
    return {
        "home": base,
        "products first": products,
        "products deep": f"{products}?after={after}",
        "products deep backwards": f"{products}?before={after}",
        "products by price": f"{products}?sort=-min_price_minor",
        "products of a vendor": f"{products}?vendor=Vendor+7",
        "products of a category": f"{products}?category=Home+%3E+Room+7",
        "products with drafts": f"{products}?copy_state=draft&sort=-updated_at",
        "products with an attribute": f"{products}?attribute=material%3Amug",
        "products with the filters open": f"{products}?filters=1",
        "review first": f"{review}{first.public_id}/",
        "review deep": f"{review}{deep.public_id}/",
        "review of a run": f"{review}{deep.public_id}/?run={run.public_id}",
        "runs": f"{base}runs/",
        "run first": address,
        "run deep": f"{address}?after={in_run}",
        "run failed only": f"{address}?state=failed",
    }


def search_addresses(shop: Shop) -> Addresses:
    """Searches of the list by what few and by what many products have."""
    products = f"/m/{shop.merchant.public_id}/products/"
    words = {
        "a word": "stoneware",
        "two words": "oak lamp",
        "a beginning": "sto",
        "Chinese": "马克杯",
        "a code": "p-7",
        "a typing error": "stonware",
        "nothing like it": "xylophone",
        "everything": "p",
    }
    found = {}
    for name, text in words.items():
        query = QueryDict(mutable=True)
        query["q"] = text
        found[name] = f"{products}?{query.urlencode()}"
    return found


def _measure(
    application: Any, shops: tuple[Shop, Shop], name: str, addresses: list[str], n: int
) -> dict[str, Any]:
    """The small shop's page, the large shop's and the empty one take turns."""
    large = shops[1]
    turns = [*zip(shops, addresses, strict=True), (large, _empty(large))]
    seconds: list[list[float]] = [[] for _ in turns]
    for turn in range(WARM_UP + n):
        for which, (shop, address) in enumerate(turns):
            taken = _request(application, shop, address)
            if turn >= WARM_UP:
                seconds[which].append(taken)
    p95 = [_p95(each) for each in seconds]
    shown = {
        "p95_ms": [round(1000 * each, 2) for each in p95],
        "median_ms": [round(1000 * statistics.median(each), 2) for each in seconds],
        "queries": [_n_queries(application, shop, address) for shop, address in turns[:2]],
        "ratio": round(p95[1] / p95[0], 3),
        "vs_empty": round(p95[1] / p95[2], 3),
    }
    _say(f"{name}: {shown}")
    return shown


def _empty(shop: Shop) -> str:
    return f"/m/{shop.merchant.public_id}/nothing/"


def _request(application: Any, shop: Shop, address: str) -> float:
    path, _mark, query = address.partition("?")
    environ = RequestFactory(SERVER_NAME="testserver").generic("GET", path).environ
    environ["QUERY_STRING"] = query
    environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={shop.session}"
    if settings.SECURE_SSL_REDIRECT:
        environ["wsgi.url_scheme"] = "https"
    answered: list[str] = []
    started = time.perf_counter()
    response = application(environ, lambda status, headers: answered.append(status))
    body = b"".join(response)
    response.close()
    taken = time.perf_counter() - started
    if not answered[0].startswith("200") or not body.rstrip().endswith(b"</html>"):
        raise RuntimeError(f"{address}: {answered[0]}")
    return taken


def _n_queries(application: Any, shop: Shop, address: str) -> int:
    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(count):
        _request(application, shop, address)
    return len(asked)


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def _run_creation(shop: Shop, repeats: int) -> dict[str, Any]:
    """Both are rolled back, and the table is cleaned in between, so that each finds it as it was."""
    seconds: dict[str, list[float]] = {"start_run": [], "bare": []}
    for _ in range(repeats):
        for name, create in (("start_run", _start_run), ("bare", _bare_insert)):
            with psycopg.connect(_superuser_url(), autocommit=True) as admin:
                admin.execute("VACUUM generation_generationrequest")
                admin.execute("CHECKPOINT")
            with merchant_scope(shop.merchant.pk), transaction.atomic():
                seconds[name].append(create())
                transaction.set_rollback(True)
    ratio = statistics.median(seconds["start_run"]) / statistics.median(seconds["bare"])
    return {"ratio": round(ratio, 3), "seconds": seconds}


def _start_run() -> float:
    started = time.perf_counter()
    products = ProductFilter().apply(Product.objects.all())
    start_run(products=products, brief=RunBrief(language="en"), actor=SYSTEM)
    connection.check_constraints()  # what a commit would do
    return time.perf_counter() - started


def _bare_insert() -> float:
    run = GenerationRun.objects.create(brief={}, n_total=0)
    started = time.perf_counter()
    enqueue(run, Product.objects.all())
    connection.check_constraints()
    return time.perf_counter() - started


def _result(measured: Any, run: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    pages, searches = measured["pages"], measured["searches"]
    every = [*pages.values(), *searches.values()]
    return {
        "p95_ratio": max((one["ratio"] for one in pages.values()), default=None),
        "vs_empty_page": max((one["vs_empty"] for one in pages.values()), default=None),
        "max_queries": max((n for one in every for n in one["queries"]), default=None),
        "search_p95_ratio": max((one["ratio"] for one in searches.values()), default=None),
        "run_creation_ratio": run["ratio"],
        "raw": {
            "products": [SMALL, options.products],
            "others": options.others,
            "requests": options.requests,
            **measured,
            "run_creation_seconds": run["seconds"],
        },
        **circumstances(connection),
    }


def _superuser_url() -> str:
    parts = os.environ["DATABASE_SUPERUSER_URL"].rpartition("/")
    return f"{parts[0]}/{database_of(os.environ['DATABASE_URL'])}"


def _say(text: str) -> None:
    print(text, flush=True)
