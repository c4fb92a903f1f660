"""/me/invoices: a client's quotes and invoices, from every organisation."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button_link
from carehub.components.display import empty_state, loading_state, moment, money
from carehub.components.documents import kind_text, status_badge
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.components.page import Page
from carehub.components.sheet import sheet
from carehub.core.i18n import N_
from carehub.state.billing import MyInvoices

M: Any = MyInvoices


def _row(one: Any) -> rx.Component:
    when = rx.fragment(
        rx.el.bdi(one.seller), " · ", moment(one.issued_on, style="date"),
        rx.cond(one.subject != "", rx.fragment(" · ", rx.el.bdi(one.subject))),
    )  # fmt: skip
    about = rx.el.div(
        rx.el.p(kind_text(one.kind), " ", rx.el.bdi(one.number), class_name="b"),
        rx.el.p(when, class_name="t-sm i3"),
        class_name="grow min-w-[12rem] max-w-full",
    )
    opens = rx.cond(
        one.owed > 0,
        _("Pay"),
        rx.cond((one.kind == "quote") & (one.status == "sent"), _("Read and answer"), _("Open it")),
    )
    ends = rx.el.span(
        status_badge(one.status),
        rx.el.span(money(one.total, one.currency), class_name="num b"),
        rx.el.a(
            icon("download"),
            href="/api/me/billing/" + one.id + ".pdf",
            class_name="btn btn-q btn-icon btn-sm",
            aria_label=_("Download {number}", number=one.number),
            target="_blank",
        ),
        button_link(opens, one.pay, size="sm"),
        class_name="row wrap g-3",
    )
    return rx.el.li(about, ends, class_name="row wrap g-3 p-4", key=one.id)


def invoices() -> rx.Component:
    none = empty_state(
        _("No quote and no invoice"),
        _("What organisations send you shows here, to pay and to keep."),
        glyph="receipt-text",
    )
    listed = rx.el.ul(rx.foreach(M.rows, _row), class_name="card doc-l")
    return rx.el.div(
        sheet("lines"),
        rx.el.h1(_("Quotes and invoices"), class_name="t-3"),
        rx.cond(M.loaded, rx.cond(M.rows.length() > 0, listed, none), loading_state()),
        class_name="col g-4",
    )


PAGE = Page("/me/invoices", invoices, N_("Quotes and invoices"), (MyInvoices.load,), "me")
