from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from web.components.attributes import attributes
from web.components.basic import state_badge

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
LINK = "javascript:alert(1)"

SOURCES = [
    "{% badge text tone=text icon=text %}",
    "{% state_badge text %}",
    "{% icon text label=text %}",
    "{% avatar text size=text %}",
    "{% kbd text %}",
    "{% spinner label=text %}",
    "{% when None fallback=text %}",
    "{% inline_diff '' text %}",
    "{{ text|inline_diff:'' }}",
    "{% button text href=link title=text data_x=text confirm=text %}",
    "{% button text hx_post=text confirm=text icon=text shortcut=text %}",
    "{% button text hide_label=True %}",
    "{% menu text icon=text %}{% menu_item text href=link tone=text %}{% endmenu %}",
    "{% dialog text text description=text %}{{ text }}{% enddialog %}",
    "{% tabs tabs label=text %}",
    "{% copy_button text text %}",
    "{% code_block text language=text title=text %}",
    "{% card title=text subtitle=text id=text %}{{ text }}{% endcard %}",
    "{% callout tone=text title=text %}{{ text }}{% endcallout %}",
    "{% empty_state title=text text=text art=text %}{{ text }}{% endempty_state %}",
    "{% progress value=1 max=2 label=text hint=text tone=text %}",
    "{% share_bar shares label=text %}",
    "{% stat text text hint=text href=link unit=text tone=text %}",
    "{% description_list pairs %}",
    "{% checklist steps title=text %}",
    "{% breadcrumbs text link text %}",
    "{% stepper words 1 %}",
    "{% diff_view text '' old_title=text new_title=text lang=text %}",
    "{% select_row text label=text %}",
    "{% filter_bar placeholder=text target=text %}{% filter_select text text choices %}{% endfilter_bar %}",
    "{% sort_header text text target=text align=text %}",
    "{% cursor_pagination previous=text next=text target=text %}",
    "<a{% attrs href=link title=text %}>x</a>",
]
CONTEXT = {
    "text": HOSTILE,
    "link": LINK,
    "tabs": [{"label": HOSTILE, "url": LINK, "count": HOSTILE}],
    "shares": [{"label": HOSTILE, "value": 1, "tone": HOSTILE, "url": LINK}],
    "pairs": [(HOSTILE, HOSTILE, HOSTILE)],
    "steps": [
        {"label": HOSTILE, "is_done": False, "url": LINK, "hint": HOSTILE, "action": HOSTILE}
    ],
    "words": [HOSTILE],
    "choices": [(HOSTILE, HOSTILE)],
}


@pytest.mark.parametrize("source", SOURCES)
def test_hostile_text_never_becomes_markup(render, elements, source):
    found = elements(render(source, **CONTEXT)).found

    assert not {"script", "img"} & {tag for tag, _ in found}
    names = {name for _, attributes in found for name in attributes}
    assert not [n for n in names if n.startswith("on") or n == "style"]
    assert LINK not in [value for _, attributes in found for value in attributes.values()]


@pytest.mark.parametrize("name", ["onclick", "hx_on", "hx_on_click", "style"])
def test_attributes_against_the_policy_are_refused(name):
    with pytest.raises(ValueError, match="content security policy"):
        attributes({name: "x"})


def test_attributes_drop_nothing_but_none_and_false():
    values = {"hx_get": "/", "class_": "a", "disabled": True, "hidden": False, "id": None, "max": 0}

    assert attributes(values) == ' class="a" hx-get="/" max="0" disabled'


def test_unknown_variant_is_a_mistake_of_the_page(render):
    with pytest.raises(ValueError, match="unknown button variant"):
        render("{% button 'x' variant='shiny' %}")


def test_confirmation_goes_to_htmx_or_to_the_form(render, elements):
    html = render(
        "{% button 'x' hx_post='/' confirm='Sure?' %}{% button 'x' type='submit' confirm='Sure?' %}"
    )

    first, second = elements(html).named("button")
    assert (first["hx-confirm"], second["data-confirm"]) == ("Sure?", "Sure?")


def test_icon_button_keeps_its_name_for_readers(render, elements):
    html = render("{% button 'Delete' icon='trash' hide_label=True %}")

    assert elements(html).named("button")[0]["title"] == "Delete"
    assert '<span class="visually-hidden">Delete</span>' in html


def test_progress_without_a_value_is_indeterminate(render, elements):
    bar = elements(render("{% progress label='Loading' %}")).named("progress")[0]

    assert "value" not in bar
    assert bar["aria-label"] == "Loading"


@pytest.mark.parametrize(
    ("value", "maximum", "shown"), [(0, 0, "0%"), (5, 4, "100%"), (1, 3, "33%")]
)
def test_progress_shows_a_share_between_none_and_all(render, value, maximum, shown):
    html = render("{% progress value=v max=m label='x' %}", v=value, m=maximum)

    assert f'<span class="progress-figure">{shown}</span>' in html


def test_shares_fill_the_bar_in_order(render, elements):
    items = [{"label": "a", "value": 1, "tone": "success"}, {"label": "b", "value": 3}]

    rests = elements(render("{% share_bar items %}", items=items)).named("rect")[1:]

    assert [(r["x"], r["width"]) for r in rests] == [("0.000", "25.000"), ("25.000", "75.000")]


def test_shares_of_nothing_draw_an_empty_bar(render, elements):
    items = [{"label": "a", "value": 0}]

    assert (
        elements(render("{% share_bar items %}", items=items)).named("rect")[1]["width"] == "0.000"
    )


def test_checklist_points_to_the_first_open_step(render):
    steps = [{"label": n, "is_done": n == "b"} for n in "abc"]

    html = render("{% checklist steps title='Start' %}", steps=steps)

    assert html.count("is-next") == html.count("is-done") == 1
    assert "1 of 3 done" in html


def test_known_state_has_its_words_in_both_languages():
    assert "badge-success" in state_badge("published")
    assert "Published" in state_badge("published")
    with override("zh-hans"):
        assert state_badge("unheard of").count("unheard of") == 1


def test_moment_is_relative_with_the_exact_time_beside(render, elements):
    moment = datetime.now(UTC) - timedelta(hours=2)

    html = render("{% when moment %}", moment=moment)

    assert elements(html).named("time")[0]["datetime"].startswith(moment.strftime("%Y-%m-%dT%H:%M"))
    assert "hours ago" in html


def test_initials_of_latin_and_chinese_names(render):
    html = render("{% avatar 'Ada King Lovelace' %}{% avatar '王小明' %}{% avatar '' %}")

    assert [part.split(">")[-1] for part in html.split("</span>")[:3]] == ["AK", "王", "?"]


def test_breadcrumb_without_address_is_this_page(render, elements):
    html = render("{% breadcrumbs 'Products' '/p/' 'Mug' %}")

    assert [a["href"] for a in elements(html).named("a")] == ["/p/"]
    assert '<span aria-current="page">Mug</span>' in html
