"""Tables of a page: which hold data and which only lay out the page, and the rows of those that hold data. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html  # type: ignore[import-untyped]  # comes without types

from ingest.html.tree import HEADINGS, folded, text_lines

_LONG_CELL = 120  # words: what is longer is text that a table lays out
_MOST_SPAN = 50


def is_data_table(table: html.HtmlElement) -> bool:
    """Whether a table's cells are to be read as rows; otherwise each cell is read as text of its own."""
    if (table.get("role") or "").lower() in {"presentation", "none"} or table.find(".//table") is not None:
        return False
    if any(next(table.iter(tag), None) is not None for tag in HEADINGS):
        return False
    rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in _rows(table)]
    if len(rows) < 2 or max(map(len, rows), default=0) < 2:
        return False
    return all(len("".join(cell.itertext()).split()) <= _LONG_CELL for row in rows for cell in row)


def table_rows(table: html.HtmlElement) -> list[list[str]]:
    """The cells' text, row by row; a cell that spans rows is said in each, the columns that one spans stay empty."""
    rows: list[list[str]] = []
    spanning: dict[int, tuple[int, str]] = {}
    for row in _rows(table):
        cells: list[str] = []
        for cell in row:
            if cell.tag not in {"td", "th"}:
                continue
            _fill(cells, spanning)
            text = " ".join(line.text for line in text_lines(cell))
            if _span(cell, "rowspan") > 1:
                spanning[len(cells)] = (_span(cell, "rowspan") - 1, text)
            cells += [text, *[""] * (_span(cell, "colspan") - 1)]
        _fill(cells, spanning)
        rows.append([folded(cell) for cell in cells])
    return rows


def _rows(table: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The rows in the order in which they are shown: the head first, the foot last, wherever they stand in the file."""
    sections = {"thead": [], "tfoot": [], "": []}  # type: dict[str, list[html.HtmlElement]]
    for row in table.iter("tr"):
        section = row.getparent().tag
        sections[section if section in sections else ""].append(row)
    yield from sections["thead"] + sections[""] + sections["tfoot"]


def _fill(cells: list[str], spanning: dict[int, tuple[int, str]]) -> None:
    """Put in what cells of the rows above say of the columns that come next."""
    while (column := len(cells)) in spanning:
        left, text = spanning.pop(column)
        if left > 1:
            spanning[column] = (left - 1, text)
        cells.append(text)


def _span(cell: html.HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(int(value), _MOST_SPAN) if value.isascii() and value.isdecimal() and int(value) else 1


def place_table(table: html.HtmlElement, target: html.HtmlElement) -> None:
    """Append an office file's table; one of a single cell is a box around text, as word processors draw it."""
    cells = [cell for cell in table.iter("td") if cell.getparent().getparent() is table]
    if len(cells) == 1:
        cells[0].tag = "aside"
        target.append(cells[0])
    else:
        target.append(table)
