"""The one table of the product: declared columns, server paging, search, filters, selection, export, keyboard, two-line rows on a phone."""

from typing import Any

import reflex as rx

from carehub.components.access import may, refused_without
from carehub.components.buttons import Link
from carehub.components.display import (
    empty_state,
    error_state,
    loading_state,
    moment,
    money,
    refused_state,
    toned_badge,
)
from carehub.components.i18n import _, ngettext, number_text
from carehub.components.icon import icon
from carehub.services.listing import Cell, Column, ListSpec, MoreFilter
from carehub.state.listing import ENTER, ListingState, Views


class _Query(rx.Component):
    library = "$/public/ui/query.jsx"


class QueryLink(_Query):
    """A link that changes a part of the address: `change={"page": 2}`; None takes a part away."""

    tag = "QueryLink"
    change: rx.Var[dict[str, Any]]


class SortHeader(_Query):
    tag = "SortHeader"
    name: rx.Var[str]
    by_default: rx.Var[str]
    end: rx.Var[bool]


class SearchField(_Query):
    tag = "SearchField"
    label: rx.Var[str]


class FilterField(_Query):
    tag = "FilterField"
    name: rx.Var[str]
    label: rx.Var[str]
    options: rx.Var[list[dict[str, str]]]


class _Around(rx.Component):
    library = "$/public/ui/views.jsx"


class ExportLinks(_Around):
    tag = "ExportLinks"
    list: rx.Var[str]


class Selection(rx.Component):
    """Ticked rows stay in the browser until an action is chosen: ticking costs no event."""

    library = "$/public/ui/selection.jsx"
    tag = "Selection"
    rows: rx.Var[Any]
    actions: rx.Var[Any]
    on_action: rx.EventHandler[rx.event.passthrough_event_spec(str, list)]


END = ("money", "number")
NAMED = ("number", "date", "datetime")  # a bare figure says nothing on a phone, where the head is gone


def cell(column: Column, value: Any, href: Any = None) -> rx.Component:
    """One cell, by its column's kind."""
    if column.kind == "person":
        name = rx.el.bdi(value.text, class_name="b")
        named = (
            rx.cond(href != "", Link.create(name, to=href, class_name="hover:underline"), name)
            if href is not None
            else name
        )
        return rx.el.div(named, rx.el.span(value.second, class_name="i3 t-xs"), class_name="col leading-snug")
    if column.kind == "badge":
        return toned_badge(_(value.text), value.tone)
    if column.kind == "money":
        return money(value.text, value.second)
    if column.kind == "number":
        return rx.el.span(number_text(value.text), class_name="num")
    if column.kind in ("date", "datetime"):
        return rx.cond(
            value.text != "",
            moment(value.text, zone=value.second, style="date" if column.kind == "date" else "datetime"),
        )
    if column.kind in ("email", "phone"):
        return rx.el.bdi(value.text, class_name="ltr num")
    if column.kind == "tags":
        return Tags.create(text=value.text)
    return rx.el.span(_(value.text)) if column.labels else rx.el.bdi(value.text)


class ColumnPicker(_Around):
    """Which columns stand in the table: the choice is in the address. `columns`: [{name, label}], without the first;
    `usual`: those that stand there until someone chooses."""

    tag = "ColumnPicker"
    columns: rx.Var[list[dict[str, Any]]]
    usual: rx.Var[list[str]]


class ViewBar(_Around):
    """Saved views as tabs; keeping what the address asks for as one more."""

    tag = "ViewBar"
    saved: rx.Var[list[Any]]
    current: rx.Var[str]
    changed: rx.Var[bool]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_remove: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def _stands(spec: ListSpec, name: str, cell: rx.Component) -> rx.Component:
    """A cell of a column that may be left out."""
    if name == next(iter(spec.columns)):
        return cell
    chosen = rx.Var.create(Views.columns).to(list[str]).contains(name)
    here = rx.Var.create(Views.of) == spec.name
    return rx.cond(here, rx.cond(chosen, cell), cell) if spec.columns[name].at_first else rx.cond(here & chosen, cell)


class Tags(_Query):
    tag = "Tags"
    text: rx.Var[str]


def _row(spec: ListSpec, row: Any, *, ticks: bool) -> rx.Component:
    cells = row.cells.to(list[Cell])
    first = rx.el.span(_("Select {name}", name=cells[0].text), class_name="sr")
    tick = [
        rx.el.td(
            rx.el.label(rx.el.input(type="checkbox", name="row", value=row.id), first, class_name="check"),
            class_name="tick",
        )
    ]
    shown = [
        _stands(
            spec,
            name,
            rx.el.td(
                cell(column, cells[place], row.href if place == 0 and spec.link else None),
                class_name=" ".join(
                    filter(None, ("te" if column.kind in END else "", "" if column.on_phone else "hide-s", f"c{place}"))
                ),
                custom_attrs={"data-label": _(column.label)} if place > 1 and column.kind in NAMED else {},
            ),
        )
        for place, (name, column) in enumerate(spec.columns.items())
    ]
    return rx.el.tr(*(tick if ticks else []), *shown, key=row.id)


def _head(spec: ListSpec, *, ticks: bool) -> rx.Component:
    every = rx.el.label(
        rx.el.input(type="checkbox", name="all"),
        rx.el.span(_("Select the whole page"), class_name="sr"),
        class_name="check",
    )
    heads = [
        _stands(
            spec,
            name,
            SortHeader.create(_(column.label), name=name, by_default=spec.sort, end=column.kind in END)
            if column.sortable
            else rx.el.th(_(column.label), scope="col", class_name="te" if column.kind in END else ""),
        )
        for name, column in spec.columns.items()
    ]
    return rx.el.thead(rx.el.tr(*([rx.el.th(every, class_name="tick")] if ticks else []), *heads))


def _table(state: type[ListingState], on_bulk: Any) -> rx.Component:
    spec, ticks = state.spec, bool(state.spec.bulk)
    table = rx.el.table(
        rx.el.caption(_(spec.title), class_name="sr"),
        _head(spec, ticks=ticks),
        rx.el.tbody(rx.foreach(state.rows, lambda row: _row(spec, row, ticks=ticks))),
        class_name="tbl listing",
        aria_busy=~rx.State.is_hydrated,
    )
    scroller = rx.el.div(table, class_name="scroll grow", tab_index=0, role="region", aria_label=_(spec.title))
    actions = [{"name": one.name, "label": _(one.label), "icon": one.icon, "danger": one.danger} for one in spec.bulk]
    return Selection.create(scroller, rows=state.rows, actions=actions, **({"on_action": on_bulk} if on_bulk else {}))


def _nothing(state: type[ListingState], action: rx.Component | None) -> rx.Component:
    spec = state.spec
    clear = QueryLink.create(_("Clear the search"), change=state.clear, class_name="btn btn-s")
    found_none = empty_state(_("Nothing found"), _("Try fewer filters or another spelling."), clear, glyph="search")
    return rx.cond(
        state.narrowed, found_none, empty_state(_("Nothing here yet"), _(spec.empty) if spec.empty else "", action)
    )


def _paging(state: type[ListingState]) -> rx.Component:
    here = {"class_name": "btn btn-s btn-sm"}
    before = rx.cond(
        state.page > 1,
        QueryLink.create(
            icon("chevron-left"), _("Previous"), change={"page": state.page - 1}, custom_attrs={"rel": "prev"}, **here
        ),
    )
    after = rx.cond(
        state.page < state.pages,
        QueryLink.create(
            _("Next"), icon("chevron-right"), change={"page": state.page + 1}, custom_attrs={"rel": "next"}, **here
        ),
    )
    where = rx.el.span(_("Page {page} of {pages}", page=state.page, pages=state.pages), class_name="t-xs i3 num")
    count = rx.el.span(ngettext("{n} row", "{n} rows", state.total), class_name="t-xs i3 num", role="status")
    return rx.el.nav(
        count, rx.el.span(before, where, after, class_name="row end"), class_name="row paging", aria_label=_("Pages")
    )


def _columns(spec: ListSpec) -> rx.Component:
    """Only where there is a choice to make."""
    optional = [{"name": name, "label": _(one.label)} for name, one in list(spec.columns.items())[1:]]
    usual = [name for name, one in list(spec.columns.items())[1:] if one.at_first]
    return ColumnPicker.create(columns=optional, usual=usual) if len(optional) > 1 else rx.fragment()


def _more_filter(spec: ListSpec, one: Any) -> rx.Component:
    """Named by the tenant, or one of `more_labels`."""
    ours = [(name, _(label)) for name, label in spec.more_labels.items()]
    label = rx.match(one.name, *ours, one.label) if ours else one.label
    return FilterField.create(name=one.name, label=label, options=one.options, key=one.name)


def listing(
    state: type[ListingState], *, on_bulk: Any = None, actions: Any = (), empty_action: rx.Component | None = None
) -> rx.Component:
    """The list of `state`. `on_bulk(name, ids)` is a handler of the state; `actions` stand at the end of the tool bar."""
    spec = state.spec
    filters: list[Any] = [
        FilterField.create(
            name=name,
            label=_(one.label),
            options=[{"value": code, "label": _(label)} for code, label in one.options.items()],
        )
        for name, one in spec.filters.items()
    ]
    if spec.more is not None:
        own = rx.Var.create(state.own_filters).to(list[MoreFilter])
        filters.append(rx.foreach(own, lambda one: _more_filter(spec, one)))
    bar = rx.el.div(
        SearchField.create(label=_(spec.search_label) if spec.search_label else _("Search"))
        if spec.search
        else rx.fragment(),
        *filters,
        rx.el.span(*actions, _columns(spec), ExportLinks.create(list=spec.name), class_name="row end"),
        class_name="row wrap toolbar",
    )
    views = ViewBar.create(
        saved=Views.saved,
        current=Views.current,
        changed=Views.changed,
        on_save=Views.save,
        on_remove=Views.remove,
    )
    kept = rx.cond((rx.Var.create(Views.of) == spec.name) & may(ENTER), views)
    body = rx.match(
        state.status,
        ("refused", refused_state()),
        ("failed", error_state(state.load)),
        ("loading", loading_state(rows=8)),
        rx.cond(state.total == 0, _nothing(state, empty_action), _table(state, on_bulk)),
    )
    shown = rx.fragment(kept, bar, body, rx.cond(state.total > 0, _paging(state)))
    return rx.el.section(
        refused_without(state.permission, shown),
        class_name="col grow min-h-0 relative listing-s",
        aria_label=_(spec.title),
    )
