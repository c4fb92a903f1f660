"""/w/<tenant>/treasury: what is owed and received, and the accountant's books (CD-109, CD-110)."""

from typing import Any

import reflex as rx

from carehub.components.buttons import back_link
from carehub.components.display import (
    empty_state,
    loading_state,
    money,
    panel,
    tile,
    tiles,
)
from carehub.components.fields import field, text_input
from carehub.components.i18n import _, date_text
from carehub.components.icon import icon
from carehub.components.sheet import sheet
from carehub.components.workspace import page_body
from carehub.core.i18n import N_
from carehub.state.billing import TreasuryPage
from carehub.state.shell import Shell

T: Any = TreasuryPage.shown
BASE: Any = "/w/" + Shell.tenant
AGE_LABELS = {
    -1: N_("Not due yet"),
    0: N_("1 to 30 days late"),
    30: N_("31 to 60 days late"),
    60: N_("61 to 90 days late"),
    90: N_("Over 90 days late"),
}


def _ages() -> rx.Component:
    def row(one: Any) -> rx.Component:
        share = rx.cond(T.owed > 0, one.owed * 100 / T.owed, 0)
        return rx.el.div(
            rx.el.span(
                rx.match(one.days, *((days, _(label)) for days, label in AGE_LABELS.items()), ""), class_name="ages-t"
            ),
            rx.el.div(rx.el.div(class_name="ages-b", style={"inline-size": share.to(str) + "%"}), aria_hidden=True),
            rx.el.span(money(one.owed, T.currency), class_name="num te"),
            class_name="ages-i",
        )

    none = empty_state(_("Nobody owes anything"), _("Issued invoices that are unpaid show here by age."), glyph="check")
    shown = rx.el.div(rx.foreach(T.ages, row), class_name="ages p-5")
    return panel(_("What is owed, by age"), rx.cond(T.owed > 0, shown, none))


def _months() -> rx.Component:
    def row(one: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(date_text(one.month + "-01", style="month"), scope="row"),
            rx.el.td(money(one.invoiced, T.currency), class_name="num te"),
            rx.el.td(money(one.received, T.currency), class_name="num te"),
            key=one.month,
        )

    heads = (_("Month"), _("Invoiced"), _("Received"))
    head = rx.el.tr(*(rx.el.th(label, scope="col", class_name="te" if n else "") for n, label in enumerate(heads)))
    table = rx.el.table(
        rx.el.caption(_("Month by month"), class_name="sr"),
        rx.el.thead(head),
        rx.el.tbody(rx.foreach(T.months, row)),
        class_name="tbl",
    )
    return panel(_("Month by month"), sheet("table"), rx.el.div(table, class_name="scroll"))


def _books() -> rx.Component:
    days = rx.el.div(
        field("first", _("From"), text_input("first", type="date", default_value=T.first, required=True)),
        field("last", _("To"), text_input("last", type="date", default_value=T.today, required=True)),
        class_name="grid gap-3 sm:grid-cols-2",
    )

    def file(kind: str, label: Any) -> rx.Component:
        return rx.el.button(
            icon("download"), label, type="submit", class_name="btn btn-s",
            custom_attrs={"formaction": "/api/w/" + Shell.tenant + "/books/" + kind},
        )  # fmt: skip

    said = _("Documents one a line, or the entries as the French tax office reads them.")
    sent = rx.el.form(
        rx.el.p(said, class_name="i2 t-sm"),
        days,
        rx.el.div(file("csv", _("Documents (CSV)")), file("fec", _("Entries (FEC)")), class_name="row wrap"),
        class_name="col g-4 p-5",
        custom_attrs={"method": "get"},
    )
    return panel(_("For the accountant"), sent)


def treasury() -> rx.Component:
    figures = tiles(
        tile(_("Owed to you"), money(T.owed, T.currency)),
        tile(_("Overdue"), money(T.overdue, T.currency)),
        tile(_("Invoiced this month"), money(T.invoiced, T.currency)),
        tile(_("Received this month"), money(T.received, T.currency)),
    )
    ready = rx.fragment(
        figures, rx.el.div(rx.el.div(_ages(), _books(), class_name="col g-4"), _months(), class_name="grid gap-4 lg:grid-cols-2")
    )  # fmt: skip
    return page_body(
        sheet("lines"), rx.el.div(back_link(BASE + "/invoices")), rx.cond(TreasuryPage.shown, ready, loading_state())
    )
