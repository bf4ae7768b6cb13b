"""Catalogues that nobody would think of: in, out and in again without a change."""

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stores.models import Product
from stores.services.copy import add_draft, publish_copy
from tenants.actor import SYSTEM
from tests.stores.files import bring, changes, counts, export, preview, table

CLASSIC = {
    "handle": "Handle",
    "title": "Title",
    "body": "Body (HTML)",
    "published": "Published",
    "sku": "Variant SKU",
    "price": "Variant Price",
    "grams": "Variant Grams",
    "qty": "Variant Inventory Qty",
    "image": "Image Src",
    "position": "Image Position",
    "alt": "Image Alt Text",
    "variant_image": "Variant Image",
}
NEW = {
    "handle": "URL handle",
    "title": "Title",
    "body": "Description",
    "published": "Published on online store",
    "sku": "SKU",
    "price": "Price",
    "grams": "Weight value (grams)",
    "qty": "Inventory quantity",
    "image": "Product image URL",
    "position": "Image position",
    "alt": "Image alt text",
    "variant_image": "Variant image URL",
}
SAME = ["Vendor", "Type", "Tags", "Status", "SEO Title", "Option1 Name", "Option1 Value"]
SAME += ["Material (product.metafields.custom.material)", "Some app's column"]

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
names = words.filter(lambda text: text.strip().lstrip("'").strip(" =+-@＝＋－＠"))
formulas = st.sampled_from(
    ["=1+1", "'=1+1", "+49 30", "-20 °C", "@home", "－", "'", "''=x", "\t=x"]
)
texts = st.one_of(words, formulas)
prices = st.sampled_from(["", "0", "5", "12.50", "1.234,56 €", "€1,234.56", "1 234,56", "0.99"])
weights = st.sampled_from(["", "0", "0.0", "250", "1.5 kg", "12 oz"])
urls = st.integers(1, 9).map(lambda n: f"https://example.org/{n}.jpg")


@st.composite
def skus(draw):
    values = draw(st.lists(names.map(str.strip), max_size=4, unique=True))
    rows = [
        {
            "Option1 Value": value,
            "sku": draw(texts),
            "price": draw(prices),
            "grams": draw(weights),
            "qty": draw(st.sampled_from(["", "3", "-3"])),
            "variant_image": draw(st.one_of(st.just(""), urls)),
            "Some app's column": draw(texts),
        }
        for value in values or ["Default Title"]
    ]
    name = draw(names) if values else "Title"
    return name, rows


@st.composite
def products(draw, n):
    option, rows = draw(skus())
    images = draw(st.lists(urls, max_size=4))
    body = st.one_of(words, st.sampled_from(["<p>A &amp; B</p>", "<script>x</script>", "-", "=1"]))
    first = {
        "title": draw(names),
        "body": draw(body),
        "published": draw(st.sampled_from(["", "true", "FALSE"])),
        "Status": draw(st.sampled_from(["", "active", "Draft", "archived", "unlisted"])),
        "Vendor": draw(texts),
        "Type": draw(texts),
        "Tags": draw(st.lists(texts, max_size=3).map(", ".join)),
        "SEO Title": draw(texts),
        "Option1 Name": option,
        "Material (product.metafields.custom.material)": draw(
            st.one_of(texts, st.sampled_from(["12 kg", "TRUE", "a; b", '["a"]', "{", "1.50"]))
        ),
    }
    lines = [dict(row) for row in rows] + [{} for _ in range(len(images) - len(rows))]
    for line, url in zip(lines, images, strict=False):
        line |= {
            "image": url,
            "alt": draw(texts),
            "position": draw(st.sampled_from(["", "1", "7"])),
        }
    lines[0] = first | lines[0]
    return [line | {"handle": f"product-{n}"} for line in lines]


@st.composite
def files(draw):
    layout = draw(st.sampled_from([CLASSIC, NEW]))
    lines = [line for n in range(draw(st.integers(1, 3))) for line in draw(products(n))]
    optional = [*layout, *SAME]
    dropped = draw(st.sets(st.sampled_from(["published", "Status", "SEO Title", "grams", "Tags"])))
    keys = [key for key in optional if key not in dropped]
    header = [layout.get(key, key) for key in keys]
    return [header, *([line.get(key, "") for key in keys] for line in lines)]


quickly = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@quickly
@given(file=files())
def test_a_generated_catalogue_comes_back_unchanged(in_scope, file):
    with transaction.atomic():
        found = bring(file)
        assert found.n_invalid == 0, [item.problems for item in found.items.all()]
        exported = export()
        again = preview(exported)
        assert changes(again) == []
        assert counts(again) == (0, 0, found.n_new, 0)
        assert export() == exported
        transaction.set_rollback(True)


@quickly
@given(file=files(), text=st.sampled_from(["<p>New</p>", "- A", "<p>“=1” &amp; ©</p>"]))
def test_only_the_published_description_differs_after_publishing(in_scope, file, text):
    with transaction.atomic():
        bring(file)
        before = table(export())
        for product in Product.objects.all():
            draft = add_draft(
                product=product,
                field="description",
                locale="en",
                text=text,
                source="ai",
                actor=SYSTEM,
            )
            publish_copy(version=draft, actor=SYSTEM)
        after = table(export())
        assert [_without_body(row) for row in after] == [_without_body(row) for row in before]
        assert changes(preview(export())) == []
        transaction.set_rollback(True)


def _without_body(row):
    return {name: cell for name, cell in row.items() if name not in ("Body (HTML)", "Description")}
