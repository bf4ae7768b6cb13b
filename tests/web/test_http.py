import pytest

from web.http import next_url, safe_link


@pytest.mark.parametrize(
    "url",
    [
        "/m/mer_1/",
        "?page=2",
        "#top",
        "https://shop.example/a?b=c",
        "mailto:a@b.example",
        "tel:+1",
        "",
    ],
)
def test_ordinary_links_pass(url):
    assert safe_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "http://[",
    ],
)
def test_links_that_run_or_read_are_cut(url):
    assert safe_link(url) == "#"


@pytest.mark.parametrize("url", ["/m/mer_1/", "/", "/a?b=//c"])
def test_local_next_is_followed(request_to, url):
    assert next_url(request_to(f"/?next={url}"), "/home/") == url


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_foreign_next_is_ignored(request_to, url):
    assert next_url(request_to("/", method="get"), "/home/") == "/home/"
    assert next_url(request_to(f"/?next={url}"), "/home/") == "/home/"
