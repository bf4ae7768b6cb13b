"""Images are looked at through a server of the test: found, missing, too small, and politely."""

import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from stores import tasks
from stores.importers.base import ParsedImage
from stores.models import ProductImage
from stores.services import image_checks
from stores.services.image_checks import (
    check_images,
    merchants_with_unchecked_images,
    request_image_check,
)
from stores.services.products import create_product, update_product
from tenants.actor import SYSTEM
from tenants.errors import DomainError
from tests.conftest import acting_as
from tests.stores.test_pictures import png

ANSWERS = {
    "/fine.png": (200, png(800, 600)),
    "/dot.png": (200, png(1, 1)),
    "/gone.png": (404, b""),
    "/page.png": (200, b"<!DOCTYPE html><html><p>Sorry</p></html>"),
    "/empty.png": (200, b""),
    "/secret.png": (403, b""),
    "/broken.png": (500, b""),
    "/busy.png": (503, b""),
}


class Handler(BaseHTTPRequestHandler):
    seen: list = []
    n_now = most_at_once = 0
    lock = threading.Lock()

    def do_GET(self):
        with self.lock:
            Handler.n_now += 1
            Handler.most_at_once = max(Handler.most_at_once, Handler.n_now)
        self.seen.append((self.path, time.monotonic()))
        status, body = ANSWERS[self.path.partition("?")[0]]
        time.sleep(0.02)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 503:
            self.send_header("Retry-After", "600")
        self.end_headers()
        self.wfile.write(body)
        with self.lock:
            Handler.n_now -= 1

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    Handler.seen, Handler.n_now, Handler.most_at_once = [], 0, 0
    cache.clear()
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()
    cache.clear()


@pytest.fixture(autouse=True)
def _quick(monkeypatch, settings):
    settings.IMAGE_CHECKS_ALLOW_LOOPBACK = True
    settings.CHECK_IMAGES = True
    monkeypatch.setattr(image_checks, "PAUSE_SECONDS", 0.0)


def product(*urls):
    images = [ParsedImage(url, "", n) for n, url in enumerate(urls, start=1)]
    return create_product(title="Mug", images=images, actor=SYSTEM)


def states():
    return dict(ProductImage.objects.values_list("url", "state"))


def test_each_image_is_given_its_state(in_scope, server):
    product(*(f"{server}{path}" for path in ANSWERS if path != "/busy.png"))
    assert check_images() == 7
    assert {url.rpartition("/")[2]: state for url, state in states().items()} == {
        "fine.png": "ok",
        "dot.png": "small",
        "gone.png": "missing",
        "page.png": "no_image",
        "empty.png": "no_image",
        "secret.png": "unreachable",
        "broken.png": "unreachable",
    }
    fine = ProductImage.objects.get(url__endswith="fine.png")
    assert (fine.width, fine.height, fine.n_bytes) == (800, 600, len(png(800, 600)))
    assert fine.checked_at is not None
    assert check_images() == 0


def test_a_private_address_is_not_asked_for(in_scope, server, settings):
    settings.IMAGE_CHECKS_ALLOW_LOOPBACK = False
    product(f"{server}/fine.png", "http://169.254.169.254/a.png")
    check_images()
    assert set(states().values()) == {"unreachable"}
    assert Handler.seen == []


def test_a_busy_server_is_left_alone_for_as_long_as_it_says(in_scope, server):
    product(f"{server}/busy.png", f"{server}/fine.png", f"{server}/dot.png")
    assert check_images() == 0
    assert [path for path, _ in Handler.seen] == ["/busy.png"]
    assert set(states().values()) == {"unchecked"}
    assert set(ProductImage.objects.values_list("checked_at", flat=True)) == {None}
    assert check_images() == 0
    assert len(Handler.seen) == 1


def test_one_host_gets_one_request_at_a_time_with_a_pause_between(in_scope, server, monkeypatch):
    monkeypatch.setattr(image_checks, "PAUSE_SECONDS", 0.1)
    product(*(f"{server}/fine.png?{n}" for n in range(4)))
    check_images()
    times = [moment for _, moment in Handler.seen]
    assert Handler.most_at_once == 1
    assert all(later - earlier >= 0.1 for earlier, later in zip(times, times[1:], strict=False))


def test_a_run_ends_in_time_and_the_next_goes_on(in_scope, server, monkeypatch):
    product(*(f"{server}/fine.png?{n}" for n in range(4)))
    monkeypatch.setattr(image_checks, "IMAGES_PER_RUN", 3)
    assert check_images() == 3
    monkeypatch.setattr(image_checks, "RUN_SECONDS", -1.0)
    assert check_images() == 0
    assert list(states().values()).count("unchecked") == 1
    monkeypatch.setattr(image_checks, "RUN_SECONDS", 30.0)
    assert check_images() == 1


def test_an_image_is_looked_at_again_after_a_month(in_scope, server):
    product(f"{server}/fine.png")
    check_images()
    ProductImage.objects.update(checked_at=timezone.now() - timedelta(days=29))
    assert check_images() == 0
    ProductImage.objects.update(checked_at=timezone.now() - timedelta(days=31))
    assert check_images() == 1


def test_another_address_is_another_image_that_nobody_has_looked_at(in_scope, server):
    mug = product(f"{server}/fine.png")
    check_images()
    update_product(product=mug, actor=SYSTEM, images=[ParsedImage(f"{server}/dot.png", "", 1)])
    assert states() == {f"{server}/dot.png": "unchecked"}


def test_an_import_or_a_save_leaves_the_state_alone(in_scope, server):
    mug = product(f"{server}/fine.png")
    check_images()
    image = ParsedImage(f"{server}/fine.png", "Front", 1)
    update_product(product=mug, actor=SYSTEM, images=[image])
    assert ProductImage.objects.values_list("state", "alt_text").get() == ("ok", "Front")


def test_images_of_one_product_are_looked_at_on_request(in_scope, server):
    mug = product(f"{server}/fine.png")
    other = create_product(
        title="Pot", images=[ParsedImage(f"{server}/gone.png", "", 1)], actor=SYSTEM
    )
    check_images(product_id=mug.pk)
    assert check_images(product_id=mug.pk) == 1
    assert other.images.get().state == "unchecked"


def test_a_request_is_refused_where_it_is_switched_off(in_scope, settings):
    settings.CHECK_IMAGES = False
    with pytest.raises(DomainError) as caught:
        request_image_check(product=product(), actor=SYSTEM)
    assert caught.value.code == "image_checks_off"


def test_beat_finds_merchants_with_something_to_look_at(in_scope, monkeypatch, settings):
    product("https://example.org/1.png")
    with acting_as("worker"):
        assert merchants_with_unchecked_images() == [in_scope.pk]
    sent = []
    monkeypatch.setattr(tasks.check_images, "apply_async", lambda **kw: sent.append(kw["kwargs"]))
    with acting_as("worker"):
        tasks.find_unchecked_images()
    ProductImage.objects.update(state="ok", checked_at=timezone.now())
    with acting_as("worker"):
        assert merchants_with_unchecked_images() == []
    ProductImage.objects.update(checked_at=timezone.now() - timedelta(days=31))
    settings.CHECK_IMAGES = False
    with acting_as("worker"):
        assert merchants_with_unchecked_images() == [in_scope.pk]
        tasks.find_unchecked_images()
    assert sent == [{"merchant_id": in_scope.pk}]


def test_the_web_process_cannot_look_for_images_of_all_merchants(db):
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        merchants_with_unchecked_images()
