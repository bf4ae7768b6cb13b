import pytest
from django.core.paginator import Paginator


def hrefs(elements, html):
    return [a.get("href") for a in elements(html).named("a")]


def test_sort_link_keeps_filters_and_drops_paging(render, elements):
    html = render('{% sort_header "title" "Title" %}', "/?q=mug&page=3&after=x&state=draft")

    assert hrefs(elements, html) == ["?q=mug&state=draft&sort=title"]


@pytest.mark.parametrize(
    ("path", "href", "direction"),
    [
        ("/", "?sort=title", None),
        ("/?sort=title", "?sort=-title", "ascending"),
        ("/?sort=-title", "?sort=title", "descending"),
        ("/?sort=price", "?sort=title", None),
    ],
)
def test_sort_header_turns_round(render, elements, path, href, direction):
    html = render('{% sort_header "title" "Title" %}', path)

    assert hrefs(elements, html) == [href]
    assert elements(html).named("th")[0].get("aria-sort") == direction


def test_sort_header_shows_the_default_order(render, elements):
    html = render('{% sort_header "title" "Title" default="-title" %}', "/")

    assert elements(html).named("th")[0]["aria-sort"] == "descending"


def test_figures_may_sort_downwards_first(render, elements):
    html = render('{% sort_header "sold" "Sold" descending_first=True %}', "/")

    assert hrefs(elements, html) == ["?sort=-sold"]


def test_sort_with_a_target_repeats_the_link_for_htmx(render, elements):
    link = elements(render('{% sort_header "title" "Title" target="#t" %}')).named("a")[0]

    assert link["hx-get"] == link["href"] == "?sort=title"
    assert link["hx-target"] == "#t"


def test_query_for_replaces_and_drops(render):
    assert (
        render("{% query_for state='draft' q=None %}", "/?q=a&x=1&page=2") == "?x=1&amp;state=draft"
    )


def test_repeated_parameters_survive(render, elements):
    html = render('{% sort_header "title" "Title" %}', "/?tag=a&tag=b")

    assert hrefs(elements, html) == ["?tag=a&tag=b&sort=title"]


def test_hostile_parameters_stay_inside_their_attribute(render, elements):
    html = render(
        '{% sort_header "title" "Title" target="#t" %}', '/?q="><script>alert(1)</script>'
    )

    assert elements(html).named("script") == []
    assert hrefs(elements, html) == ["?q=%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E&sort=title"]


def test_pagination_links_pages_and_counts(render, elements):
    page = Paginator(range(95), 10).page(5)

    html = render("{% pagination page %}", "/?q=mug&page=5", page=page)

    numbers = [1, 4, 6, 10]
    arrows = [4, 6]
    expected = [arrows[0], *numbers, arrows[1]]
    assert hrefs(elements, html) == [f"?q=mug&page={n}" for n in expected]
    assert "<strong>41–50</strong> of 95" in html


def test_single_page_has_no_links(render, elements):
    html = render("{% pagination page %}", page=Paginator(range(3), 10).page(1))

    assert hrefs(elements, html) == []


def test_first_page_has_no_way_back(render, elements):
    html = render("{% pagination page %}", page=Paginator(range(30), 10).page(1))

    assert hrefs(elements, html) == ["?page=2", "?page=3", "?page=2"]


def test_cursor_links_replace_each_other(render, elements):
    html = render("{% cursor_pagination previous='p' next='n' %}", "/?after=x&q=mug")

    assert hrefs(elements, html) == ["?q=mug&before=p", "?after=n&q=mug"]


def test_no_cursors_draw_nothing(render):
    assert render("{% cursor_pagination %}").strip() == ""


def test_filter_bar_keeps_the_query_and_the_order(render, elements):
    html = render(
        '{% filter_bar placeholder="Search" %}{% filter_select "state" "Text" choices %}{% endfilter_bar %}',
        "/?q=mug&sort=-title&state=draft&page=2",
        choices=[("", "Any"), ("draft", "Draft")],
    )

    inputs = {i["name"]: i["value"] for i in elements(html).named("input")}
    assert inputs == {"sort": "-title", "q": "mug"}
    assert [o["value"] for o in elements(html).named("option") if "selected" in o] == ["draft"]
    assert hrefs(elements, html) == ["/"]


def test_filter_bar_without_filters_offers_nothing_to_clear(render, elements):
    assert hrefs(elements, render("{% filter_bar %}{% endfilter_bar %}", "/?sort=title")) == []


def test_bulk_bar_knows_how_many_match(render, elements):
    html = render("{% bulk_bar total=312 %}{% endbulk_bar %}")

    assert elements(html).named("div")[0]["data-total"] == "312"
    assert "Select all 312 that match" in html
