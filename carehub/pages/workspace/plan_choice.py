"""What an owner may choose: plans beside each other, add-ons, and what takes something off."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import badge, card, money, panel
from carehub.components.i18n import _, ngettext, number_text
from carehub.components.icon import icon
from carehub.state.plan import MANAGE, OwnPlan

P: Any = OwnPlan
V: Any = OwnPlan.page
S: Any = OwnPlan.page.subscription


def _held(offer: Any) -> rx.Component:
    people = rx.cond(
        offer.practitioners > 0,
        ngettext("{n} who works here", "{n} who work here", offer.practitioners),
        _("As many as work here"),
    )
    clients = rx.cond(
        offer.patients > 0,
        _("{n} new {clients} a month", n=number_text(offer.patients)),
        _("As many {clients} as come"),
    )
    texts = rx.cond(
        offer.texts > 0, _("{n} text messages a month", n=number_text(offer.texts)), _("Text messages as agreed")
    )
    return rx.el.ul(
        *(rx.el.li(icon("check", size="sm"), one, class_name="row g-2") for one in (people, clients, texts)),
        class_name="col g-1 i2",
    )


def _verb(offer: Any) -> rx.Component:
    start = rx.cond(S.trial_open, _("Try it for 14 days"), _("Subscribe"))
    go = button(
        rx.cond(S.live, _("Change to it"), start),
        kind="soft",
        size="sm",
        on_click=P.choose_plan(offer.code),
        busy=P.busy == "start",
        aria_label=_("{act}: {what}", act=rx.cond(S.live, _("Change to it"), start), what=_(offer.label)),
    )
    ask = button(
        _("Ask for it"),
        size="sm",
        on_click=P.ask(offer.code),
        aria_label=_("{act}: {what}", act=_("Ask for it"), what=_(offer.label)),
    )
    may_pay = V.can_pay & offer.sold & ~S.failed
    down = (offer.code == "free") & S.live
    return only_with(
        MANAGE,
        rx.cond(
            offer.mine | offer.asked | (V.use.plan == "") | down,
            rx.fragment(),
            rx.cond(
                may_pay,
                go,
                rx.cond(V.can_pay & offer.sold, rx.fragment(), rx.cond(offer.code == "free", rx.fragment(), ask)),
            ),
        ),
    )


def _offer(offer: Any) -> rx.Component:
    monthly = rx.fragment(money(offer.price, V.currency), " ", rx.el.span(_("a month"), class_name="t-sm i3"))
    price = rx.cond(offer.price < 0, _("As agreed"), monthly)
    mark = rx.cond(offer.mine, badge(_("Yours"), tone="ok"), rx.cond(offer.asked, badge(_("Asked for"), tone="warn")))
    over = rx.cond(
        offer.over & ~offer.mine,
        rx.el.p(_("More work here than it holds: they stay, only newcomers wait."), class_name="t-xs i3"),
    )
    return card(
        rx.el.div(rx.el.h3(_(offer.label), class_name="t-md"), rx.el.span(mark, class_name="end"), class_name="row"),
        rx.el.p(price, class_name="b t-lg"),
        _held(offer),
        over,
        rx.el.div(_verb(offer), class_name="mt-auto"),
        class_name="col g-3",
        key=offer.code,
    )


def plans() -> rx.Component:
    first = rx.cond(
        V.can_pay & S.trial_open,
        rx.el.p(
            _("The first subscription begins with 14 days for free. Cancel whenever you like."), class_name="i2 t-sm"
        ),
    )
    grid = rx.el.div(rx.foreach(V.offers, _offer), class_name="grid gap-4 sm:grid-cols-2")
    return rx.el.section(rx.el.h2(_("Plans"), class_name="t-lg"), first, grid, class_name="col g-4")


def _addon(one: Any) -> rx.Component:
    held = one.held | P.picked.contains(one.code)
    act = rx.cond(
        one.included,
        badge(_("In your plan"), tone="ok"),
        rx.cond(
            V.can_pay & ~S.failed,
            only_with(
                MANAGE,
                button(
                    rx.cond(held, _("Remove"), _("Add")),
                    size="sm",
                    on_click=P.switch_addon(one.code),
                    aria_label=_("{act}: {what}", act=rx.cond(held, _("Remove"), _("Add")), what=_(one.label)),
                    custom_attrs={"aria-pressed": rx.cond(held, "true", "false")},
                ),
            ),
        ),
    )
    given = rx.cond(one.granted & ~one.held, badge(_("Open to you already"), tone="info"))
    return rx.el.li(
        rx.el.div(
            rx.el.span(rx.el.strong(_(one.label)), " ", given),
            rx.el.span(_(one.about), class_name="t-sm i2"),
            class_name="col",
            style={"flex": "1 1 14rem"},
        ),
        rx.el.span(money(one.price, V.currency), " ", rx.el.span(_("a month"), class_name="t-xs i3")),
        act,
        class_name="row wrap g-3",
        key=one.code,
    )


def addons() -> rx.Component:
    waits = rx.cond(
        ~S.live & (P.picked.length() > 0),
        rx.el.p(_("Chosen with the plan that you subscribe to next."), class_name="t-sm i3"),
    )
    body = rx.el.div(rx.el.ul(rx.foreach(V.addons, _addon), class_name="col g-4"), waits, class_name="card-p col g-3")
    return panel(_("Add-ons"), body)


def discount() -> rx.Component:
    one = V.discount
    has = _(
        "{percent}% off each month: {n} parts of public profiles were written in the last {days} days.",
        percent=number_text(one.percent),
        n=one.contributions,
        days=one.days,
    )
    none = _(
        "Who contributes pays less. Presentations, approaches, pictures and videos of public profiles count: {n} in the last {days} days.",
        n=one.contributions,
        days=one.days,
    )
    more = rx.cond(
        one.more > 0,
        rx.el.p(_("{n} more bring {percent}% off.", n=one.more, percent=number_text(one.then)), class_name="t-sm i3"),
    )
    return panel(
        _("Contributors' discount"),
        rx.el.div(rx.el.p(rx.cond(one.percent > 0, has, none)), more, class_name="card-p col g-2"),
    )
