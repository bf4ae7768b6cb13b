import pytest

from stores.html import is_plain, paragraphs, sanitise, to_text


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p onclick=x()>Oak</p>", "<p>Oak</p>"),
        ("Oak<script>x()</script><style>p{}</style>", "Oak"),
        ('<a href="javascript:x()">Oak</a>', "<a>Oak</a>"),
        ('<img src="data:text/html,x" onerror=x() alt="Oak">', '<img alt="Oak">'),
        ("<svg onload=x()><p>Oak</p>", "<p>Oak</p>"),
        ('<p style="position:fixed" class="dialog" id="content">Oak</p>', "<p>Oak</p>"),
        ("<iframe src=//x.example></iframe>Oak\x00", "Oak"),
        ("<table><tr><td colspan=2>Oak</td></tr></table>",)
        + ('<table><tbody><tr><td colspan="2">Oak</td></tr></tbody></table>',),
    ],
)
def test_only_text_with_its_structure_is_left(html, clean):
    assert sanitise(html) == clean
    assert sanitise(clean) == clean


def test_html_reads_as_plain_text():
    html = "<h2>Mug</h2><p>Oak &amp; clay,<br>glazed.</p><ul><li>0.3 l</li><li>dishwasher</li></ul>"
    assert to_text(html) == "Mug\n\nOak & clay,\nglazed.\n\n- 0.3 l\n- dishwasher"


def test_plain_text_becomes_paragraphs_with_everything_escaped():
    text = 'A <b>mug</b> & "bowl".\nGlazed.\n\n- one\n- two'
    html = (
        '<p>A &lt;b&gt;mug&lt;/b&gt; &amp; "bowl".<br>Glazed.</p><ul><li>one</li><li>two</li></ul>'
    )
    assert paragraphs(text) == html
    assert to_text(html) == text
    assert sanitise(html) == html


def test_markup_that_plain_text_cannot_carry_is_noticed():
    assert is_plain("<p>Oak</p><ul><li>one</li></ul>")
    assert not is_plain("<p>Oak <b>solid</b></p>")
