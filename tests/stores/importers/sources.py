"""Files as importers see them, for the tests."""

from io import BytesIO

from stores.importers.source import Source
from tests.stores.files import OPTIONS, content


def source(file, name="file", options=OPTIONS):
    """A source of a text, bytes, rows or a path."""
    return Source(BytesIO(content(file)), name, options)
