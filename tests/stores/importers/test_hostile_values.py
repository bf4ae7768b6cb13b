"""What other people wrote to break things, as values of every format: it comes in as data, or is reported."""

import csv
import json
import re
from dataclasses import replace
from html import escape
from io import StringIO
from xml.sax.saxutils import escape as escape_xml

import pytest

from stores.formulas import undo
from stores.importers.problems import MESSAGES
from stores.models import CopyVersion, Product
from tests.stores.files import OPTIONS, bring, parse, preview

RUNS = re.compile(
    r"<(?:script|iframe|svg|object|embed|style|form)|<[^>]*\son\w+\s*=|<[^>]+javascript:", re.I
)
FORMATS = ["woocommerce_csv", "google_feed", "google_table", "jsonl", "mapped", "schema_org"]
# A product whose value is cut, or has characters that no database keeps, is reported.
ALLOWED = {"too_long", "nul_character", "not_a_character", "title_missing", "handle_missing"}


def in_rows(header, payloads, row_of, delimiter=","):
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([header, *(row_of(n, payload) for n, payload in enumerate(payloads))])
    return text.getvalue()


def woocommerce_csv(payloads):
    header = ["ID", "Type", "SKU", "Name", "Published", "In stock?", "Tax status", "Description"]
    header += ["Meta: x", "Attribute 1 name", "Attribute 1 value(s)"]
    return in_rows(
        header, payloads, lambda n, p: [n, "simple", f"p-{n}", p, 1, 1, "x", p, p, "A", p]
    )


def google_feed(payloads):
    items = "".join(
        f"<item><g:id>p-{n}</g:id>"
        + "".join(
            f"<g:{name}>{escape_xml(p)}</g:{name}>"
            for name in ("title", "description", "color", "x")
        )
        + "</item>"
        for n, p in enumerate(payloads)
    )
    return f'<rss xmlns:g="http://base.google.com/ns/1.0"><channel>{items}</channel></rss>'


def google_table(payloads):
    header = ["id", "title", "description", "color", "image_link", "availability", "brand", "mpn"]
    return in_rows(header, payloads, lambda n, p: [f"p-{n}", p, p, p, "", "x", "", p], "\t")


def jsonl(payloads):
    return "\n".join(
        json.dumps(
            {
                "handle": f"p-{n}",
                "title": p,
                "description": p,
                "vendor": p,
                "skus": [{"code": p}],
                "attributes": [{"name": "A", "value": p}],
            }
        )  # fmt: skip
        for n, p in enumerate(payloads)
    )


def mapped(payloads):
    header = ["handle", "title", "description", "vendor", "A", "kept"]
    return in_rows(header, payloads, lambda n, p: [f"p-{n}", p, p, p, p, p])


def schema_org(payloads):
    blocks = "".join(
        '<script type="application/ld+json">'
        + json.dumps(
            {
                "@type": "Product",
                "sku": f"p-{n}",
                "url": f"https://e.org/p-{n}",
                "name": p,
                "description": p,
                "color": p,
            }
        ).replace("<", "\\u003c")  # fmt: skip
        + "</script>"
        for n, p in enumerate(payloads)
    )
    return f"<!DOCTYPE html><html><head>{blocks}</head><body>{escape('<x>')}</body></html>"


MAPPING = {
    "handle": "handle",
    "title": "title",
    "description": "description",
    "vendor": "vendor",
    "A": "attribute",
}


def file_of(name, payloads):
    text = globals()[name](payloads)
    options = replace(OPTIONS, mapping=MAPPING) if name == "mapped" else OPTIONS
    return text.encode("utf-8", "replace"), options


def lines(path):
    text = path.read_text(encoding="utf-8", errors="replace").replace("\0", "")
    return [line.strip() for line in text.splitlines() if line.strip()]


def printable(payloads):
    """Without the control characters that XML forbids altogether."""
    return ["".join(c for c in p if c >= " " and c not in "\x7f\ufffe\uffff") for p in payloads]


@pytest.fixture
def payloads(shared_data):
    """Formulas, scripts, attacks on prompts and naughty strings: a sample of each corpus."""
    folder = shared_data / "malformed_security"
    naughty = json.loads((folder / "blns" / "blns.json").read_text(encoding="utf-8"))
    found = lines(folder / "csv-injection" / "Intruder" / "csv-payload.txt")
    found += lines(folder / "xss-payloadbox" / "xss-payload-list.txt")[::40]
    for path in sorted((folder / "prompt-hacker-zh-en").rglob("*.*"))[:20]:
        found += lines(path)[:5]
    found += [text.strip() for text in naughty if text.strip()]
    return [p for p in printable(found) if p.strip()]


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_values_come_in_as_data(payloads, name):
    data, options = file_of(name, payloads)
    layout, products = parse(data, options=options, file_name="file")
    assert len(products) == len(payloads)
    problems = [problem for product in products for problem in product.problems]
    assert {problem.code for problem in problems} <= ALLOWED <= MESSAGES.keys()
    titles = {product.handle: product.title for product in products if not product.problems}
    for n, payload in enumerate(payloads):
        if f"p-{n}" in titles:
            assert titles[f"p-{n}"] in (payload.strip(), undo(payload.strip()))
    assert len(titles) > 0.9 * len(payloads)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_that_runs_is_stored_as_a_description(shared_data, in_scope, name):
    folder = shared_data / "malformed_security" / "xss-payloadbox"
    payloads = printable(lines(folder / "xss-payload-list.txt"))[::60]
    data, options = file_of(name, payloads)
    found = bring(data, options=options)
    assert found.n_new + found.n_invalid == len(payloads)
    assert Product.objects.count() == found.n_new
    for text in CopyVersion.objects.values_list("text", flat=True):
        assert not RUNS.search(text), text


NUL, HALF = "\\u0000", "\\ud800"


@pytest.mark.parametrize(
    "file",
    [
        '{"@context":"https://schema.org","@type":"Product","name":"M","sku":"1","x%s":1,"url":"https://[::1"}',
        '{"@context":"https://schema.org","@type":"Product","name":"M","sku":"1","@id":["#a"],"image":"http://["}',
        '[{"title":"M","a%s":"1"},{"title":"P","a":"%s"}]',
    ],
)
def test_names_of_things_are_stored_without_what_no_database_keeps(file, in_scope):
    for bad in (NUL, HALF):
        options = replace(OPTIONS, format="" if "schema" in file else "mapped")
        found = preview(file.replace("%s", bad), options=options)
        assert found.state == "previewed"
        assert not re.search("[\0\ud800-\udfff]", "".join(found.columns["header"]))


@pytest.mark.parametrize("name", ["mapped", "google_table", "woocommerce_csv"])
def test_a_header_with_a_nul_is_read(name, in_scope):
    data, options = file_of(name, ["M"])
    data = data.replace(b"title", b"ti\0tle").replace(b"Name", b"Na\0me")
    options = replace(options, mapping=None, format=name.replace("table", "feed"))
    found = preview(data, options=options)
    assert (found.state, "\0" in "".join(found.columns["header"])) == ("previewed", False)


@pytest.mark.parametrize(
    "hostile",
    [
        '{"handle":"h","title":"a","\\u0000x":1}',
        '{"handle":"h","title":"a","\\ud800x":1}',
        '{"handle":"h","title":"a","status":"\\ud800"}',
        '{"handle":"h","title":"a","status":["x"]}',
        '{"handle":"h","title":"a","skus":[{"currency":"\\ud800"}]}',
    ],
)
def test_a_hostile_line_is_a_problem_of_its_product_alone(hostile, in_scope):
    found = preview('{"handle":"x","title":"X"}\n' + hostile + "\n", file_name="a.jsonl")
    assert (found.state, found.n_new, found.n_invalid) == ("previewed", 1, 1)


def test_a_source_of_copy_that_is_no_text_is_passed_over(in_scope):
    line = '{"handle":"h","title":"a","copy":{"source":[1]}}\n'
    assert preview(line, file_name="a.jsonl").n_new == 1


def test_a_line_that_nobody_foresaw_is_a_problem_of_its_product(in_scope, monkeypatch):
    monkeypatch.setattr("stores.importers.jsonl_product.JsonProduct._tags", lambda self: 1 / 0)
    found = preview('{"handle":"x","title":"X"}\n', file_name="a.jsonl")
    assert [p["code"] for p in found.items.get().problems] == ["product_unreadable"]


def test_a_page_with_halves_of_characters_is_read(in_scope):
    product = (
        '{"@context":"https://schema.org","@type":"Product","name":"a","sku":"s","\\ud800":"x",'
        '"b\\u0000":"c","offers":{"price":"1","priceCurrency":"\\ud800","n\\ud800":"y"},'
        '"additionalProperty":[{"name":"\\u0000n","value":"\\ud800v"}]}'
    )
    page = f'<html><script type="application/ld+json">{product}</script></html>'
    found = preview(page, file_name="a.html")
    assert (found.state, found.n_invalid) == ("previewed", 1)
    good = page.replace('"priceCurrency":"\\ud800",', "").replace('"\\u0000n"', '"n"')
    found = preview(good.replace("\\ud800v", "v"), file_name="b.html")
    assert (found.state, found.n_new) == ("previewed", 1)
