"""Figures of a period and one drawn as bars, with the same as a table for who does not see them."""

from typing import Any

import reflex as rx

from carehub.components.buttons import file_link
from carehub.components.display import empty_state, error_state, loading_state, moment, money, panel
from carehub.components.i18n import _, date_text, money_text, number_text
from carehub.components.icon import icon
from carehub.components.lists import QueryLink
from carehub.components.sheet import sheet
from carehub.components.times import label_of
from carehub.core.i18n import N_

PERIODS = (("7", N_("7 days")), ("30", N_("30 days")), ("90", N_("90 days")), ("365", N_("12 months")))
UNIT_LABELS = {"day": N_("Day by day"), "week": N_("Week by week"), "month": N_("Month by month")}


def _change(one: Any) -> rx.Component:
    up = rx.cond(one.change > 0, "+", "")
    said = rx.fragment(up, number_text(one.change), " %")
    return rx.cond(
        one.known,
        rx.el.span(
            rx.el.bdi(said, class_name="num ltr"),
            " ",
            rx.el.span(_("against the period before"), class_name="sr"),
            class_name=rx.cond(one.change < 0, "chg chg-down", "chg chg-up"),
        ),
        rx.el.span("–", class_name="chg"),
    )


def _key(one: Any) -> Any:
    return (one.measure + " " + one.currency).strip()


def _drawn(state: Any, one: Any) -> dict[str, Any]:
    return {"aria-current": rx.cond(state.of == _key(one), "true", rx.Var("undefined"))}


def _tile(one: Any, labels: dict[str, str], state: Any) -> rx.Component:
    """A figure that is drawn below when it is pressed."""
    return QueryLink.create(
        rx.el.span(label_of(labels, one.measure), class_name="tile-l"),
        rx.el.bdi(number_text(one.total), class_name="tile-v"),
        _change(one),
        change={"of": _key(one)},
        class_name="tile fig",
        custom_attrs=_drawn(state, one),
        key=one.measure,
    )


def _amounts(state: Any, labels: dict[str, str]) -> rx.Component:
    """What was paid, by currency: each line is drawn below when it is pressed."""

    def row(one: Any) -> rx.Component:
        name = QueryLink.create(
            label_of(labels, one.measure), change={"of": _key(one)}, class_name="link", custom_attrs=_drawn(state, one)
        )
        return rx.el.tr(
            rx.el.th(name, scope="row"),
            rx.el.td(rx.el.bdi(one.currency), class_name="hide-s"),
            rx.el.td(money(one.total, one.currency), class_name="num te"),
            rx.el.td(_change(one), class_name="te"),
            key=_key(one),
        )

    heads = (
        (_("Money"), ""), (_("Currency"), "hide-s"), (_("In this time"), "te"), (_("Against the period before"), "te"),
    )  # fmt: skip
    table = rx.el.table(
        rx.el.caption(_("Money"), class_name="sr"),
        rx.el.thead(rx.el.tr(*(rx.el.th(label, scope="col", class_name=look) for label, look in heads))),
        rx.el.tbody(rx.foreach(state.shown.amounts, row)),
        class_name="tbl",
    )
    none = rx.el.p(_("No money moved in this time."), class_name="i3 card-p")
    shown = rx.el.div(table, class_name="scroll", tab_index=0)
    return panel(_("Money"), rx.cond(state.shown.amounts.length() > 0, shown, none))


def _bars(state: Any, labels: dict[str, str]) -> rx.Component:
    drawn, shown = state.drawn, state.shown
    style = rx.match(shown.unit, ("month", "month"), "daymonth")

    def amount(bar: Any) -> Any:
        return rx.cond(drawn.currency != "", money_text(bar.value, drawn.currency), number_text(bar.value))

    def day(bar: Any) -> Any:
        return rx.cond(style == "month", date_text(bar.first, style="month"), date_text(bar.first, style="daymonth"))

    def one(bar: Any) -> rx.Component:
        return rx.el.li(
            rx.el.i(style={"--h": bar.height.to_string() + "%"}),
            title=_("{day}: {amount}", day=day(bar), amount=amount(bar)),
            key=bar.first,
        )

    chart = rx.el.ol(rx.foreach(drawn.bars, one), class_name="bars", aria_hidden="true")
    ends = rx.el.p(
        rx.el.span(date_text(shown.first, style="date")),
        rx.el.span(date_text(shown.last, style="date")),
        class_name="row between t-xs i3",
        aria_hidden="true",
    )
    rows = rx.foreach(
        drawn.bars,
        lambda bar: rx.el.tr(
            rx.el.th(day(bar), scope="row"), rx.el.td(amount(bar), class_name="num te"), key=bar.first
        ),
    )
    table = rx.el.table(
        rx.el.caption(label_of(labels, drawn.measure), class_name="sr"), rx.el.tbody(rows), class_name="tbl"
    )
    as_table = rx.el.details(
        rx.el.summary(_("As a table"), class_name="link t-sm"), rx.el.div(table, class_name="scroll", tab_index=0)
    )
    title = rx.fragment(label_of(labels, drawn.measure), " · ", label_of(UNIT_LABELS, shown.unit))
    return panel(title, sheet("table"), rx.el.div(chart, ends, as_table, class_name="card-p col g-2"))


def _head(state: Any, file: Any) -> rx.Component:
    tabs = [
        QueryLink.create(
            _(label),
            change={"period": code},
            class_name="tab",
            custom_attrs={"aria-current": rx.cond(state.period == code, "page", rx.Var("undefined"))},
        )
        for code, label in PERIODS
    ]
    download = file_link(icon("download"), _("Download (CSV)"), href=file + state.period + ".csv")
    return rx.el.div(
        rx.el.nav(*tabs, class_name="tabs", aria_label=_("Period")),
        rx.el.span(download, class_name="end"),
        class_name="row wrap",
    )


def statistics(state: Any, labels: dict[str, str], file: Any, *more: rx.Component) -> rx.Component:
    """Tiles of every measure, the chosen one drawn, then `more`. `file`: the address of the CSV without its period."""
    shown = state.shown
    counts = rx.el.div(rx.foreach(shown.counts, lambda one: _tile(one, labels, state)), class_name="tiles")
    fresh = rx.el.p(_("Counted"), " ", moment(shown.counted_at, style="relative"), class_name="t-xs i3")
    none = empty_state(
        _("Nothing is counted yet"), _("Figures come within a quarter of an hour of the first start."), glyph="activity"
    )
    ready = rx.fragment(
        rx.el.section(counts, aria_label=_("Activity")),
        rx.cond(state.drawn, _bars(state, labels)),
        _amounts(state, labels),
        *more,
        fresh,
    )
    body = rx.cond(shown.counted_at != "", ready, none)
    return rx.fragment(
        sheet("figures"),
        sheet("pay"),
        sheet("charts"),
        rx.cond(
            state.failed,
            error_state(state.load),
            rx.cond(shown, rx.el.div(_head(state, file), body, class_name="col g-4"), loading_state(rows=8)),
        ),
    )
