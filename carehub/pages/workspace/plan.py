"""/w/<tenant>/settings/plan: what the plan holds and how much is used; ask for another (SQ-125..128)"""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import badge, card, loading_state, money, tile, tiles, used
from carehub.components.i18n import _
from carehub.components.navigation import FOUND, Menu
from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.workspace.settings.frame import settings_page
from carehub.state.plan import OFFERS, Offer, OwnPlan

P: Any = OwnPlan


def _holds(offer: Offer) -> list[rx.Component]:
    people = _("{n} who work here", n=offer.practitioners) if offer.practitioners else _("As many as work here")
    clients = _("{n} new {clients} a month", n=offer.patients) if offer.patients else _("As many {clients} as come")
    return [rx.el.li(people), rx.el.li(clients)]


def _offer(offer: Offer) -> rx.Component:
    price = _("As agreed") if offer.price < 0 else rx.fragment(money(offer.price, offer.currency), " ", _("a month"))
    ask = only_with("settings.manage", button(_("Ask for it"), size="sm", on_click=P.ask(offer.code)))
    mark = rx.match(
        offer.code,
        (P.shown.plan, badge(_("Yours"), tone="ok")),
        (P.shown.asked, badge(_("Asked for"), tone="warn")),
        rx.cond(P.shown.plan != "", ask),
    )
    return card(
        rx.el.div(rx.el.h3(_(offer.label), class_name="t-md"), rx.el.span(mark, class_name="end"), class_name="row"),
        rx.el.p(price, class_name="b"),
        rx.el.ul(*_holds(offer), class_name="col g-1 i2"),
        class_name="col g-3",
    )


def plan_page() -> rx.Component:
    one = P.shown
    figures = tiles(
        tile(_("{Practitioners}"), used(one.practitioners, one.practitioners_limit)),
        tile(_("New {clients} this month"), used(one.patients, one.patients_limit)),
    )
    free = rx.cond(
        one.plan == "", rx.el.p(_("Your organisation was here before plans: it has no limits."), class_name="i2")
    )
    about = _("At the edge of a plan only what is new waits. Nothing that you have is taken away.")
    cards = rx.el.div(*map(_offer, OFFERS), class_name="grid gap-4 sm:grid-cols-2")
    ready = rx.fragment(figures, free, cards)
    return settings_page(_("Plan"), about, rx.cond(P.loaded, ready, loading_state()))


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
