"""From a list's declaration to its rows."""

import json
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.services.listing.spec import PAGE_SIZE, Cell, Expression, ListPage, ListQuery, ListSpec, MoreFilter, Row


def extended(session: Session, spec: ListSpec, query: ListQuery) -> tuple[ListSpec, ListQuery]:
    """The list with what the session's tenant adds, and the query without what it does not know."""
    if spec.more is None:
        return spec, query
    more = spec.more(session)
    filters = {**spec.filters, **more.filters}
    known = tuple((name, value) for name, value in query.filters if name in filters and value in filters[name].options)
    return replace(spec, columns={**spec.columns, **more.columns}, filters=filters), replace(query, filters=known)


def shown_columns(spec: ListSpec, query: ListQuery) -> tuple[str, ...]:
    names = list(spec.columns)
    return query.columns or tuple(name for name in names if name == names[0] or spec.columns[name].at_first)


def matching(spec: ListSpec, query: ListQuery, *columns: Expression) -> Select[Any]:
    statement = spec.base(select(*columns))
    if query.q:
        pattern = "%" + query.q.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        statement = statement.where(or_(*(cast(column, String).ilike(pattern) for column in spec.search)))
    for name, value in query.filters:
        statement = statement.where(spec.filters[name].clause(value))
    return statement


def ordered(spec: ListSpec, query: ListQuery, statement: Select[Any]) -> Select[Any]:
    column = spec.columns[query.sort.removeprefix("-")].value
    return statement.order_by(
        column.desc().nulls_last() if query.sort.startswith("-") else column.nulls_last(), spec.key
    )


def selected(spec: ListSpec) -> list[Expression]:
    seconds = [column.second for column in spec.columns.values() if column.second is not None]
    return [*(column.value for column in spec.columns.values()), *seconds]


def plain(value: object) -> str:
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
        second = plain(next(seconds)) if column.second is not None else ""
        shown = plain(value)
        cells.append(Cell(column.labels.get(shown, shown), second, column.tones.get(shown, "")))
    return cells


def read_page(session: Session, actor: Actor, spec: ListSpec, query: ListQuery) -> ListPage:
    """The rows of one page (50 at most) and how many there are in all. The tenant's own columns are for files only."""
    whole, query = extended(session, spec, query)
    added = [
        MoreFilter(name, one.label, [{"value": code, "label": label} for code, label in one.options.items()])
        for name, one in whole.filters.items()
        if name not in spec.filters
    ]
    spec = replace(whole, columns=spec.columns)
    total = session.scalar(matching(spec, query, func.count(spec.key))) or 0
    page = min(query.page, -(-total // PAGE_SIZE) or 1)
    statement = ordered(spec, query, matching(spec, query, spec.key, *selected(spec)))
    found = session.execute(statement.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    rows = [
        Row(str(key), _cells(spec, list(values)), spec.link.format(id=key, tenant=actor.tenant))
        for key, *values in found
    ]
    return ListPage(rows, total, page, query.narrowed, added, shown_columns(spec, query))
