"""The whole of a list as a file."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import func
from sqlalchemy.orm import Session

from carehub.core.errors import TooMany
from carehub.core.i18n import N_, translate
from carehub.core.money import digits
from carehub.services.listing.reading import matching, ordered, plain, selected
from carehub.services.listing.spec import Column, ListQuery, ListSpec

EXPORT_ROWS = 100_000
SECOND_LABELS = {"money": N_("Currency"), "datetime": N_("Time zone"), "person": N_("Detail")}


class TooManyRows(TooMany):
    key = "{rows} rows are more than one file takes. Narrow the list first"


def _exported(session: Session, spec: ListSpec, query: ListQuery) -> Iterator[list[Any]]:
    total = session.scalar(matching(spec, query, func.count(spec.key))) or 0
    if total > EXPORT_ROWS:
        raise TooManyRows(rows=total)
    statement = ordered(spec, query, matching(spec, query, *selected(spec)))
    for chunk in session.execute(statement.execution_options(yield_per=1000)).partitions():
        yield from (list(row) for row in chunk)


def _headings(spec: ListSpec, locale: str) -> list[str]:
    names = []
    for column in spec.columns.values():
        names.append(translate(column.label, locale))
        if column.second is not None:
            names.append(translate(column.second_label or SECOND_LABELS.get(column.kind, column.label), locale))
    return names


def _values(spec: ListSpec, values: list[Any], locale: str) -> list[Any]:
    seconds = iter(values[len(spec.columns) :])
    out: list[Any] = []
    for column, value in zip(spec.columns.values(), values, strict=False):
        second = next(seconds) if column.second is not None else None
        out.append(_exported_cell(column, value, second, locale))
        if column.second is not None:
            out.append(_safe(plain(second)))
    return out


def _exported_cell(column: Column, value: Any, second: Any, locale: str) -> Any:
    if column.kind == "money" and value is not None and second:
        return value / 10 ** digits(str(second))
    if column.labels and value is not None:
        return translate(column.labels.get(str(value), str(value)), locale)
    return value if isinstance(value, int | float | type(None)) else _safe(plain(value))


def _safe(text: str) -> str:
    """A cell that a spreadsheet would run as a formula is quoted."""
    return (
        "'" + text
        if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not text.lstrip("+-").replace(" ", "").isdigit()
        else text
    )


def write_csv(session: Session, spec: ListSpec, query: ListQuery, locale: str) -> bytes:
    """The whole list as CSV with a byte-order mark, so that spreadsheets read it as UTF-8. Raises TooManyRows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_headings(spec, locale))
    for values in _exported(session, spec, query):
        writer.writerow(_values(spec, values, locale))
    return buffer.getvalue().encode("utf-8-sig")


def write_xlsx(session: Session, spec: ListSpec, query: ListQuery, locale: str) -> bytes:
    """The whole list as a workbook. Raises TooManyRows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(translate(spec.title, locale)[:31])
    sheet.sheet_view.rightToLeft = locale == "ar"
    sheet.freeze_panes = "A2"
    heads = [WriteOnlyCell(sheet, value=name) for name in _headings(spec, locale)]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for values in _exported(session, spec, query):
        sheet.append(_values(spec, values, locale))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
