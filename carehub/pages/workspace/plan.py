"""/w/<tenant>/settings/plan: what the plan holds and costs, its add-ons and invoices; choose, change, cancel, pay. SQ-125..128, SQ-131"""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import (
    banner,
    error_state,
    facts,
    loading_state,
    moment,
    panel,
    tile,
    tiles,
    toned_badge,
    used,
)
from carehub.components.i18n import _, date_text, ngettext
from carehub.components.leaving import Leave
from carehub.components.navigation import FOUND, Menu
from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.workspace.plan_choice import addons, discount, plans
from carehub.pages.workspace.plan_paying import amount, cancel_dialog, change_dialog, invoices, tone
from carehub.pages.workspace.settings.frame import settings_page
from carehub.state.plan import MANAGE, OwnPlan

P: Any = OwnPlan
V: Any = OwnPlan.page
S: Any = OwnPlan.page.subscription
TONES = {"trialing": "info", "active": "ok", "past_due": "bad", "unpaid": "bad", "canceled": "out"}


# what needs to be known first


def _failed() -> rx.Component:
    said = _(
        "{amount} could not be taken from {card}. Everything goes on until {until}; then the free plan follows, with all your data.",
        amount=amount(S.open_minor),
        card=S.card,
        until=date_text(S.grace_ends_at, style="date"),
    )
    ways = rx.el.div(
        button(_("Try this card again"), size="sm", on_click=P.pay),
        button(_("Pay with another card"), kind="primary", size="sm", on_click=P.new_card, busy=P.busy == "card"),
        class_name="row wrap g-2",
    )
    again = rx.cond(S.decline != "", rx.el.p(_(S.decline), class_name="b", role="status"))
    return rx.el.div(
        banner(_("Your payment failed"), said, tone="bad"), again, only_with(MANAGE, ways), class_name="col g-3"
    )


def _cancels() -> rx.Component:
    said = _("Until then everything stays open; afterwards the free plan follows, with all your data.")
    title = _("Your plan ends on {day}", day=date_text(S.period_ends_at, style="date"))
    go_on = only_with(MANAGE, button(_("Go on after all"), size="sm", on_click=P.resume))
    return banner(title, said, tone="warn", action=go_on)


def _trial() -> rx.Component:
    title = ngettext("{n} day of your trial is left", "{n} days of your trial are left", S.trial_days)
    said = _(
        "On {day} your card pays {amount} for the first month, unless you cancel before.",
        day=date_text(S.trial_ends_at, style="date"),
        amount=amount(S.next_minor),
    )
    return banner(title, said, tone="info")


def _notes() -> rx.Component:
    waits = banner(_("Your choice is being carried out"), _("This page follows by itself."), tone="info")
    refused = banner(_("The last payment was refused"), _(S.decline), tone="warn")
    return rx.fragment(
        rx.cond(S.failed, _failed(), rx.cond(S.decline != "", refused)),
        rx.cond(S.cancels, _cancels(), rx.cond(S.state == "trialing", _trial())),
        rx.cond((S.under_way != "") & (S.under_way != "begin") & (S.under_way != "card"), waits),
    )


# what one has


def _figures() -> rx.Component:
    one = V.use
    return tiles(
        tile(_("{Practitioners}"), used(one.practitioners, one.practitioners_limit)),
        tile(_("New {clients} this month"), used(one.patients, one.patients_limit)),
        rx.cond(
            S.next_minor >= 0,
            tile(_("Next invoice"), amount(S.next_minor), date_text(S.period_ends_at, style="date")),
        ),
    )


def _subscription() -> rx.Component:
    pairs = facts(
        (_("State"), toned_badge(_(S.label), tone(S.state, TONES))),
        (_("Pays by"), rx.cond(S.card != "", rx.el.bdi(S.card, class_name="ltr"), _("no card yet"))),
        (_("Renews"), rx.cond(S.cancels, _("not any more"), moment(S.period_ends_at, style="date"))),
    )
    act = only_with(
        MANAGE,
        rx.el.div(
            button(_("Change the card"), size="sm", icon="credit-card", on_click=P.new_card, busy=P.busy == "card"),
            rx.cond(
                ~S.cancels, button(_("Cancel the plan"), kind="danger-quiet", size="sm", on_click=P.choose_plan("free"))
            ),
            class_name="row wrap g-2",
        ),
    )
    return panel(_("Your subscription"), rx.el.div(pairs, act, class_name="card-p col g-4"))


def _ready() -> rx.Component:
    before = rx.el.p(_("Your organisation was here before plans: it has no limits."), class_name="i2")
    agreed = banner(
        _("Your plan is as agreed with CareHub"), _("Write to us to change it: nothing is charged here."), tone="info"
    )
    return rx.fragment(
        rx.cond(V.use.plan == "", before, rx.cond(V.use.agreed, agreed)),
        _notes(),
        _figures(),
        rx.cond(S.live | S.failed, _subscription()),
        plans(),
        rx.cond(~V.hands_off, rx.fragment(addons(), discount())),
        rx.cond(S.state != "none", invoices()),
        change_dialog(),
        cancel_dialog(),
    )


def plan_page() -> rx.Component:
    about = _("At the edge of a plan only what is new waits. Nothing that you have is taken away.")
    body = rx.match(
        P.status,
        ("loading", loading_state(rows=6)),
        ("failed", error_state(P.load)),
        rx.el.div(_ready(), class_name="col g-6"),
    )
    return rx.fragment(Leave.create(to=P.away), settings_page(_("Plan"), about, body))


PAGES = (
    Page(
        "/w/[tenant]/settings/plan",
        plan_page,
        N_("Plan"),
        (OwnPlan.load,),
        "workspace",
        menu=Menu("badge-percent", "settings.read", FOUND),
    ),
)
