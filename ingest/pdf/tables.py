"""Rows of lines whose starts stand under each other -> tables; a cell holds the lines that wrap in it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.pdf.lines import Line, rows_of

Row = tuple[Line, ...]

_MIN_ROWS = 3
_CELL_WORDS = 6.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, a cell being the lines that stand in one column of the row, top to bottom."""

    rows: tuple[tuple[tuple[Line, ...], ...], ...]


def tables_of(lines: Sequence[Line]) -> list[Table]:
    """Runs of rows whose cells stand under each other: three rows and two columns at least, cells of a few words."""
    found: list[Table] = []
    run: list[Row] = []
    for row in [*rows_of(lines), ()]:
        if row and (len(row) > 1 or (run and _continues_cell(run, row[0]))) and (not run or _is_near(run[-1], row)):
            run.append(row)
            continue
        table = _table(run)
        if table:
            found.append(table)
        run = [row] if len(row) > 1 else []
    return found


def _is_near(above: Row, row: Row) -> bool:
    gap = min(line.box.top for line in row) - max(line.box.bottom for line in above)
    return gap < 2.5 * median(line.size for line in row)


def _continues_cell(run: Sequence[Row], line: Line) -> bool:
    """Whether a line alone goes on with a cell of the rows above: it starts where one of their cells starts."""
    return any(abs(cell.box.left - line.box.left) < line.size for row in run[-2:] for cell in row)


def _table(run: Sequence[Row]) -> Table | None:
    full = [row for row in run if len(row) > 1]
    if len(full) < _MIN_ROWS:
        return None
    starts = _column_starts(full)
    cells = [line for row in full for line in row]
    words = sum(len(line.words) for line in cells) / len(cells)
    aligned = sum(any(abs(line.box.left - start) < line.size for start in starts) for line in cells)
    if len(starts) < 2 or aligned < 0.8 * len(cells) or words > (_CELL_WORDS if len(starts) > 2 else _CELL_WORDS / 2):
        return None
    return Table(rows=tuple(_cells(run, starts)))


def _column_starts(rows: Sequence[Row]) -> list[float]:
    """Left edges that half of the rows share."""
    lefts = sorted(line.box.left for row in rows for line in row)
    clusters: list[list[float]] = []
    for left in lefts:
        if clusters and left - clusters[-1][-1] < 4:
            clusters[-1].append(left)
        else:
            clusters.append([left])
    return [cluster[0] for cluster in clusters if len(cluster) >= len(rows) / 2]


def _cells(run: Sequence[Row], starts: Sequence[float]) -> Iterable[tuple[tuple[Line, ...], ...]]:
    """The rows' cells by column; a row without a cell in the first column goes on with the row above."""
    current: list[list[Line]] = []
    for row in run:
        opens = any(_column(line, starts) == 0 for line in row) or not current
        if opens and current and len(row) > 1:
            yield tuple(map(tuple, current))
        if not current or (opens and len(row) > 1):
            current = [[] for _ in starts]
        for line in row:
            current[_column(line, starts)].append(line)
    if current:
        yield tuple(map(tuple, current))


def _column(line: Line, starts: Sequence[float]) -> int:
    return max(sum(line.box.left >= start - line.size for start in starts) - 1, 0)
