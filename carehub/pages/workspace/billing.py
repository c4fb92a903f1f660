"""/w/<tenant>/invoices, /quotes and one document (CD-071..077, CD-094..107)"""

from typing import Any

import reflex as rx

from carehub.components import navigation
from carehub.components.access import only_with
from carehub.components.buttons import back_link, button, button_link
from carehub.components.display import (
    banner,
    facts,
    loading_state,
    moment,
    money,
    panel,
    refused_state,
    state,
)
from carehub.components.documents import amounts, kind_text, line_list, status_badge
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.lists import listing
from carehub.components.navigation import Action, Menu
from carehub.components.overlay import Dialog, DialogPopup
from carehub.components.page import Page
from carehub.components.sheet import sheet
from carehub.components.times import label_of
from carehub.components.workspace import page_body
from carehub.core.i18n import N_
from carehub.pages.workspace.billing_draft import draft_actions, editor, sheet_beside
from carehub.pages.workspace.billing_treasury import treasury
from carehub.services.billing import MANAGE, READ
from carehub.services.billing.forms import FREQUENCY_LABELS, METHOD_LABELS
from carehub.state.billing import Documents, Editor, InvoiceList, QuoteList, Received, Repeat, TreasuryPage
from carehub.state.shell import Shell

D: Any = Documents
V: Any = Documents.shown
BASE: Any = "/w/" + Shell.tenant
EVENT_LABELS = {
    "created": N_("Begun"),
    "issued": N_("Issued"),
    "sent": N_("Sent"),
    "reminded": N_("Recalled"),
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
    "paid": N_("Payment received"),
    "given_back": N_("Money given back"),
    "credited": N_("Credited"),
    "repeats": N_("Repeats from now on"),
    "stopped": N_("Repeats no more"),
}


def _new(kind: str, label: Any) -> rx.Component:
    return only_with(MANAGE, button(label, kind="primary", size="sm", icon="plus", on_click=Documents.begin(kind, "")))


def invoices() -> rx.Component:
    money_in = button_link(_("Treasury"), BASE + "/treasury", size="sm", icon="chart-column")
    return listing(InvoiceList, actions=(money_in, _new("invoice", _("New invoice"))))


def quotes() -> rx.Component:
    return listing(QuoteList, actions=(_new("quote", _("New quote")),))


def _act(label: Any, glyph: str, event: Any, *, kind: Any = "secondary") -> rx.Component:
    return button(label, icon=glyph, kind=kind, size="sm", on_click=event)


def _issued_actions() -> rx.Component:
    invoice = (V.kind == "invoice") | (V.kind == "deposit")
    owes = invoice & (V.owed > 0)
    again = rx.cond(V.sent_at != "", _("Send again"), _("Send"))
    return rx.fragment(
        _act(again, "send", Documents.act("send")),
        rx.cond(owes & (V.sent_at != ""), _act(_("Send a reminder"), "bell-ring", Documents.act("remind"))),
        rx.cond(owes, _act(_("Record a payment"), "banknote", Documents.ask("payment"), kind="primary")),
        rx.cond(invoice & (V.owed < 0), _act(_("Record money given back"), "undo-2", Documents.ask("payment"))),
        rx.cond(invoice & (V.status != "credited"), _act(_("Credit note"), "file-minus", Documents.derive("credit"))),
        rx.cond(V.kind == "invoice", _act(_("Repeat"), "repeat", Documents.ask("repeat"))),
        rx.cond(V.kind != "credit_note", _act(_("Copy"), "copy", Documents.derive("copy"))),
    )


def _quote_actions() -> rx.Component:
    waits = rx.fragment(
        _act(_("Accepted"), "check", Documents.answer(True)), _act(_("Declined"), "x", Documents.answer(False))
    )
    goes_on = rx.fragment(
        _act(_("Deposit invoice"), "file-plus", Documents.derive("deposit")),
        _act(_("Final invoice"), "file-check", Documents.derive("final"), kind="primary"),
    )
    return rx.cond(
        V.kind == "quote", rx.match(V.status, ("sent", waits), ("accepted", goes_on), rx.fragment()), rx.fragment()
    )


def _facts() -> rx.Component:
    until = rx.cond(V.kind == "quote", _("Valid until"), _("To be paid by"))
    dash = rx.el.span("–")
    return panel(
        rx.fragment(kind_text(V.kind), " ", rx.el.bdi(V.number)),
        rx.el.div(
            facts(
                (_("For"), rx.el.bdi(V.buyer)),
                (_("E-mail"), rx.cond(V.email != "", rx.el.bdi(V.email, class_name="break-all"), dash)),
                (_("Subject"), rx.cond(V.subject != "", rx.el.bdi(V.subject), dash)),
                (_("Issued on"), moment(V.issued_on, style="date")),
                (until, rx.cond(V.due_on != "", moment(V.due_on, style="date"), dash)),
                (_("Sent"), rx.cond(V.sent_at != "", moment(V.sent_at), dash)),
            ),
            rx.cond(
                V.accepted_by != "",
                banner(
                    rx.cond(
                        V.status == "accepted",
                        _("Accepted by {name}", name=V.accepted_by),
                        _("Declined by {name}", name=V.accepted_by),
                    ),
                    moment(V.accepted_at),
                    tone="info",
                ),
            ),
            rx.cond(D.repeats.next_on != "", _repeats()),
            class_name="col g-4 p-5",
        ),
    )  # fmt: skip


def _repeats() -> rx.Component:
    stop = only_with(MANAGE, button(_("Stop"), size="sm", on_click=Documents.act("stop")))
    said = rx.fragment(label_of(FREQUENCY_LABELS, D.repeats.every), ", ", moment(D.repeats.next_on, style="date"))
    return banner(_("Repeats"), said, tone="info", action=stop)


def _payments() -> rx.Component:
    def row(one: Any) -> rx.Component:
        about = rx.fragment(
            label_of(METHOD_LABELS, one.method), rx.cond(one.reference != "", " · " + one.reference, "")
        )
        return rx.el.li(
            rx.el.div(moment(one.received_on, style="date"), rx.el.p(about, class_name="t-xs i3"), class_name="grow"),
            rx.el.span(money(one.amount, V.currency), class_name="num b"),
            class_name="row",
            key=one.id,
        )

    return rx.cond(
        V.payments.length() > 0,
        panel(_("Payments"), rx.el.ul(rx.foreach(V.payments, row), class_name="col g-3 p-5")),
    )


def _related() -> rx.Component:
    def row(one: Any) -> rx.Component:
        name = rx.cond(one.number != "", rx.el.bdi(one.number), _("Draft"))
        return rx.el.li(
            rx.el.div(
                rx.el.a(kind_text(one.kind), " ", name, href=BASE + "/invoices/" + one.id, class_name="link"),
                class_name="grow",
            ),
            status_badge(one.status),
            rx.el.span(money(one.total, V.currency), class_name="num"),
            class_name="row g-3",
            key=one.id,
        )

    return rx.cond(
        V.related.length() > 0,
        panel(_("Related documents"), rx.el.ul(rx.foreach(V.related, row), class_name="col g-3 p-5")),
    )


def _history() -> rx.Component:
    def row(one: Any) -> rx.Component:
        return rx.el.li(
            label_of(EVENT_LABELS, one.kind),
            rx.cond(one.name != "", rx.fragment(" · ", rx.el.bdi(one.name, class_name="i2"))),
            rx.cond(one.detail != "", rx.fragment(" · ", rx.el.bdi(one.detail, class_name="i3"))),
            " ",
            moment(one.at),
        )

    return panel(_("History"), rx.el.ul(rx.foreach(V.events, row), class_name="tl p-5"))


def _issued() -> rx.Component:
    content = panel(
        _("Content"), rx.el.div(line_list(V), rx.el.div(amounts(V), class_name="sm:ms-auto sm:w-80"), class_name="col g-4 p-5")
    )  # fmt: skip
    column = rx.el.div(_facts(), content, _payments(), _related(), _history(), class_name="col g-4 min-w-0")
    return rx.el.div(column, sheet_beside(), class_name="bill")


def _dialog(name: str, title: Any, content: rx.Component) -> rx.Component:
    return Dialog.create(
        DialogPopup.create(content, title=title),
        open=D.asking == name,
        on_open_change=Documents.dialog_changed,
    )


def document() -> rx.Component:
    draft = V.status == "draft"
    back = back_link(rx.cond(V.kind == "quote", BASE + "/quotes", BASE + "/invoices"))
    name = rx.cond(V.number != "", rx.el.bdi(V.number), kind_text(V.kind))
    acts = only_with(MANAGE, rx.cond(draft, draft_actions(), rx.fragment(_quote_actions(), _issued_actions())))
    head = rx.el.div(
        back,
        rx.el.h2(name, class_name="t-2"),
        status_badge(V.status),
        rx.el.span(acts, class_name="row wrap g-2 sm:ms-auto"),
        class_name="row wrap g-3",
    )
    ready = rx.fragment(
        head,
        rx.cond(draft, editor(), _issued()),
        _dialog("payment", _("Record a payment"), form(Received, submit=_("Record"))),
        _dialog("repeat", _("Make it again and again"), form(Repeat, submit=_("Repeat"))),
    )
    missing = state("file-x", _("This document does not exist"), _("It was thrown away, or the address is wrong."))
    body = rx.match(
        D.status,
        ("loading", loading_state()),
        ("missing", missing),
        ("refused", refused_state()),
        rx.cond(D.shown, ready, loading_state()),
    )
    return page_body(sheet("lines"), body)


PAGES = (
    Page(
        "/w/[tenant]/invoices",
        invoices,
        N_("Invoices"),
        (InvoiceList.load,),
        "workspace",
        menu=Menu("receipt-text", READ, group="activity"),
    ),
    Page(
        "/w/[tenant]/quotes",
        quotes,
        N_("Quotes"),
        (QuoteList.load,),
        "workspace",
        menu=Menu("file-text", READ, group="activity"),
    ),
    Page("/w/[tenant]/invoices/[document]", document, N_("Document"), (Documents.load, Editor.open), "workspace"),
    Page(
        "/w/[tenant]/treasury",
        treasury,
        N_("Treasury"),
        (TreasuryPage.load,),
        "workspace",
        menu=Menu("chart-column", READ, group="activity"),
    ),
)
navigation.add_action(Action(N_("New invoice"), "invoices", "receipt-text", MANAGE))
