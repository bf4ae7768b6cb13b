"""The demo's files are what a shop would upload, and its drafts say nothing without a source."""

import csv
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "platform" / "dashboard" / "demo"
HOST = "https://demo.copydesk.invalid/images/"
FILES = {
    "hearthside": ("Handle", "Body (HTML)", "Variant SKU", "Variant Barcode", "Image Src"),
    "qinghe": ("URL handle", "Description", "SKU", "Barcode", "Product image URL"),
}
FORBIDDEN_IN_CHINESE_ADVERTISING = ("最", "第一", "国家级", "顶级", "极致", "唯一", "首选")


def rows_of(shop):
    with (DEMO / f"{shop}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def described(shop):
    handle, body = FILES[shop][:2]
    return {row[handle]: bool(row[body]) for row in rows_of(shop) if row["Title"]}


@pytest.mark.parametrize("shop", FILES)
def test_every_row_has_a_value_or_nothing_for_every_column(shop):
    assert [row for row in rows_of(shop) if None in row or None in row.values()] == []


@pytest.mark.parametrize(
    ("shop", "n_products", "n_without"), [("hearthside", 38, 13), ("qinghe", 35, 13)]
)
def test_a_third_of_the_products_wait_for_a_description(shop, n_products, n_without):
    texts = described(shop)
    assert (len(texts), list(texts.values()).count(False)) == (n_products, n_without)


@pytest.mark.parametrize("shop", FILES)
def test_skus_are_unique(shop):
    codes = [row[FILES[shop][2]] for row in rows_of(shop) if row[FILES[shop][2]]]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("shop", FILES)
def test_barcodes_are_valid_and_from_the_range_for_use_inside_a_shop(shop):
    codes = [row[FILES[shop][3]] for row in rows_of(shop) if row[FILES[shop][3]]]
    weighted = [sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(code)) % 10 for code in codes]
    assert weighted == [0] * len(codes)
    assert {(len(code), code[0]) for code in codes} == {(13, "2")}


@pytest.mark.parametrize("shop", FILES)
def test_every_image_has_its_drawing(shop):
    urls = [row[FILES[shop][4]] for row in rows_of(shop) if row[FILES[shop][4]]]
    assert [url for url in urls if not url.startswith(HOST)] == []
    drawings = {path.name for path in (ROOT / "static" / "demo").glob("*.svg")}
    assert {url.removeprefix(HOST) for url in urls} - drawings == set()


def test_chinese_texts_keep_to_the_advertising_law():
    text = (DEMO / "qinghe.csv").read_text("utf-8")
    assert [word for word in FORBIDDEN_IN_CHINESE_ADVERTISING if word in text] == []


def test_drafts_are_samples_of_products_that_exist():
    drafts = json.loads((DEMO / "drafts.json").read_text("utf-8"))
    assert all(draft["sample"] for draft in drafts)
    waiting = [d for d in drafts if not described(d["merchant"])[d["handle"]]]
    assert (len(waiting), len(drafts)) == (10, 12)
    flawed = [text["note"] for d in waiting for text in d["texts"] if text["note"]]
    assert len(flawed) == 2
