"""Generated catalogues, each within what a format can say, as JSON Lines that bring them in.

What a format cannot carry, and so is not in its catalogues:
- woocommerce_csv: alternative texts, the status archived (it comes back as draft), values of a list
  that is no attribute, SKUs of a product without options that have a picture of their own.
- woocommerce_csv, google: a price before that is not above the price: it would be called a sale.
- csv: names of attributes that programs gave (some_name) or that start a formula, alternative
  texts but the first, a picture of the only SKU.
- google: a SKU without a picture beside SKUs with one, pictures of the whole product that do not
  follow the first SKU's; no alternative texts, no tags, titles above 150 and
  descriptions above 5,000 characters, handles and SKUs above 50, products that are not active, that
  lack price or picture, SKUs without a code, options other than its own (colour, size,
  ...) in its order.
- all tables and XML: control characters; an apostrophe before a character that starts a formula.
"""

import json

from hypothesis import strategies as st

from stores.importers.attribute_values import parse_value, write_value

LETTERS = st.characters(
    exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff;|\\'"
)
words = st.text(LETTERS, max_size=25).map(lambda text: " ".join(text.split()))
names = words.filter(lambda text: text.strip(" =+-@＝＋－＠,，、"))
formulas = st.sampled_from(["=1+1", "+49 30", "-20 °C", "@home", "－x", '"quoted"', "a, b", "<b>"])
texts = st.one_of(words, formulas)
labels = st.lists(names, min_size=1, max_size=3, unique_by=str.casefold)
paragraphs = st.one_of(names, st.sampled_from(["A &amp; B", "<strong>Good</strong> oak", "=1+1"]))
html = st.lists(paragraphs, max_size=3).map(
    lambda found: "".join(f"<p>{_escaped(text)}</p>" for text in found)
)
prices = st.integers(0, 10**7)
grams = st.integers(1, 10**8).map(lambda n: f"{n / 1000:.3f}".rstrip("0").rstrip("."))
urls = st.integers(1, 99).map(lambda n: f"https://example.org/{n}.jpg")
PLAIN_NAMES = st.sampled_from(["Care advice", "Fits in", "材质", "Größe", "À la carte", "H & M"])
OWN_OPTIONS = ("Color", "Size", "Material", "Pattern")


def _escaped(text):
    if text.startswith(("A &amp;", "<strong>")):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def values():
    """Typed values that a cell can say: those that come back from it."""
    scalars = st.one_of(
        names.map(lambda text: (text, None)),
        st.booleans().map(lambda flag: (flag, None)),
        st.tuples(st.integers(0, 10**6), st.sampled_from([None, "mm", "kg", "%"])),
        st.lists(names, min_size=2, max_size=3).map(lambda found: (found, None)),
    )
    return scalars.filter(_comes_back)


def _comes_back(pair):
    value, unit = pair
    return parse_value(write_value(value, unit))[::2] == (value, unit)


@st.composite
def attributes(draw, taken, format):
    called = PLAIN_NAMES if format == "csv" else names
    found = draw(st.dictionaries(called, values(), max_size=3))
    used = {name.casefold() for name in taken}
    return [
        {"name": name, "value": value, "unit": unit}
        for name, (value, unit) in found.items()
        if name.casefold() not in used
    ]


@st.composite
def skus(draw, n, format):
    own_only = format.startswith("google")
    with_sales_only = own_only or format == "woocommerce_csv"
    own = st.lists(st.sampled_from(OWN_OPTIONS), max_size=2, unique=True)
    option_names = draw(
        own.map(lambda found: sorted(found, key=OWN_OPTIONS.index)) if own_only else labels
    )
    values = st.lists(
        st.tuples(*(names for _ in option_names)), min_size=2, max_size=3, unique=True
    )
    options = draw(values) if option_names and draw(st.booleans()) else [()]
    if own_only and options != [()]:
        # Only what differs from item to item tells them apart.
        options = [tuple(f"{value} {k}" for value in own) for k, own in enumerate(options)]
    found = []
    for k, own in enumerate(options):
        price = draw(prices if own_only else st.one_of(st.none(), prices))
        least = price + 1 if price is not None and with_sales_only else 0
        earlier = st.integers(least, 10**7 + 1)
        before = draw(st.one_of(st.none(), earlier)) if price is not None else None
        code = f"C-{n}-{k}" if own_only or draw(st.booleans()) else ""
        found.append(
            {
                "options": list(own),
                "code": code,
                "barcode": draw(st.sampled_from(["", "4006381333931"])),
                "price_minor": price,
                "compare_at_price_minor": before,
                "weight_grams": draw(st.one_of(st.none(), grams)),
            }
        )
    return option_names if options != [()] else [], found


@st.composite
def pictures(draw, found, format):
    """Images of the product; those of its SKUs are put into `found`."""
    shared = draw(st.lists(urls, min_size=1, max_size=3, unique=True))
    if format.startswith("google"):
        own = [f"https://example.org/own-{k}.jpg" for k, _ in enumerate(found)]
        if len(found) == 1:
            return shared
        for sku, url in zip(found, own, strict=True):
            sku["image_url"] = url
        return [own[0], *shared, *own[1:]]
    for sku in found if len(found) > 1 or format in ("jsonl", "shopify_csv") else ():
        sku["image_url"] = draw(st.sampled_from(["", *shared]))
    return shared


@st.composite
def products(draw, n, format):
    option_names, found = draw(skus(n, format))
    images = draw(pictures(found, format))
    is_google = format.startswith("google")
    statuses = {"woocommerce_csv": ["active", "draft"]}.get(format, ["active", "draft", "archived"])
    with_texts = format in ("jsonl", "shopify_csv")
    alt_texts = [draw(texts) if with_texts else "" for _ in images]
    if format == "csv":
        alt_texts[0] = draw(texts)
    return {
        "handle": f"product-{n}",
        "title": draw(names),
        "description": draw(html),
        "vendor": draw(texts),
        "product_type": "" if format == "woocommerce_csv" else draw(texts),
        "category": draw(names),
        "tags": [] if is_google else draw(st.lists(_tags, max_size=3, unique=True)),
        "status": "active" if is_google else draw(st.sampled_from(statuses)),
        "attributes": draw(attributes(option_names, format)),
        "option_names": option_names,
        "images": [
            {"url": url, "alt_text": alt} for url, alt in zip(images, alt_texts, strict=True)
        ],
        "skus": found,
    }


_tags = names.filter(lambda text: not any(mark in text for mark in ",，、"))


@st.composite
def catalogues(draw, format):
    """A file of JSON Lines with one to three products."""
    lines = [draw(products(n, format)) for n in range(draw(st.integers(1, 3)))]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
