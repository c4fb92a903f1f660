"""/me/wallet: what one has, buying more, every movement in words."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, button_link
from carehub.components.display import (
    badge,
    banner,
    empty_state,
    error_state,
    loading_state,
    moment,
    money,
    panel,
)
from carehub.components.fields import checkbox, field, text_input
from carehub.components.forms import form
from carehub.components.i18n import _, date_text, money_text, number_text
from carehub.components.icon import icon
from carehub.components.leaving import Leave
from carehub.components.sheet import sheet
from carehub.components.times import SendForm
from carehub.pages.me.wallet_statement import coin_count, purchases, statement
from carehub.services.wallet.reading import OTHER_PURPOSE, PURPOSES
from carehub.state.wallet import PACKS, MyWallet, Wishes

W: Any = MyWallet
V: Any = MyWallet.view


def _places() -> rx.Component:
    options = rx.foreach(W.places, lambda one: rx.el.option(one.name, value=one.tenant, key=one.tenant))
    chooser = rx.el.select(
        options, value=V.tenant, on_change=MyWallet.visit, class_name="input narrow", aria_label=_("Organisation")
    )
    return rx.cond(W.places.length() > 1, chooser, rx.el.span(rx.el.bdi(V.tenant_name), class_name="i2"))


def _balance() -> rx.Component:
    total = V.available + V.held
    percent = rx.cond(total > 0, V.available * 100 / total, 0)
    bar = rx.el.div(
        rx.el.i(style={"--v": percent.to(str) + "%"}),
        rx.el.i(class_name="hatchbar", style={"--v": (100 - percent).to(str) + "%"}),
        class_name="bar",
        aria_hidden=True,
    )
    legend = rx.el.p(
        rx.el.span(rx.el.i(class_name="lg"), _("free to use"), class_name="row g-1h"),
        rx.el.span(
            rx.el.i(class_name="lg hatchbar"), _("set aside, paid only when the service is done"), class_name="row g-1h"
        ),
        class_name="t-xs i3 row wrap g-4",
    )
    figures = rx.el.dl(
        rx.el.div(rx.el.dt(_("All")), rx.el.dd(number_text(total))),
        rx.el.div(rx.el.dt(_("Set aside")), rx.el.dd(number_text(V.held))),
        rx.el.div(rx.el.dt(_("Of which bonus")), rx.el.dd(number_text(V.bonus))),
        class_name="wkv",
    )
    ending = rx.foreach(
        V.ending,
        lambda one: rx.el.li(
            icon("clock", size="sm"),
            _("{coins} end on {day}", coins=coin_count(one.amount), day=date_text(one.at, style="date")),
            class_name="row g-1h t-sm",
            key=one.at,
        ),
    )
    owed = rx.cond(
        V.owed > 0,
        banner(
            _("You owe {coins}", coins=coin_count(V.owed)),
            _("They were spent, and their money went back to your card. The next coins that you buy fill them first."),
            tone="warn",
        ),
    )
    worth = rx.el.p(_("A coin is worth {price}", price=money_text(V.coin_minor, V.currency)), class_name="t-sm i3")
    head = rx.el.div(
        rx.el.p(_("Available"), class_name="t-sm i3"),
        rx.el.p(number_text(V.available), " ", rx.el.small(_("coins")), class_name="wbig"),
        worth,
    )
    shown = rx.cond(total > 0, rx.el.div(bar, legend, class_name="col g-2"))
    return rx.el.section(
        rx.el.div(head, figures, class_name="row row-t between wrap g-6"),
        shown,
        rx.cond(V.ending.length() > 0, rx.el.ul(ending, class_name="col g-1")),
        owed,
        class_name="card bal",
        aria_label=_("Balance"),
    )


def _pack(coins: int) -> rx.Component:
    picked = rx.el.input(
        type="radio", name="pack", value=str(coins), checked=W.coins == coins,
        on_change=lambda _event: MyWallet.choose_coins(coins),
    )  # fmt: skip
    return rx.el.label(
        picked,
        rx.el.b(number_text(coins)),
        rx.el.span(money(coins * V.coin_minor, V.currency), class_name="t-sm i2"),
        class_name="choice",
    )


def _pay_with() -> rx.Component:
    def option(one: Any) -> rx.Component:
        name = one.brand.upper() + " •••• " + one.last4
        return rx.el.option(name, value=one.id, disabled=one.ended, key=one.id)

    chooser = rx.el.select(
        rx.foreach(V.cards, option),
        rx.el.option(_("Another card, or another way"), value=""),
        value=W.card,
        on_change=MyWallet.choose_pay_card,
        id="pay-card",
        class_name="input",
    )
    return rx.cond(V.cards.length() > 0, field("pay-card", _("Pay with"), chooser))


def _buy() -> rx.Component:
    own = text_input(
        "coins", type="number", min=1, max=10000, value=W.coins.to(str), on_change=MyWallet.choose_coins, input_mode="numeric"
    )  # fmt: skip
    keep = rx.cond(W.card == "", checkbox("save_card", _("Save the card for next time")))
    total = rx.el.p(rx.el.span(_("To pay")), rx.el.b(money(W.coins * V.coin_minor, V.currency)), class_name="wsum")
    label = _("Buy {coins}", coins=coin_count(W.coins))
    ready = SendForm.create(
        rx.el.fieldset(
            rx.el.legend(_("How many coins"), class_name="sr"), *[_pack(coins) for coins in PACKS], class_name="packs"
        ),
        field("coins", _("Or another number"), own),
        _pay_with(),
        keep,
        total,
        button(label, kind="primary", size="lg", block=True, type="submit", busy=W.busy),
        errors={},
        on_send=MyWallet.buy,
    )
    closed = banner(
        _("Coins are not sold online here yet"), _("Ask {name} how to get coins.", name=V.tenant_name), tone="info"
    )
    safe = rx.el.p(
        icon("lock", size="sm"), _("You pay on Stripe's page: the card's number never comes to us."),
        class_name="t-xs i3 row g-1h",
    )  # fmt: skip
    return rx.el.section(
        rx.el.h2(_("Buy coins"), class_name="t-lg"),
        rx.cond(V.takes_cards, rx.fragment(ready, safe), closed),
        class_name="card card-p col g-4",
        id="buy",
    )


def _paid() -> rx.Component:
    one: Any = MyWallet.paid
    done = banner(
        _("{coins} are yours", coins=coin_count(one.coins)), _("The receipt stands among your purchases."), tone="ok"
    )
    waiting = banner(_("Your bank is being asked"), _("The coins come as soon as it has answered."), tone="info")
    refused = banner(
        _("Nothing was paid"),
        rx.cond(one.decline != "", _(one.decline), _("Choose another card, or try again.")),
        tone="warn",
    )
    other = rx.match(one.state, ("open", waiting), ("bought", done), refused)
    return rx.cond(MyWallet.paid, rx.el.div(other, role="status"))


def _held() -> rx.Component:
    def line(one: Any) -> rx.Component:
        known = [(text, _(text)) for text in PURPOSES.values()]
        return rx.el.li(
            rx.el.span(icon("lock"), class_name="wic"),
            rx.el.div(
                rx.el.p(rx.match(one.label, *known, _(OTHER_PURPOSE)), class_name="m"),
                rx.el.p(_("Set aside"), " ", moment(one.since, style="relative"), class_name="t-sm i3"),
                class_name="grow",
            ),
            rx.el.b(coin_count(one.amount)),
            key=one.id,
        )

    return rx.cond(
        V.holds.length() > 0,
        panel(_("Set aside now"), rx.el.ul(rx.foreach(V.holds, line), class_name="lines")),
    )


def _card(one: Any) -> rx.Component:
    state = rx.cond(
        one.ended, badge(_("Ended"), tone="bad"), rx.cond(one.is_default, badge(_("Offered first"), tone="acc"))
    )
    prefer = rx.cond(
        one.is_default,
        rx.fragment(),
        button(_("Offer first"), size="sm", kind="quiet", on_click=MyWallet.prefer_card(one.id)),
    )
    remove = button(
        _("Remove"), size="sm", kind="danger-quiet", on_click=MyWallet.remove_card(one.id),
        aria_label=_("Remove the card that ends in {digits}", digits=one.last4),
    )  # fmt: skip
    return rx.el.li(
        rx.el.span(icon("credit-card"), class_name="wic"),
        rx.el.div(
            rx.el.p(one.brand.upper(), " ", rx.el.bdi("•••• ", one.last4, class_name="ltr"), class_name="m"),
            rx.el.p(_("until {month}", month=one.expires), class_name="t-sm i3"),
            class_name="grow",
        ),
        state,
        rx.el.span(prefer, remove, class_name="row"),
        key=one.id,
    )


def _cards() -> rx.Component:
    add = button(_("Add a card"), size="sm", icon="plus", on_click=MyWallet.add_card)
    none = rx.el.p(_("No card is saved."), class_name="i2 t-sm card-p")
    listed = rx.cond(V.cards.length() > 0, rx.el.ul(rx.foreach(V.cards, _card), class_name="lines"), none)
    return rx.cond(V.takes_cards, panel(_("Saved cards"), listed, action=add))


def _wishes() -> rx.Component:
    return panel(_("When coins run low"), rx.el.div(form(Wishes, submit=_("Save")), class_name="card-p"))


def _ready() -> rx.Component:
    left = rx.el.div(_balance(), _held(), statement(), purchases(), class_name="col g-6 min-w-0")
    right = rx.el.div(_buy(), _cards(), _wishes(), class_name="col g-6 min-w-0")
    return rx.el.div(_paid(), rx.el.div(left, right, class_name="wtop"), class_name="col g-6")


def wallet() -> rx.Component:
    none = empty_state(
        _("You have no coins yet"),
        _("Organisations that work with coins show them here once you are their client."),
        button_link(_("Find a practitioner"), "/search", kind="primary", icon="search"),
        glyph="coins",
    )
    off = empty_state(
        _("This organisation does not work with coins"), _("Your other wallets are not touched."),
        button_link(_("My wallets"), "/me/wallet"), glyph="coins",
    )  # fmt: skip
    body = rx.match(
        W.status,
        ("loading", loading_state()),
        ("none", none),
        ("off", off),
        ("failed", error_state(MyWallet.load)),
        rx.cond(MyWallet.view, _ready()),
    )
    head = rx.el.header(
        rx.el.h1(_("Wallet"), class_name="t-3"), rx.cond(W.status == "ready", _places()), class_name="row between wrap"
    )
    return rx.fragment(sheet("wallet"), sheet("entering"), Leave.create(to=W.away), head, body)
