"""Pages of long lists, over the products' own orders."""

import base64
import json

import pytest
from django.http import QueryDict

from stores.models import Product
from stores.selectors.lists import order_of
from web.paging import Total, count_of, keyset_page

SORTS = ["title", "product_type", "vendor", "min_price_minor", "updated_at"]


@pytest.fixture
def shelf(in_scope):
    """23 products with many equal values and some without a price."""
    for n in range(23):
        Product.objects.create(
            handle=f"p{n}",
            title=f"T{n % 5}",
            vendor=f"V{n % 2}",
            product_type=f"C{n % 3}",
            min_price_minor=None if n % 4 == 0 else n % 7,
        )


def page(sort, size=5, **params):
    return keyset_page(Product.objects.all(), order_of(sort), params, size)


def expected(sort):
    rows = list(Product.objects.all())
    name, down = sort.removeprefix("-"), sort.startswith("-")
    names = [name, *(["title"] if name in ("product_type", "vendor") else []), "pk"]
    empty = [row for row in rows if getattr(row, name) is None]
    full = [row for row in rows if getattr(row, name) is not None]
    full.sort(key=lambda row: [getattr(row, n) for n in names], reverse=down)
    empty.sort(key=lambda row: row.pk, reverse=down)
    return [row.pk for row in full + empty]


@pytest.mark.parametrize("sort", SORTS + [f"-{sort}" for sort in SORTS])
def test_all_pages_forth_and_back_are_the_whole_list(shelf, sort):
    wanted, seen, shown = expected(sort), [], page(sort)
    assert shown.previous is None
    while True:
        assert (shown.first, shown.last) == (len(seen) + 1, len(seen) + len(shown))
        seen += [row.pk for row in shown]
        if shown.next is None:
            break
        shown = page(sort, after=shown.next)
    assert seen == wanted
    back = [row.pk for row in shown]
    while shown.previous:
        shown = page(sort, before=shown.previous)
        back = [row.pk for row in shown] + back
    assert back == wanted
    assert (shown.first, shown.previous) == (1, None)


def cursor(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "%00",
        "é",
        cursor(),
        cursor(5),
        cursor(5, "a"),
        cursor(-1, "a", 5),
        cursor("5", "a", 5),
        cursor(5, None, 5),
        cursor(5, ["a"], 5),
        cursor(5, "a", True),
        cursor(5, "a", "five"),
        cursor(5, "a", 2**63),
        cursor(5, "\x00", 5),
        cursor(5, "\ud800", 5),
        cursor(5, "a", 1.5),
        "a" * 5000,
    ],
)
@pytest.mark.parametrize("way", ["after", "before"])
def test_what_is_no_cursor_of_ours_shows_the_first_page(shelf, way, text):
    assert page("title", **{way: text}).first == 1


def test_a_page_that_was_emptied_shows_the_first_one(shelf):
    first = page("title")
    Product.objects.exclude(pk__in=[row.pk for row in first]).delete()
    assert [row.pk for row in page("title", after=first.next)] == [row.pk for row in first]


def test_counts_end_at_ten_thousand(shelf, monkeypatch):
    assert str(count_of(Product.objects.order_by("title"))) == "23"
    monkeypatch.setattr("web.paging.COUNTED", 20)
    total = count_of(Product.objects.all())
    assert (total.n, total.is_more, str(total)) == (21, True, "20+")
    assert str(Total(20)) == "20"


def test_the_links_keep_the_filter(render, elements):
    html = render(
        "{% keyset_pagination page %}",
        "/?q=mug&before=x",
        page=_Shown("p", "n"),
    )
    found = [e["href"] for e in elements(html).named("a")]
    assert found == ["?q=mug", "?q=mug&before=p", "?q=mug&after=n"]
    assert QueryDict(found[1][1:])["before"] == "p"


class _Shown:
    first, last, total = 6, 10, Total(10_001)

    def __init__(self, previous, following):
        self.previous, self.next = previous, following
