import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import path
from django.views.i18n import set_language

from web.styleguide import icon_names
from web.views import styleguide

urlpatterns = [
    path("styleguide/", styleguide),
    path("language/", set_language, name="set_language"),
]
TEMPLATES = Path(settings.ROOT) / "templates"
ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html"]


@pytest.fixture
def guide(client, settings):
    settings.ROOT_URLCONF = __name__
    return lambda path="/styleguide/", **headers: client.get(path, headers=headers)


@pytest.mark.django_db
def test_style_guide_obeys_the_content_security_policy(guide, elements):
    page = elements(guide().content.decode())

    inline = [s for s in page.named("script") if "src" not in s]
    assert (inline, page.named("style")) == ([], [])
    names = {name for _, attributes in page.found for name in attributes}
    assert not [n for n in names if n.startswith(("on", "hx-on")) or n == "style"]


@pytest.mark.django_db
def test_style_guide_has_every_id_once(guide, elements):
    ids = [a["id"] for _, a in elements(guide().content.decode()).found if a.get("id")]

    assert sorted(ids) == sorted(set(ids))


@pytest.mark.django_db
def test_style_guide_serves_its_table_as_a_fragment(guide):
    html = guide("/styleguide/?sort=price", **{"HX-Request": "true"}).content.decode()

    assert html.strip().startswith('<div id="guide-table">')
    assert "<html" not in html


@pytest.mark.django_db
def test_page_works_without_navigation_and_merchant(rf):
    html = render_to_string("layouts/app.html", {}, request=None)

    assert '<main class="page ' in html
    assert 'class="switcher' not in html


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_renders_without_a_request(name):
    html = render_to_string(name)

    assert name[:3] in html
    assert "<h1" in html


def test_server_error_needs_neither_context_nor_tags():
    source = (TEMPLATES / "500.html").read_text(encoding="utf-8")

    assert "{%" not in source
    assert "{{" not in source


@pytest.mark.parametrize("file", sorted((Path(settings.ROOT) / "static").rglob("*.svg")), ids=str)
def test_drawings_carry_no_script(file):
    assert not re.search(r"<script|\son\w+=|javascript:", file.read_text(encoding="utf-8"))


def test_every_icon_that_templates_name_exists():
    sources = [p.read_text(encoding="utf-8") for p in TEMPLATES.rglob("*.html")]
    named = {
        n for s in sources for n in re.findall(r"""(?:\bicon|icon_after)[= ]["']([\w-]+)["']""", s)
    }

    assert sorted(named - set(icon_names())) == []


def test_templates_have_no_inline_script_style_or_handlers():
    pattern = re.compile(
        r"<style|\sstyle=|\son\w+=|hx-on|javascript:|<script(?![^>]*(?:src=|type=\"application/json\"))"
    )
    own = [p for p in TEMPLATES.rglob("*.html") if p.name != "500.html"]

    assert [p.name for p in own if pattern.search(p.read_text(encoding="utf-8"))] == []
