"""The columns of a table that waits for a person to say what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from stores.importers.base import UnreadableFile
from stores.importers.mapped import Guess, guess_mapping
from stores.importers.source import Source
from stores.importers.stored import unpack_options
from stores.models import CatalogueImport

N_SAMPLES = 3
SAMPLE_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Column:
    """name: as in the header. samples: some of its different values, cut. guess: what it probably is."""

    name: str
    samples: tuple[str, ...]
    guess: Guess


def columns_of(found: CatalogueImport) -> list[Column]:
    """The columns of the import's file by their first rows; [] where it is none and no list.

    Reads the file unless its columns are waited for, so it is called outside of a transaction.
    """
    if "sample" in found.columns:
        rows = [cells for _number, cells in found.columns["sample"]]
        return _columns(found.columns["header"], rows)
    try:
        with found.file.storage.open(str(found.file.name), "rb") as opened:
            source = Source(
                cast(BinaryIO, opened.file), found.file_name, unpack_options(found.options)
            )
            if source.kind == "html":
                return []
            table = source.table()
            rows = [cells for _number, cells in table.sample]
            return _columns(table.header, rows)
    except (UnreadableFile, FileNotFoundError):
        return []


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Column]:
    guesses = guess_mapping(header, rows)
    places = {name: header.index(name) for name in guesses}
    return [
        Column(name, _samples([row[i] for row in rows if i < len(row)]), guesses[name])
        for name, i in places.items()
    ]


def _samples(values: Sequence[str]) -> tuple[str, ...]:
    different = dict.fromkeys(" ".join(value[:1_000].split()) for value in values)
    filled = [value for value in different if value][:N_SAMPLES]
    return tuple(
        value if len(value) <= SAMPLE_CHARACTERS else f"{value[:SAMPLE_CHARACTERS]}…"
        for value in filled
    )
