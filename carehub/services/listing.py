"""Server-side lists: what a list shows, and one page of it. A list is declared once and read by pages, exports and REST.

A domain declares a ListSpec, makes its verb with `list_verb(spec)` and hands both to a ListingState (state/listing.py)."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import Select, SQLColumnExpression, String, cast, func, or_, select
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.errors import TooMany
from carehub.core.i18n import translate
from carehub.core.money import digits
from carehub.core.roles import Role
from carehub.core.verbs import Verb, verb

PAGE_SIZE = 50
EXPORT_ROWS = 100_000
Expression: TypeAlias = SQLColumnExpression[Any]
Kind = Literal["text", "person", "badge", "money", "number", "date", "datetime", "email", "phone", "tags"]
Tone = Literal["", "ok", "warn", "bad", "info", "acc", "now", "out"]


@dataclass(frozen=True)
class Column:
    """One column. `label` is a msgid (write it with N_).

    `kind` decides the cell: person (name, with `second` as its quiet second line and a link when the list has one),
    badge (`labels`: value -> msgid, `tones`: value -> tone), money (minor units; `second` is the currency), number, date, datetime
    (`second` is the zone, else the browser's), email, phone, tags (an array). `sort` is what it is ordered by, None: not sortable.
    """

    label: str
    value: Expression
    kind: Kind = "text"
    second: Expression | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    tones: Mapping[str, Tone] = field(default_factory=dict)
    sortable: bool = True
    on_phone: bool = True


@dataclass(frozen=True)
class Filter:
    """`column = value` for one of `options` (value -> msgid), or the domain's own `where(value)`."""

    label: str
    options: Mapping[str, str]
    column: Expression | None = None
    where: Callable[[str], Any] | None = None

    def clause(self, value: str) -> Any:
        return self.where(value) if self.where else self.column == value


@dataclass(frozen=True)
class Bulk:
    """An action on ticked rows. `permission` hides it from those who may not; `danger` asks first."""

    name: str
    label: str
    icon: str = ""
    danger: bool = False


@dataclass(frozen=True)
class ListSpec:
    """A list, declared once. `base` narrows or joins the rows; `link` is the row's address with {id} and {tenant}."""

    name: str
    title: str
    permission: str
    key: Expression
    columns: Mapping[str, Column]
    search: tuple[Expression, ...]
    sort: str
    filters: Mapping[str, Filter] = field(default_factory=dict)
    bulk: tuple[Bulk, ...] = ()
    link: str = ""
    base: Callable[[Select[Any]], Select[Any]] = lambda statement: statement
    role: Role | None = None
    search_label: str = ""
    empty: str = ""  # why it is empty and what to do next


@dataclass(frozen=True)
class ListQuery:
    """What the address asks for, reduced to what the list allows: bad input means the default, never an error."""

    q: str = ""
    sort: str = ""
    page: int = 1
    filters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, spec: ListSpec, params: Mapping[str, str]) -> "ListQuery":
        sort, page = params.get("sort", ""), params.get("page", "")
        column = spec.columns.get(sort.removeprefix("-"))
        return cls(
            q=params.get("q", "").strip()[:100].replace("\x00", ""),
            sort=sort if column and column.sortable else spec.sort,
            page=min(max(int(page), 1), 10_000) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
            filters=tuple(
                (name, params[name]) for name, one in spec.filters.items() if params.get(name) in one.options
            ),
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.filters)


@dataclass(frozen=True)
class Cell:
    """`text` is what is shown or formatted in the browser; `second` a quiet line, a currency or a zone; `tone` a badge's."""

    text: str
    second: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Row:
    id: str
    cells: list[Cell]
    href: str = ""


@dataclass(frozen=True)
class ListPage:
    rows: list[Row]
    total: int
    page: int
    narrowed: bool = False


@dataclass(frozen=True)
class Listed:
    spec: ListSpec
    page: Verb[Any, ListPage]
    export: Verb[Any, bytes]


LISTS: dict[str, Listed] = {}  # every list of the product, for the export route


def _matching(spec: ListSpec, query: ListQuery, *columns: Expression) -> Select[Any]:
    statement = spec.base(select(*columns))
    if query.q:
        pattern = "%" + query.q.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        statement = statement.where(or_(*(cast(column, String).ilike(pattern) for column in spec.search)))
    for name, value in query.filters:
        statement = statement.where(spec.filters[name].clause(value))
    return statement


def _ordered(spec: ListSpec, query: ListQuery, statement: Select[Any]) -> Select[Any]:
    column = spec.columns[query.sort.removeprefix("-")].value
    return statement.order_by(
        column.desc().nulls_last() if query.sort.startswith("-") else column.nulls_last(), spec.key
    )


def _selected(spec: ListSpec) -> list[Expression]:
    seconds = [column.second for column in spec.columns.values() if column.second is not None]
    return [*(column.value for column in spec.columns.values()), *seconds]


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return json.dumps([str(item) for item in value], ensure_ascii=False)
    return str(value)


def _cells(spec: ListSpec, values: list[Any]) -> list[Cell]:
    seconds = iter(values[len(spec.columns) :])
    cells = []
    for column, value in zip(spec.columns.values(), values, strict=False):
        second = _plain(next(seconds)) if column.second is not None else ""
        shown = _plain(value)
        cells.append(Cell(column.labels.get(shown, shown), second, column.tones.get(shown, "")))
    return cells


def read_page(session: Session, actor: Actor, spec: ListSpec, query: ListQuery) -> ListPage:
    """The rows of one page (50 at most) and how many there are in all."""
    total = session.scalar(_matching(spec, query, func.count(spec.key))) or 0
    page = min(query.page, -(-total // PAGE_SIZE) or 1)
    statement = _ordered(spec, query, _matching(spec, query, spec.key, *_selected(spec)))
    found = session.execute(statement.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    rows = [
        Row(str(key), _cells(spec, list(values)), spec.link.format(id=key, tenant=actor.tenant))
        for key, *values in found
    ]
    return ListPage(rows, total, page, query.narrowed)


def list_verb(spec: ListSpec) -> Verb[Any, ListPage]:
    """The verb `(session, actor, *, query) -> ListPage` of a list, under the list's own permission. Registers its export too."""

    def list_page(session: Session, actor: Actor, *, query: ListQuery) -> ListPage:
        return read_page(session, actor, spec, query)

    def export(session: Session, _actor: Actor, *, query: ListQuery, form: str, locale: str) -> bytes:
        return (write_xlsx if form == "xlsx" else write_csv)(session, spec, query, locale)

    list_page.__name__, export.__name__ = f"list_{spec.name}", f"export_{spec.name}"
    guarded = verb(spec.permission, role=spec.role)
    LISTS[spec.name] = Listed(spec, guarded(list_page), guarded(export))
    return LISTS[spec.name].page


class TooManyRows(TooMany):
    key = "{rows} rows are more than one file takes. Narrow the list first"


def _exported(session: Session, spec: ListSpec, query: ListQuery) -> Iterator[list[Any]]:
    total = session.scalar(_matching(spec, query, func.count(spec.key))) or 0
    if total > EXPORT_ROWS:
        raise TooManyRows(rows=total)
    statement = _ordered(spec, query, _matching(spec, query, *_selected(spec)))
    for chunk in session.execute(statement.execution_options(yield_per=1000)).partitions():
        yield from (list(row) for row in chunk)


def _headings(spec: ListSpec, locale: str) -> list[str]:
    names = []
    for column in spec.columns.values():
        names.append(translate(column.label, locale))
        if column.second is not None:
            names.append(
                {"money": translate("Currency", locale), "datetime": translate("Time zone", locale)}.get(
                    column.kind, ""
                )
            )
    return names


def _values(spec: ListSpec, values: list[Any], locale: str) -> list[Any]:
    seconds = iter(values[len(spec.columns) :])
    out: list[Any] = []
    for column, value in zip(spec.columns.values(), values, strict=False):
        second = next(seconds) if column.second is not None else None
        if column.kind == "money" and value is not None and second:
            value = value / 10 ** digits(str(second))
        elif column.labels and value is not None:
            value = translate(column.labels.get(str(value), str(value)), locale)
        elif not isinstance(value, int | float | type(None)):
            value = _safe(_plain(value))
        out.append(value)
        if column.second is not None:
            out.append(_safe(_plain(second)))
    return out


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
