"""The wallet's movements and purchases, each in words."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, file_link
from carehub.components.display import badge, empty_state, moment, money, panel
from carehub.components.i18n import _, ngettext, number_text
from carehub.components.icon import icon
from carehub.services.ledger.wallets import KINDS
from carehub.services.wallet.reading import PURPOSES, STATES
from carehub.state.wallet import MyWallet

W: Any = MyWallet
V: Any = MyWallet.view
GLYPHS = {
    "purchase": "credit-card",
    "bonus": "gift",
    "hold": "lock",
    "capture": "calendar-check",
    "release": "undo-2",
    "refund": "undo-2",
    "expiry": "clock",
    "adjustment": "pencil",
    "return": "undo-2",
}
REASONED = ("bonus", "adjustment", "refund")


def coin_count(count: Any) -> rx.Var[str]:
    return ngettext("{n} coin", "{n} coins", count)


def _amount(one: Any) -> rx.Component:
    free = rx.cond(
        one.free > 0,
        rx.el.span("+", number_text(one.free), class_name="up"),
        rx.cond(
            one.free < 0, rx.el.span("−", number_text(-one.free), class_name="b"), rx.el.span("0", class_name="i3")
        ),
    )
    return rx.el.bdi(free, class_name="num ltr")


def _movement(one: Any) -> rx.Component:
    glyph = rx.match(one.kind, *[(kind, icon(name)) for kind, name in GLYPHS.items()], icon("coins"))
    label = rx.match(one.kind, *[(kind, _(text)) for kind, text in KINDS.items()], one.kind)
    why = rx.match(one.purpose, *[(kind, _(text)) for kind, text in PURPOSES.items()], "")
    reason = rx.match(one.kind, *[(kind, rx.el.bdi(one.reason)) for kind in REASONED], rx.fragment())
    aside = rx.cond(
        one.kind == "capture",
        rx.el.p(_("{coins} of what was set aside", coins=coin_count(-one.held - one.free)), class_name="t-xs i3"),
    )
    after = rx.cond(
        one.balance.is_not_none(),
        rx.el.span(_("{n} free afterwards", n=number_text(one.balance)), class_name="t-xs i3"),
    )
    return rx.el.li(
        rx.el.span(glyph, class_name="wic"),
        rx.el.div(
            rx.el.p(label, class_name="m"),
            rx.el.p(moment(one.at), rx.cond(why != "", rx.fragment(" · ", why)), " ", reason, class_name="t-sm i3"),
            aside,
            class_name="grow",
        ),
        rx.el.div(_amount(one), after, class_name="col te"),
        key=one.id,
    )


def statement() -> rx.Component:
    months = rx.el.select(
        rx.el.option(_("All time"), value=""),
        rx.foreach(W.months, lambda one: rx.el.option(one, value=one, key=one)),
        value=W.month,
        on_change=MyWallet.narrow_month,
        class_name="input narrow",
        aria_label=_("Month"),
    )
    kinds = rx.el.select(
        rx.el.option(_("All kinds"), value=""),
        *[rx.el.option(_(text), value=kind) for kind, text in KINDS.items()],
        value=W.kind,
        on_change=MyWallet.narrow_kind,
        class_name="input narrow",
        aria_label=_("Kind"),
    )
    base = "/api/me/wallet/" + V.tenant + "/statement"
    asked = "?month=" + W.month + "&kind=" + W.kind
    files = rx.el.span(
        file_link(icon("download"), "PDF", href=base + ".pdf" + asked),
        file_link(icon("download"), "CSV", href=base + ".csv" + asked),
        class_name="row",
    )
    bar = rx.el.div(rx.el.div(months, kinds, class_name="row wrap"), files, class_name="row between wrap g-3 card-p")
    none = empty_state(_("No movement yet"), _("Coins that you buy and spend stand here."), glyph="coins")
    more = rx.cond(
        W.older != "", rx.el.div(button(_("Show older ones"), on_click=MyWallet.more), class_name="card-p row")
    )
    found = rx.cond(W.movements.length() > 0, rx.el.ul(rx.foreach(W.movements, _movement), class_name="lines"), none)
    return panel(_("Statement"), bar, found, more)


def _purchase(one: Any) -> rx.Component:
    state = rx.match(
        one.state, *[(str(code), badge(_(text), tone=tone)) for code, (text, tone) in STATES.items()], rx.fragment()
    )
    receipt = rx.cond(
        one.receipt != "",
        file_link(icon("receipt"), _("Receipt"), href=one.receipt, class_name="btn btn-q btn-sm"),
    )
    by_itself = rx.cond(one.automatic, rx.el.span(" · ", _("bought by itself")))
    return rx.el.li(
        rx.el.div(
            rx.el.p(coin_count(one.coins), " · ", money(one.price_minor, one.currency), class_name="m"),
            rx.el.p(
                moment(one.at), rx.cond(one.paid_with != "", " · " + one.paid_with, ""), by_itself, class_name="t-sm i3"
            ),
            class_name="grow",
        ),
        state,
        receipt,
        key=one.id,
    )


def purchases() -> rx.Component:
    return rx.cond(
        W.purchases.length() > 0,
        panel(_("Purchases"), rx.el.ul(rx.foreach(W.purchases, _purchase), class_name="lines")),
    )
