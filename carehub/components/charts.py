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


def _value(one: Any) -> Any:
    return rx.cond(one.currency != "", money(one.total, one.currency), rx.el.bdi(number_text(one.total)))


def _change(one: Any) -> rx.Component:
    up = rx.cond(one.change > 0, "+", "")
    tone = rx.cond(one.change < 0, "warn", "ok")
    said = rx.fragment(up, number_text(one.change), " %")
    return rx.cond(
        one.known,
        rx.el.span(
            said, " ", rx.el.span(_("against the period before"), class_name="sr"), class_name="chg is-" + tone.to(str)
        ),
        rx.el.span("–", class_name="chg"),
    )


def _tile(one: Any, labels: dict[str, str], state: Any) -> rx.Component:
    """A figure that is drawn below when it is pressed."""
    key = (one.measure + " " + one.currency).strip()
    return QueryLink.create(
        rx.el.span(label_of(labels, one.measure), class_name="tile-l"),
        rx.el.span(_value(one), class_name="tile-v"),
        _change(one),
        change={"of": key},
        class_name="tile fig",
        custom_attrs={"aria-current": rx.cond(state.of == key, "true", rx.Var("undefined"))},
        key=key,
    )


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
    counts = rx.el.div(rx.foreach(shown.counts, lambda one: _tile(one, labels, state)), class_name="tiles many")
    amounts = rx.cond(
        shown.amounts.length() > 0,
        rx.el.div(rx.foreach(shown.amounts, lambda one: _tile(one, labels, state)), class_name="tiles many"),
        rx.el.p(_("No money moved in this time."), class_name="i3"),
    )
    fresh = rx.el.p(_("Counted"), " ", moment(shown.counted_at, style="relative"), class_name="t-xs i3")
    none = empty_state(
        _("Nothing is counted yet"), _("Figures come within a quarter of an hour of the first start."), glyph="activity"
    )
    ready = rx.fragment(
        rx.el.h2(_("Activity"), class_name="t-md"),
        counts,
        rx.el.h2(_("Money"), class_name="t-md"),
        amounts,
        rx.cond(state.drawn, _bars(state, labels)),
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
