"""/w/<tenant>/wallet: coins by hand with two people, purchases and refunds, what the night found; /w/<tenant>/payments: every payment."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import (
    badge,
    error_state,
    loading_state,
    moment,
    money,
    panel,
    refused_state,
)
from carehub.components.forms import form
from carehub.components.i18n import _, date_text, ngettext, number_text
from carehub.components.lists import listing
from carehub.components.navigation import Menu
from carehub.components.overlay import DialogTrigger, confirm_dialog
from carehub.components.page import Page
from carehub.components.sheet import sheet
from carehub.core.i18n import N_
from carehub.services.wallet.desk import DIFFERENCES, MANAGE, READ
from carehub.services.wallet.reading import STATES
from carehub.state.books import Books, GiveCoins, PaymentList

B: Any = Books
ANSWERS = {
    "asked": (N_("Waits for a colleague"), "warn"),
    "approved": (N_("Approved"), "ok"),
    "refused": (N_("Refused"), "out"),
}


def _adjustment(one: Any) -> rx.Component:
    state = rx.match(
        one.state, *[(code, badge(_(text), tone=tone)) for code, (text, tone) in ANSWERS.items()], rx.fragment()
    )
    buttons = rx.el.span(
        button(_("Approve"), size="sm", on_click=Books.answer(one.id, True)),
        button(_("Refuse"), size="sm", kind="danger-quiet", on_click=Books.answer(one.id, False)),
        class_name="row",
    )
    waits = rx.cond(
        one.state == "asked",
        rx.cond(
            one.mine, rx.el.span(_("Somebody else must answer it"), class_name="t-xs i3"), only_with(MANAGE, buttons)
        ),
    )
    by = rx.el.p(
        _("asked by {name}", name=one.asked_by), " · ", moment(one.at),
        rx.cond(one.answered_by != "", rx.fragment(" · ", _("answered by {name}", name=one.answered_by))), class_name="t-sm i3",
    )  # fmt: skip
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.bdi(one.person), " · ", rx.el.bdi(number_text(one.amount), class_name="num ltr"), class_name="m"
            ),
            rx.el.p(rx.el.bdi(one.reason), class_name="t-sm"),
            by,
            class_name="grow",
        ),
        state,
        waits,
        key=one.id,
    )


def _sale(one: Any) -> rx.Component:
    state = rx.match(
        one.state, *[(str(code), badge(_(text), tone=tone)) for code, (text, tone) in STATES.items()], rx.fragment()
    )
    back = confirm_dialog(
        DialogTrigger.create(_("Give back"), class_name="btn btn-s btn-sm"),
        _("Give {n} coins back to the card?", n=one.left),
        _("The coins leave the wallet at once, and their money goes back the way it came."),
        _("Give back"),
        Books.give_back(one.id, one.left),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.bdi(one.person), " · ", ngettext("{n} coin", "{n} coins", one.coins), class_name="m"),
            rx.el.p(moment(one.at), " · ", money(one.price_minor, one.currency), class_name="t-sm i3"),
            class_name="grow",
        ),
        state,
        rx.cond(one.left > 0, only_with(MANAGE, back)),
        key=one.id,
    )


def _package(one: Any) -> rx.Component:
    back = confirm_dialog(
        DialogTrigger.create(_("Give back"), class_name="btn btn-s btn-sm"),
        _("Give {n} unused sessions back?", n=one.unused),
        _(
            "They can no longer be booked, and what was paid for them goes back the way it came: to the wallet and to the card."
        ),
        _("Give back"),
        Books.return_sessions(one.id, one.unused),
    )
    left = rx.cond(
        one.returned > 0,
        _("{unused} of {n} sessions unused, {back} given back", unused=one.unused, n=one.sessions, back=one.returned),
        _("{unused} of {n} sessions unused", unused=one.unused, n=one.sessions),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.bdi(one.person), " · ", rx.el.bdi(one.name), class_name="m"),
            rx.el.p(moment(one.at), " · ", money(one.price_minor, one.currency), " · ", left, class_name="t-sm i3"),
            class_name="grow",
        ),
        rx.cond(one.unused > 0, only_with(MANAGE, back)),
        key=one.id,
    )


def _difference(one: Any) -> rx.Component:
    label = rx.match(one.label, *[(text, _(text)) for text in DIFFERENCES.values()], one.label)
    return rx.el.li(
        rx.el.div(
            rx.el.p(label, class_name="m"),
            rx.el.p(
                date_text(one.day, style="date"),
                " · ",
                rx.el.bdi(one.note),
                " ",
                rx.el.bdi(one.ref),
                class_name="t-sm i3",
            ),
            class_name="grow",
        ),
        rx.el.span(
            _("here"),
            " ",
            money(one.ours, one.currency),
            " · ",
            "Stripe",
            " ",
            money(one.theirs, one.currency),
            class_name="t-sm",
        ),
        rx.cond(one.mended, badge(_("Brought up to date"), tone="ok"), badge(_("Look at it"), tone="warn")),
        key=one.id,
    )


def _lines(found: Any, line: Any, none: Any) -> rx.Component:
    return rx.cond(
        found.length() > 0,
        rx.el.ul(rx.foreach(found, line), class_name="lines"),
        rx.el.p(none, class_name="i2 t-sm card-p"),
    )


def books_page() -> rx.Component:
    give = panel(_("Coins by hand"), rx.el.div(form(GiveCoins, submit=_("Go on")), class_name="card-p"))
    asked = panel(_("Corrections"), _lines(B.adjustments, _adjustment, _("Nothing was corrected by hand.")))
    sold = panel(_("Purchases"), _lines(B.sales, _sale, _("No coins were bought yet.")))
    packages = panel(_("Packages"), _lines(B.packages, _package, _("No package was bought yet.")))
    night = panel(
        _("Compared with Stripe every night"),
        _lines(B.differences, _difference, _("No differences: what Stripe has is what stands here.")),
    )
    left = rx.el.div(asked, sold, packages, night, class_name="col g-6 min-w-0")
    ready = rx.el.div(left, only_with(MANAGE, give), class_name="wtop")
    body = rx.match(
        B.status,
        ("loading", loading_state()),
        ("refused", refused_state()),
        ("failed", error_state(Books.load)),
        ready,
    )
    return rx.fragment(
        sheet("wallet"), rx.el.h1(_("Coins"), class_name="sr"), rx.el.div(body, class_name="page-w card-p")
    )


def payments_page() -> rx.Component:
    return listing(PaymentList)


PAGES = (
    Page(
        "/w/[tenant]/wallet", books_page, N_("Coins"), (Books.load, GiveCoins.open), "workspace",
        menu=Menu("coins", READ, group="activity"),
    ),
    Page(
        "/w/[tenant]/payments", payments_page, N_("Payments by card"), (PaymentList.load,), "workspace",
        menu=Menu("credit-card", READ, group="activity"),
    ),
)  # fmt: skip
