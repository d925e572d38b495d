"""A report as a file for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"  # by which spreadsheets know that it is UTF-8
# What makes a spreadsheet take a text for a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")

Cell = str | int | float | None


def written(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV (RFC 4180); texts that a spreadsheet would run are marked as texts, numbers stay numbers."""
    out = io.StringIO()
    csv.writer(out).writerows([[cell(one) for one in row] for row in rows])
    return BOM + out.getvalue()


def cell(value: Cell) -> str:
    """One cell: nothing for None, a quote mark before what would be a formula."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    return f"'{value}" if value.lstrip(" ").startswith(FORMULA) else value
