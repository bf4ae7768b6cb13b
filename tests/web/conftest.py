from html.parser import HTMLParser

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.template import Context, Template
from django.test import RequestFactory


@pytest.fixture
def request_to():
    """A function: a request to an address, with room for messages; extra are its headers."""

    def build(path="/", method="get", **headers):
        request = getattr(RequestFactory(), method)(path, headers=headers)
        request._messages = CookieStorage(request)
        return request

    return build


@pytest.fixture
def render(request_to):
    """A function: the source of a template that may use every component, rendered."""

    def run(source, path="/", **context):
        values = {"request": request_to(path), **context}
        return Template("{% load copydesk i18n %}" + source).render(Context(values))

    return run


class Elements(HTMLParser):
    """Every start tag with its attributes, as a browser would read them."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def elements():
    return Elements
