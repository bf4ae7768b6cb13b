"""The HTML of shop texts: what may stay in it, how it reads as plain text, and back."""

import re
from html import escape
from html.parser import HTMLParser

import nh3

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BOXES = frozenset({"blockquote", "caption", "div", "figcaption", "figure", "hr", "p", "table"})
_LISTS = frozenset({"dl", "ol", "ul"})
_PARTS = frozenset({"dd", "dt", "li", "tbody", "td", "tfoot", "th", "thead", "tr"})
_SPANS = frozenset({"a", "br", "code", "img", "span"})
_MARKS = frozenset({"b", "del", "em", "i", "ins", "s", "small", "strong", "sub", "sup", "u"})
_BLOCKS = _HEADINGS | _BOXES | _LISTS
TAGS = _BLOCKS | _PARTS | _SPANS | _MARKS
ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "rel"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

# Made once: the lists cost more than cleaning a usual text.
_CLEANER = nh3.Cleaner(
    tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel=None
)
_BREAKS = {"br": "\n", "tr": "\n", "dt": "\n", "dd": "\n", "td": " ", "th": " ", "li": "\n- "}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BULLET = re.compile(r"[-*•]\s+")


def sanitise(html: str) -> str:
    """The HTML without anything that could run, track or change a page around it."""
    return _CLEANER.clean(_CONTROL.sub("", html)).strip()


def to_text(html: str) -> str:
    """The HTML as plain text: an empty line between paragraphs, list items on lines with a dash."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def paragraphs(text: str) -> str:
    """Plain text as HTML with everything escaped: paragraphs, line breaks and dashed lists."""
    blocks = re.split(r"\n\s*\n", _CONTROL.sub("", text).replace("\r\n", "\n").strip())
    return "".join(_block(block.strip().split("\n")) for block in blocks if block.strip())


def is_plain(html: str) -> bool:
    """Whether the text can be edited as plain text without losing any of its markup."""
    return paragraphs(to_text(html)) == html


def _block(lines: list[str]) -> str:
    if all(_BULLET.match(line.strip()) for line in lines):
        items = (escape(_BULLET.sub("", line.strip(), count=1), quote=False) for line in lines)
        return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    return f"<p>{'<br>'.join(escape(line.strip(), quote=False) for line in lines)}</p>"


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append("\n\n" if tag in _BLOCKS else _BREAKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(re.sub(r"\s+", " ", data))
