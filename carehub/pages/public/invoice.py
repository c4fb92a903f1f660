"""/invoice/<token>: a quote to accept, an invoice to pay, by the link of its mail (CD-102)."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button
from carehub.components.display import banner, error_state, loading_state, moment
from carehub.components.display import state as nothing
from carehub.components.documents import amounts, kind_text, line_list, status_badge
from carehub.components.fields import field, text_input
from carehub.components.i18n import _, money_text
from carehub.components.icon import icon
from carehub.components.leaving import Leave
from carehub.components.page import Page
from carehub.components.sheet import sheet
from carehub.components.times import SendForm
from carehub.core.i18n import N_
from carehub.state.billing import DocumentLink

L: Any = DocumentLink
V: Any = DocumentLink.shown


def _answer() -> rx.Component:
    yes = button(_("Accept the quote"), kind="primary", type="submit", name="answer", value="accept")
    no = button(_("Decline"), type="submit", name="answer", value="decline")
    said = _("Your name, the moment and your address on the network are kept with your answer.")
    return SendForm.create(
        field("name", _("Your name"), text_input("name", auto_complete="name", max_length=80), help=said),
        rx.el.div(yes, no, class_name="row wrap"),
        errors=rx.Var.create({}),
        on_send=DocumentLink.answer,
    )


def _pay() -> rx.Component:
    by_card = button(
        _("Pay {amount} by card", amount=money_text(V.owed, V.currency)),
        kind="primary",
        size="lg",
        block=True,
        on_click=DocumentLink.pay,
    )
    return rx.cond(
        L.back,
        banner(_("Your payment is on its way"), _("It shows here within a minute."), tone="info"),
        rx.cond(V.pay == "card", by_card),
    )


def _found() -> rx.Component:
    until = rx.cond(V.kind == "quote", _("Valid until"), _("To be paid by"))
    head = rx.el.div(
        rx.el.div(
            rx.el.p(rx.el.bdi(V.seller), class_name="i2"),
            rx.el.h1(kind_text(V.kind), " ", rx.el.bdi(V.number, class_name="whitespace-nowrap"), class_name="t-3"),
            class_name="grow",
        ),
        status_badge(V.status),
        class_name="row wrap g-3",
    )
    days = rx.el.p(
        _("Issued on"), " ", moment(V.issued_on, style="date"),
        rx.cond(V.due_on != "", rx.fragment(" · ", until, " ", moment(V.due_on, style="date"))),
        class_name="t-sm i3",
    )  # fmt: skip
    about = rx.el.p(
        _("For"), " ", rx.el.bdi(V.buyer), rx.cond(V.subject != "", rx.fragment(" · ", rx.el.bdi(V.subject)))
    )
    done = rx.cond(
        V.accepted_by != "",
        banner(
            rx.cond(
                V.status == "accepted",
                _("Accepted by {name}", name=V.accepted_by),
                _("Declined by {name}", name=V.accepted_by),
            ),
            moment(V.accepted_at),
            tone="ok",
        ),
    )
    paid = rx.cond(V.status == "paid", banner(_("This invoice is paid. Thank you"), tone="ok"))
    file = rx.el.a(
        icon("download"), _("Download the PDF"), href="/api" + L.router.url.path + ".pdf", target="_blank",
        class_name="btn btn-s self-start",
    )  # fmt: skip
    acts = rx.cond((V.kind == "quote") & (V.status == "sent"), _answer(), rx.cond(V.owed > 0, _pay(), rx.fragment()))
    note = rx.cond(V.note != "", rx.el.p(V.note, class_name="whitespace-pre-line", dir="auto"))
    return rx.el.section(
        head, days, about, note, line_list(V), amounts(V), done, paid, acts, file,
        class_name="card card-p col g-4", aria_live="polite",
    )  # fmt: skip


def invoice_page() -> rx.Component:
    missing = nothing(
        "link", _("This link leads to no document"), _("Check that it was copied whole, or ask who sent it.")
    )
    body = rx.match(
        L.status,
        ("loading", loading_state()),
        ("missing", missing),
        ("failed", error_state(L.load)),
        rx.cond(L.shown, _found()),
    )
    return rx.el.div(
        sheet("lines"),
        Leave.create(to=L.away),
        rx.el.div(body, class_name="max-w-read mx-auto w-full"),
        class_name="page py-8",
    )


PAGE = Page("/invoice/[token]", invoice_page, N_("Quote or invoice"), (DocumentLink.load,))
