"""`make bench`: which benchmarks there are, and that the file of the imports is what it says."""

import csv

import pytest

from benchmarks.contenders import shopify_file
from benchmarks.contenders.shopify_file import HEADER, rows, write_file
from embedded.bench import main, names
from tests.stores.files import parse

N_ROWS = 3_000


def test_benchmarks_are_known_by_name(capsys):
    assert {"imports", "engine_batching"} <= names()
    assert "facts" not in names()
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "invalid choice: 'nothing'" in capsys.readouterr().err


def test_the_file_is_the_same_every_time(tmp_path):
    n_invalid = [write_file(tmp_path / name, N_ROWS) for name in ("one", "two")]
    assert n_invalid[0] == n_invalid[1]
    assert 0.02 * N_ROWS < n_invalid[0] < 0.04 * N_ROWS
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_it_has_25_columns_and_600_characters_of_description():
    found = [cells for cells, _ in rows(N_ROWS)]
    assert {len(cells) for cells in found} == {len(HEADER)} == {25}
    descriptions = {len(cells[2]) for cells in found[:: shopify_file.ROWS_PER_PRODUCT]}
    assert descriptions == {shopify_file.DESCRIPTION_CHARACTERS} == {600}


def test_its_invalid_rows_are_found_and_no_others(tmp_path):
    path = tmp_path / "file.csv"
    write_file(path, N_ROWS)
    _, products = parse(path)
    spoiled = {n + 2 for n, (_, is_invalid) in enumerate(rows(N_ROWS)) if is_invalid}
    assert {problem.row for one in products for problem in one.problems} == spoiled
    with path.open(newline="") as file:
        assert len(list(csv.reader(file))) == N_ROWS + 1
