"""Cells of some rows that belong together, read with a list of what is wrong with them."""

from typing import Any

from stores.formulas import undo
from stores.importers.base import Problem
from stores.importers.csv_rows import Row
from stores.importers.limits import MAX_CHARACTERS
from stores.importers.shopify_sheet import Sheet

MAX_PROBLEMS = 50
VALUE_SHOWN = 60
SHIFTED = frozenset(["row_too_short", "row_too_long"])


class RowReader:
    """rows: number and cells, cleaned, padded to the header. Problems are collected, not raised."""

    def __init__(self, sheet: Sheet, rows: list[Row]) -> None:
        self.sheet = sheet
        self.problems: list[Problem] = []
        self.rows = [(number, self._clean(number, cells)) for number, cells in rows]
        self.is_usual = self._is_usual()

    def problem(self, row: int, column: str, code: str, **params: Any) -> None:
        """Note a problem; a hopeless product does not get an endless list."""
        if len(self.problems) < MAX_PROBLEMS:
            header = self.sheet.layout.columns
            shown = header[self.sheet.index[column]] if column in self.sheet.index else column
            self.problems.append(Problem(row, shown, code, params))

    def telling_problems(self) -> tuple[Problem, ...]:
        """The problems by row. Where cells have shifted, everything else follows from that."""
        shifted = [problem for problem in self.problems if problem.code in SHIFTED]
        return tuple(sorted(shifted or self.problems, key=lambda problem: problem.row))

    def cell(self, cells: list[str], column: str) -> str:
        """A cell of a row by the column's classic name, without space around it."""
        i = self.sheet.index.get(column)
        return "" if i is None else cells[i]

    def first(self, column: str) -> tuple[int, str]:
        """The one value of a column that speaks of the whole product, with its row.

        Later rows leave it empty or say the same; another value is a problem.
        """
        i = self.sheet.index.get(column)
        found = (self.rows[0][0], "")
        if i is None:
            return found
        if self.is_usual:
            return found[0], self.rows[0][1][i]
        for number, cells in self.rows:
            text = cells[i]
            if text and not found[1]:
                found = (number, text)
            elif text and text != found[1]:
                value, first = text[:VALUE_SHOWN], found[1][:VALUE_SHOWN]
                self.problem(
                    number, column, "values_differ", value=value, first=first, first_row=found[0]
                )
        return found

    def limited(self, row: int, column: str, text: str, limit: str) -> str:
        """The text, cut and reported if it is longer than the field of that name holds."""
        longest = MAX_CHARACTERS[limit]
        if len(text) <= longest:
            return text
        self.problem(row, column, "too_long", length=len(text), limit=longest)
        return text[:longest]

    def _is_usual(self) -> bool:
        """Whether the first row says all about the product, the others nothing or the same."""
        if len(self.rows) == 1:
            return True
        of_product = self.sheet.of_product
        lead = of_product(self.rows[0][1])
        blank = self.sheet.blank_but_handle(lead)
        return all(
            (cells := of_product(row)) == blank
            or all(not cell or cell == first for cell, first in zip(cells, lead, strict=True))
            for _, row in self.rows[1:]
        )

    def _clean(self, number: int, cells: list[str]) -> list[str]:
        """The cells as they are read from now on: padded, without NUL and space around them."""
        n_columns = len(self.sheet.layout.columns)
        if len(cells) != n_columns:
            cells = self._fitted(number, cells, n_columns)
        joined = "".join(cells)
        if "\0" in joined:
            cells = self._without_nul(number, cells)
        if "'" not in joined:
            return [cell.strip() for cell in cells]
        body = self.sheet.index.get("Body (HTML)")
        return [c.strip() if i == body else undo(c.strip()).strip() for i, c in enumerate(cells)]

    def _fitted(self, number: int, cells: list[str], n_columns: int) -> list[str]:
        width = self.sheet.width
        if len(cells) < width or any(cells[n_columns:]):
            code = "row_too_short" if len(cells) < width else "row_too_long"
            self.problem(number, "", code, found=len(cells), expected=n_columns)
            cells = cells[:n_columns] + [""] * (width - len(cells))
        return cells

    def _without_nul(self, number: int, cells: list[str]) -> list[str]:
        for header, cell in zip(self.sheet.layout.columns, cells, strict=False):
            if "\0" in cell:
                self.problem(number, header, "nul_character")
        return [cell.replace("\0", "") for cell in cells]
