"""What every format of catalogue file gives, and the contract of an importer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from django.utils.functional import Promise

from stores.importers.column_names import storable

if TYPE_CHECKING:
    from stores.importers.source import Source

MAX_CELL_CHARACTERS = 500_000
MAX_COLUMNS = 1_000
OnConflict = Literal["keep", "take"]
DecimalMark = Literal["", ".", ","]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a person says about a file that the file itself does not.

    locale: language of the texts. currency: of prices without a sign. is_human_written: people
    wrote these descriptions. on_conflict: where a description was changed both here and in the
    file, keep ours or take the file's. apply_at_once: write without waiting for a person.

    What follows is recognised from the file where it is empty. format: an importer's name.
    decimal_mark: of numbers that could be read in two ways. sheet: of a workbook. header_row: as a
    spreadsheet counts. mapping: of columns to fields of `importers.mapped`, for files of no format
    that we know.
    """

    locale: str
    currency: str
    is_human_written: bool = False
    on_conflict: OnConflict = "keep"
    apply_at_once: bool = False
    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    decimal_mark: DecimalMark = ""
    sheet: str = ""
    header_row: int = 0
    mapping: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read: shown in the preview, and what a person may overrule in ImportOptions.

    encoding: name and "" where it has none, as in a workbook. is_certain: False where the encoding
    was guessed. quote: "" if quotation marks are letters like others. escape: what stands before a
    quotation mark inside of a cell, "" if it is written twice. is_padded: spaces stand between
    delimiters and quotes. line_end: CRLF, LF, CR or mixed. sheets: of a workbook. decimal_mark: the
    one that its numbers use, "" if none tells.
    """

    kind: str = "csv"
    encoding: str = ""
    is_certain: bool = True
    delimiter: str = ""
    quote: str = ""
    line_end: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_row: int = 1
    decimal_mark: DecimalMark = ""
    escape: str = ""
    is_padded: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person has to correct; `importers.problems` has the words for its code.

    row: as a spreadsheet counts, the header is row 1. column: its header, or "" for the whole row.
    """

    row: int
    column: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As it is kept in ImportItem.problems, without what no database keeps."""
        params = {
            name: storable(value) if isinstance(value, str) else value
            for name, value in self.params.items()
        }
        return {
            "row": self.row,
            "column": storable(self.column),
            "code": self.code,
            "params": params,
        }


class UnreadableFile(Exception):
    """The file as a whole cannot be read. code and params as in Problem, row 0 where none is known."""

    def __init__(self, code: str, *, row: int = 0, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.params = params


@dataclass(frozen=True, slots=True)
class ParsedImage:
    url: str
    alt_text: str
    position: int


@dataclass(frozen=True, slots=True)
class ParsedSku:
    """One sellable unit. `cells`, `spellings`: as in ParsedProduct.

    left_out: fields of the layout's that this one does not speak of though others do; they stay.
    """

    options: tuple[str, ...]
    code: str = ""
    barcode: str = ""
    price_minor: int | None = None
    compare_at_price_minor: int | None = None
    weight_grams: str | None = None
    image_url: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedProduct:
    """One product of a file, whole.

    attributes: as in Product.attributes. description: HTML as the file has it, not yet sanitised.
    cells: what the file says that we do not model and must come back on export, by column.
    image_cells: the same for rows that carry an image only, by the image's address. spellings: how
    the file writes what we model, where an export of ours would write it in another way. rows:
    which SKU and which image stood together in a row, where that is not simply the first with the
    first and so on.
    problems: if there are any, the product is shown but never written. warnings: what a person
    should look at although it will be written. raw: what `reread` takes once a person has corrected it, of
    a product with problems at least; for a table the rows as [number, cells], else a text.
    fields: the only ones of the layout's that this product speaks of; None for all of them.
    is_ai_written: the file says that a model has written the description. is_plain: the file cannot
    say how the description is marked up; one that reads the same is the same. lacks_skus: it is one
    of several SKUs, but the file has none of them; a product that is here keeps its own.
    """

    handle: str
    first_row: int
    title: str = ""
    vendor: str = ""
    product_type: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    status: str = "active"
    description: str = ""
    attributes: tuple[dict[str, Any], ...] = ()
    option_names: tuple[str, ...] = ()
    skus: tuple[ParsedSku, ...] = ()
    images: tuple[ParsedImage, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)
    image_cells: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: tuple[tuple[int | None, int | None], ...] = ()
    n_rows: int = 1
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    raw: list[tuple[int, list[str]]] | str | None = None
    fields: frozenset[str] | None = None
    is_ai_written: bool = False
    is_plain: bool = False
    lacks_skus: bool = False


def with_sku_images(
    images: tuple[ParsedImage, ...], urls: Iterable[str]
) -> tuple[ParsedImage, ...]:
    """Images of SKUs are images of the product too; those that it does not list come last."""
    last = max((image.position for image in images), default=0)
    known = {image.url for image in images}
    more = [url for url in dict.fromkeys(urls) if url and url not in known]
    return (*images, *(ParsedImage(url, "", last + n) for n, url in enumerate(more, start=1)))


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file is able to say; comes before its products.

    columns: the header as it stands in the file. fields: names of those fields of ParsedProduct,
    and with the prefix `sku.` of ParsedSku, that the file has a column for. A field that is missing
    here is left as it is when a known product is imported; one that is here but empty is emptied.
    cell_names: the same for `cells`, the names of the columns that we do not model.
    description_column: where the description stands.
    """

    columns: tuple[str, ...]
    fields: frozenset[str]
    cell_names: frozenset[str] = frozenset()
    description_column: str = ""

    def narrowed(self, product: ParsedProduct) -> "Layout":
        """What the file is able to say of this one product."""
        if product.fields is None:
            return self
        return replace(self, fields=self.fields & product.fields)


class Importer(Protocol):
    """A format of catalogue file. A module of this folder with an `IMPORTER` is one.

    `recognises` answers from 0 (cannot be) to 1 (surely is), never raises and reads the beginning
    only: `source.kind`, `source.head`, header and sample of `source.table()`.

    `read` gives one Layout, then the products in the order of the file, as a stream: it holds one
    product in memory, not the file. Where a handle comes again further down, the product comes
    again too, and the service reports both. What is wrong with a product is in its `problems`;
    what is wrong with the file raises UnreadableFile, at any moment. Texts have no NUL characters
    and fit the columns of the models unless a problem says otherwise.

    `reread` reads one product again, from what a person has made of its `raw`.
    """

    name: str
    label: str | Promise
    extensions: tuple[str, ...]

    def recognises(self, source: "Source") -> float: ...

    def read(
        self, source: "Source", options: ImportOptions
    ) -> Iterator[Layout | ParsedProduct]: ...

    def reread(
        self, layout: Layout, raw: Any, options: ImportOptions, file_name: str
    ) -> ParsedProduct: ...
