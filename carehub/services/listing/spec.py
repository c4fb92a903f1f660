"""What a list is, what an address asks of it, and one page of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

from sqlalchemy import Select, SQLColumnExpression
from sqlalchemy.orm import Session

from carehub.core.roles import Role

PAGE_SIZE = 50
MORE = "own."
MOST_FILTERS = 30
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
    second_label: str = ""  # its heading in a file; known for a currency and a zone
    labels: Mapping[str, str] = field(default_factory=dict)
    tones: Mapping[str, Tone] = field(default_factory=dict)
    sortable: bool = True
    on_phone: bool = True
    at_first: bool = True  # shown until someone chooses the columns


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
class More:
    """What a tenant's own fields add to a list: columns of its file, filters of its page. Names begin with MORE."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)


@dataclass(frozen=True)
class ListSpec:
    """A list, declared once. `base` narrows or joins the rows; `link` is the row's address with {id} and {tenant};
    `more` reads what the session's tenant adds."""

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
    more: Callable[[Session], More] | None = None
    more_labels: Mapping[str, str] = field(default_factory=dict)  # of its filters that no tenant named: name -> msgid
    by_day: bool = False  # its states follow from `days.today()`


def _chosen(spec: ListSpec, asked: Sequence[str]) -> tuple[str, ...]:
    """The first column always stands: it names the row. The usual choice is no choice."""
    names = list(spec.columns)
    chosen = tuple(name for name in names if name == names[0] or name in asked)
    usual = tuple(name for name in names if name == names[0] or spec.columns[name].at_first)
    return chosen if len(chosen) > 1 and chosen != usual else ()


@dataclass(frozen=True)
class ListQuery:
    """What the address asks for, reduced to what the list allows: bad input means the default, never an error."""

    q: str = ""
    sort: str = ""
    page: int = 1
    filters: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()  # chosen ones in the list's order; empty: those that are shown at first

    @classmethod
    def parse(cls, spec: ListSpec, params: Mapping[str, str]) -> "ListQuery":
        sort, page = params.get("sort", ""), params.get("page", "")
        column = spec.columns.get(sort.removeprefix("-"))
        return cls(
            q=params.get("q", "").strip()[:100].replace("\x00", ""),
            sort=sort if column and column.sortable else spec.sort,
            page=min(max(int(page), 1), 10_000) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
            filters=(
                *((name, params[name]) for name, one in spec.filters.items() if params.get(name) in one.options),
                *(pair for pair in sorted(params.items()) if spec.more and pair[0].startswith(MORE)),
            )[:MOST_FILTERS],
            columns=_chosen(spec, params.get("cols", "").split(",")),
        )

    @property
    def address(self) -> str:
        """This query as an address holds it, without its page: two that ask for the same read the same."""
        parts = [("q", self.q), *self.filters, ("sort", self.sort), ("cols", ",".join(self.columns))]
        return urlencode([(name, value) for name, value in parts if value])

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
class MoreFilter:
    """A filter of the tenant's own. `options` are {value, label}; a label is the tenant's word or a msgid."""

    name: str
    label: str
    options: list[dict[str, str]]


@dataclass(frozen=True)
class ListPage:
    rows: list[Row]
    total: int
    page: int
    narrowed: bool = False
    filters: list[MoreFilter] = field(default_factory=list)
    columns: tuple[str, ...] = ()  # those that are shown
