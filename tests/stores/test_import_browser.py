"""Bringing a file in a real browser: in pieces, through cut connections, with the keyboard alone."""

import pytest
from django.db import transaction
from django.urls import reverse

from stores.models import CatalogueImport, MappingProfile, Upload
from stores.services.import_work import read_file
from stores.views import uploads
from tenants.scope import merchant_scope
from tests.browser import in_browser
from tests.stores.files import preview

pytestmark = in_browser

CONTENT = b"Handle,Title\n" + b"".join(b"mug-%d,Mug\n" % n for n in range(20))
UNKNOWN = "Ref;Bezeichnung;Kram\nB1;Becher;rot\nT1;Teller;blau\n"
BROKEN = "Handle,Title,Variant Price\nbowl,Bowl,twelve\n"


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch):
    monkeypatch.setattr(uploads, "PIECE_BYTES", 50)


@pytest.fixture
def url(merchant):
    return lambda name, *args: reverse(f"stores:{name}", args=[merchant.public_id, *args])


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "mugs.csv"
    found.write_bytes(CONTENT)
    return found


@pytest.fixture
def sent():
    """Where the pieces started that the browser sent."""
    return []


@pytest.fixture
def page(browse, editor, url, sent):
    page = browse(editor)
    page.on(
        "request",
        lambda r: (
            sent.append(int(r.headers["upload-offset"])) if "upload-offset" in r.headers else None
        ),
    )
    page.open(url("import_create"))
    return page


def choose(page, path):
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Upload and preview").click()


def the_import(merchant):
    with merchant_scope(merchant.pk), transaction.atomic():
        found = CatalogueImport.objects.get()
        return found.file_name, found.file.read()


def arrived(page, merchant):
    page.wait_for_url("**/imports/cim_*/")
    assert the_import(merchant) == ("mugs.csv", CONTENT)


def test_a_file_arrives_in_pieces(page, path, merchant, sent):
    choose(page, path)
    arrived(page, merchant)
    assert sent == [0, 50, 100, 150, 200]
    assert page.complaints == []


def test_a_cut_connection_costs_one_piece(page, path, merchant, sent):
    failures = iter(["reset", "reset"])

    def cut(route):
        if route.request.headers.get("upload-offset") == "100" and next(failures, None):
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/imports/uploads/upl_*/", cut)
    choose(page, path)
    arrived(page, merchant)
    assert sent == [0, 50, 100, 100, 100, 150, 200]


def test_an_upload_goes_on_after_a_reload(page, path, merchant, sent):
    page.route(
        "**/imports/uploads/upl_*/",
        lambda route: (
            route.abort("internetdisconnected")
            if route.request.headers.get("upload-offset") == "100"
            else route.continue_()
        ),
    )
    choose(page, path)
    page.wait_for_selector("text=The connection is interrupted")
    page.on("dialog", lambda dialog: dialog.accept())  # it asks before one leaves
    page.unroute("**/imports/uploads/upl_*/")
    page.reload()
    sent.clear()
    choose(page, path)
    arrived(page, merchant)
    assert sent == [100, 150, 200]


def test_a_file_that_changes_while_it_uploads_is_noticed(page, path, merchant):
    def change(route):
        if route.request.headers.get("upload-offset") == "50":
            path.write_bytes(CONTENT.replace(b"Mug", b"Cup") + b"more,More\n")
        route.continue_()

    page.route("**/imports/uploads/upl_*/", change)
    choose(page, path)
    page.wait_for_selector("text=The file was changed or moved while it was being uploaded.")
    assert page.evaluate("document.activeElement.matches('[data-upload-error]')")
    page.unroute("**/imports/uploads/upl_*/")
    path.write_bytes(CONTENT)
    choose(page, path)
    arrived(page, merchant)


def test_a_full_disk_is_told_and_the_upload_can_be_tried_again(page, path, merchant, monkeypatch):
    usage = uploads.begin_upload.__globals__["shutil"].disk_usage("/")._replace(free=3)
    with monkeypatch.context() as full:
        full.setattr("shutil.disk_usage", lambda path: usage)
        choose(page, path)
        page.wait_for_selector("text=The file could not be stored.")
    page.get_by_role("button", name="Upload and preview").click()
    arrived(page, merchant)


def test_an_upload_can_be_stopped(page, path, merchant):
    page.route("**/imports/uploads/upl_*/", lambda route: None)  # an answer never comes
    with page.expect_request("**/imports/uploads/upl_*/"):
        choose(page, path)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector("[data-upload]", state="hidden")
    with merchant_scope(merchant.pk), transaction.atomic():
        assert Upload.objects.get().n_received_bytes == 0


def test_the_form_works_without_script(browse, editor, url, path, merchant):
    page = browse(editor, java_script_enabled=False)
    page.open(url("import_create"))
    choose(page, path)
    arrived(page, merchant)


def focused(page):
    """Name of the field that has the focus; it has to be seen that it has it."""
    name, outline = page.evaluate(
        """() => { const e = document.activeElement;
        return [e.name || e.textContent.trim(), getComputedStyle(e).outlineStyle]; }"""
    )
    assert outline != "none", name
    return name


def tab_to(page, name, most=80):
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        if seen[-1] == name:
            return seen
    raise AssertionError(seen)


def test_columns_are_assigned_with_the_keyboard_alone(browse, editor, url, merchant):
    with merchant_scope(merchant.pk), transaction.atomic():
        found = preview(UNKNOWN, file_name="lieferant.csv")
    page = browse(editor)
    page.open(url("import_mapping", found.public_id))
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to content"
    page.keyboard.press("Enter")
    assert tab_to(page, "column-2")[-3:] == ["column-0", "column-1", "column-2"]
    page.keyboard.type("Leave out")
    tab_to(page, "profile")
    page.keyboard.type("Lieferant")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('lieferant.csv')")
    with merchant_scope(merchant.pk), transaction.atomic():
        assert MappingProfile.objects.get().options["mapping"]["Kram"] == "ignore"
    with merchant_scope(merchant.pk):
        read_file(found.pk)
    page.wait_for_selector("text=2 new, 0 changed")
    assert page.complaints == []


def test_a_product_is_corrected_with_the_keyboard_alone(browse, editor, url, merchant):
    with merchant_scope(merchant.pk), transaction.atomic():
        found = preview(BROKEN)
    page = browse(editor)
    page.open(url("import_item_correct", found.public_id, 0))
    assert focused(page) == "cell-0-2"
    page.keyboard.press("Control+a")
    page.keyboard.type("12.00")
    page.keyboard.press("Enter")
    page.wait_for_url("**/imports/cim_*/?show=invalid")
    page.wait_for_selector("text=Bowl is right now.")
    page.get_by_role("link", name="New 1").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 new, 0 changed")
