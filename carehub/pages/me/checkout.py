"""/me/checkout/<id>: pay for an appointment or a package by coins, card or both."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, button_link
from carehub.components.display import banner, empty_state, error_state, loading_state, money
from carehub.components.fields import checkbox, field, text_input
from carehub.components.forms import wrong_text
from carehub.components.i18n import _, money_text, ngettext, sent_text
from carehub.components.icon import icon
from carehub.components.leaving import Leave
from carehub.components.sheet import sheet
from carehub.components.times import MODE_LABELS, Countdown, SendForm, label_of, local_time
from carehub.state.checkout import CheckoutPage

C: Any = CheckoutPage
V: Any = CheckoutPage.view


def _what() -> rx.Component:
    when = rx.el.p(
        local_time(V.local_start, "long"),
        _(", "),
        local_time(V.local_start),
        " · ",
        label_of(MODE_LABELS, V.mode),
        class_name="i3 t-sm",
    )
    booking = V.kind == "booking"
    who = rx.cond(V.practitioner != "", rx.fragment(" · ", rx.el.bdi(V.practitioner)))
    about = rx.el.div(rx.el.p(rx.el.bdi(V.title), who, class_name="b"), rx.cond(booking, when), class_name="grow")
    left = rx.el.span(
        Countdown.create(until=V.expires_at, on_end=CheckoutPage.load),
        rx.el.br(),
        rx.el.span(_("kept"), class_name="i3 t-xs"),
        class_name="te t-sm",
    )
    return rx.el.div(
        rx.cond(booking, icon("calendar-check"), icon("archive")), about, rx.cond(booking, left), class_name="held"
    )


def _line(one: Any) -> rx.Component:
    amount = rx.el.span(money(one.amount_minor, V.currency), class_name=rx.cond(one.amount_minor < 0, "less", ""))
    return rx.el.div(rx.el.dt(sent_text(one.key, one.params)), rx.el.dd(amount), key=one.key)


def _coin_count(count: Any) -> rx.Var[str]:
    return ngettext("{n} coin", "{n} coins", count)


def _coins() -> rx.Component:
    slider = rx.el.input(
        id="coins",
        type="range",
        min=0,
        max=C.coins_most,
        value=C.coins,
        on_change=CheckoutPage.choose_coins,
        class_name="range",
        custom_attrs={"aria-valuetext": _coin_count(C.coins)},
    )
    head = rx.el.div(
        rx.el.label(
            _("Use {used} of your {have} coins", used=C.coins, have=V.coins_have), html_for="coins", class_name="m"
        ),
        rx.el.span(money(C.coins_minor, V.currency), class_name="i2"),
        class_name="row between row-b",
    )
    legend = rx.el.p(
        rx.el.span(rx.el.i(class_name="lgd"), _("your coins"), class_name="row g-1h"),
        rx.cond(
            C.card_minor > 0,
            rx.el.span(
                rx.el.i(class_name="lgd is-card"),
                rx.cond(
                    V.cards,
                    _("{amount} by card", amount=money_text(C.card_minor, V.currency)),
                    _("{amount} are missing", amount=money_text(C.card_minor, V.currency)),
                ),
                class_name="row g-1h",
            ),
        ),
        class_name="t-xs i3 row between",
    )
    none = rx.el.p(_("You have no coins here yet."), class_name="i2 t-sm")
    body = rx.cond(C.coins_most > 0, rx.fragment(head, slider, legend), none)
    return rx.el.section(
        rx.el.h2(_("Your coins"), class_name="t-1"),
        rx.el.div(body, class_name="card card-p col g-3"),
        class_name="col g-3",
    )


def _card() -> rx.Component:
    """What coins do not cover: a saved card first, or another one."""

    def option(one: Any) -> rx.Component:
        return rx.el.option(one.brand.upper() + " •••• " + one.last4 + " · " + one.expires, value=one.id, key=one.id)

    chooser = rx.el.select(
        rx.foreach(V.saved, option),
        rx.el.option(_("Another card, or another way"), value=""),
        value=C.card,
        on_change=CheckoutPage.choose_card,
        id="pay-card",
        class_name="input",
    )
    keep = checkbox("save_card", _("Save the card for next time"), on_change=CheckoutPage.keep_card)
    safe = rx.el.p(
        icon("lock", size="sm"), _("You pay on Stripe's page: the card's number never comes to us."),
        class_name="t-xs i3 row g-1h",
    )  # fmt: skip
    return rx.el.section(
        rx.el.h2(_("Your card"), class_name="t-1"),
        rx.el.div(
            rx.cond(V.saved.length() > 0, field("pay-card", _("Pay with"), chooser)),
            rx.cond(C.card == "", rx.fragment(keep, safe)),
            class_name="card card-p col g-3",
        ),
        class_name="col g-3",
    )


def _session() -> rx.Component:
    box = checkbox(
        "session", _("Use a session of your package"), checked=V.use_session, on_change=CheckoutPage.use_session
    )
    return rx.cond(V.has_session, rx.el.div(box, class_name="card card-p"))


def _code() -> rx.Component:
    error = wrong_text(C.errors, "code")
    typed = SendForm.create(
        field(
            "code",
            _("Code"),
            text_input("code", error=error, max_length=40, auto_capitalize="characters"),
            error=error,
            optional=True,
        ),
        button(_("Use it"), size="sm", type="submit", class_name="self-start"),
        errors=C.errors,
        on_send=CheckoutPage.use_code,
    )
    used = rx.el.div(
        icon("tag"),
        rx.el.bdi(V.code, class_name="grow m"),
        button(_("Remove"), kind="quiet", size="sm", on_click=CheckoutPage.drop_code),
        class_name="row",
    )
    return rx.cond(V.code != "", used, typed)


def _pay_button() -> rx.Component:
    due = money_text(V.due_minor, V.currency)
    label = rx.cond(
        V.kind == "package",
        _("Buy for {amount}", amount=due),
        rx.cond(V.due_minor > 0, _("Book and set {amount} aside", amount=due), _("Book")),
    )
    enough = (C.card_minor == 0) | V.cards
    return button(label, kind="primary", size="lg", block=True, on_click=CheckoutPage.pay, disabled=~enough)


def _policy() -> rx.Component:
    def line(shown: Any, text: Any) -> rx.Component:
        return rx.cond(shown, rx.el.p(icon("undo-2", size="sm"), text, class_name="t-xs i3 row g-1h"))

    late, absent = money_text(V.late_minor, V.currency), money_text(V.no_show_minor, V.currency)
    aside = _(
        "Set aside, not spent: it is taken when the appointment is done, and comes back if it is refused or cancelled in time."
    )
    booking = V.kind == "booking"
    return rx.fragment(
        rx.cond(booking & (V.due_minor > 0), rx.el.p(aside, class_name="t-sm i2")),
        line(
            booking & (V.due_minor > 0),
            ngettext(
                "What nobody has marked {n} day after its end counts as done.",
                "What nobody has marked {n} days after its end counts as done.",
                V.done_days,
            ),
        ),
        line(booking, _("Cancelling is free until {hours} hours before.", hours=V.free_hours)),
        line(booking & (V.late_minor > 0), _("After that the fee is {fee}.", fee=late)),
        line(booking & (V.no_show_minor > 0), _("The fee for not coming is {fee}.", fee=absent)),
    )


def _summary(*more: rx.Component) -> rx.Component:
    total = rx.el.div(rx.el.dt(_("To pay now")), rx.el.dd(money(V.due_minor, V.currency)), class_name="tot")
    return rx.el.aside(
        rx.el.h2(_("Summary"), class_name="t-lg"),
        rx.el.dl(rx.foreach(V.lines, _line), total, class_name="sum"),
        *more,
        class_name="card co-s",
        aria_label=_("Summary"),
    )


def _open() -> rx.Component:
    missing = banner(
        _("Your coins do not cover it"),
        _("Get more coins, or ask {name} how else you can pay.", name=V.tenant_name),
        tone="warn",
    )
    refused = banner(
        _("Payment failed"),
        rx.fragment(_(V.refused), ". ", _("Nothing was taken, and your time stays kept: choose another way to pay.")),
        tone="warn",
    )
    left = rx.el.div(
        rx.cond(V.refused != "", refused),
        _what(),
        _session(),
        rx.cond(V.due_minor > 0, _coins()),
        rx.cond((C.card_minor > 0) & V.cards, _card()),
        rx.cond((C.card_minor > 0) & ~V.cards, missing),
        class_name="col g-6",
    )
    return rx.el.div(left, _summary(_code(), _pay_button(), _policy()), class_name="co")


def _part(one: Any) -> rx.Component:
    def units(count: Any) -> rx.Component:
        return rx.cond(one.currency == "COIN", _coin_count(count), money(count, one.currency))

    name = rx.match(one.kind, ("coins", _("Your coins")), ("session", _("A session of your package")), _("Your card"))
    kept = rx.cond(one.kept > 0, rx.el.small(_("of which taken:"), " ", units(one.kept)))
    return rx.el.div(rx.el.dt(name), rx.el.dd(units(one.units), kept), key=one.kind + one.currency)


def _over() -> rx.Component:
    def said(tone: str, title: Any, text: Any) -> rx.Component:
        return banner(title, text, tone=tone)

    words = rx.match(
        V.state,
        ("held", said("ok", _("The appointment is booked"), _("What you paid is set aside until it is done."))),
        (
            "captured",
            rx.cond(
                V.kind == "package",
                said("ok", _("The package is yours"), _("Choose a time: its sessions are offered when you book.")),
                said("ok", _("Paid"), _("This was taken for the appointment.")),
            ),
        ),
        ("released", said("info", _("Given back"), _("All that was set aside is yours again."))),
        (
            "paying",
            said(
                "info", _("Your bank is being asked"), _("Your time stays kept meanwhile. This page goes on by itself.")
            ),
        ),
        ("lost", said("warn", _("The time was taken meanwhile"), _("Nothing was kept: all of it is yours again."))),
        said("warn", _("The time to pay has run out"), _("Nothing was taken. Choose a time again.")),
    )
    paid = rx.cond(V.parts.length() > 0, rx.el.dl(rx.foreach(V.parts, _part), class_name="sum"))
    again = rx.cond(
        V.practitioner_slug != "",
        button_link(_("Choose a time"), "/t/" + V.tenant + "/p/" + V.practitioner_slug, kind="primary"),
        button_link(_("Choose a time"), "/t/" + V.tenant, kind="primary"),
    )
    done = (V.state == "held") | ((V.state == "captured") & (V.kind == "booking"))
    go_on = rx.el.div(
        button(_("Go on to your bank"), kind="primary", on_click=CheckoutPage.pay),
        button(_("Pay in another way"), on_click=CheckoutPage.change_mind),
        class_name="row wrap",
    )
    mine = button_link(_("My appointments"), "/me/appointments", kind="primary")
    follow = rx.cond(V.state == "paying", go_on, rx.cond(done, mine, again))
    left = rx.el.div(words, _what_plain(), follow, class_name="col g-6 items-start")
    return rx.el.div(left, _summary(paid), class_name="co")


def _what_plain() -> rx.Component:
    when = rx.cond(
        V.local_start != "",
        rx.el.p(local_time(V.local_start, "long"), _(", "), local_time(V.local_start), class_name="i3 t-sm"),
    )
    who = rx.el.p(rx.el.bdi(V.title), " · ", rx.el.bdi(V.tenant_name), class_name="b")
    return rx.el.div(icon("calendar-check"), rx.el.div(who, when, class_name="grow"), class_name="held w-full")


def checkout() -> rx.Component:
    gone = empty_state(
        _("This payment does not exist"),
        _("It may belong to another account."),
        button_link(_("My appointments"), "/me/appointments"),
        glyph="wallet",
    )
    body = rx.match(
        C.status,
        ("loading", loading_state()),
        ("missing", gone),
        ("failed", error_state(CheckoutPage.load)),
        rx.cond(V.state == "open", _open(), _over()),
    )
    title = rx.cond(C.status == "ready", rx.cond(V.state == "open", _("Pay and book"), _("Payment")), _("Payment"))
    return rx.fragment(sheet("pay"), Leave.create(to=C.away), rx.el.h1(title, class_name="t-3"), body)
