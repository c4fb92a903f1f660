"""/w/<tenant>/settings/plan: what the plan holds and costs, its add-ons and invoices; choose, change, cancel, pay. SQ-125..128, SQ-131"""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button, file_link
from carehub.components.display import (
    badge,
    banner,
    card,
    error_state,
    facts,
    loading_state,
    moment,
    money,
    panel,
    tile,
    tiles,
    toned_badge,
    used,
)
from carehub.components.i18n import _, date_text, money_text, ngettext, number_text
from carehub.components.icon import icon
from carehub.components.leaving import Leave
from carehub.components.navigation import FOUND, Menu
from carehub.components.overlay import Dialog, DialogPopup
from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.workspace.settings.frame import settings_page
from carehub.state.plan import MANAGE, OwnPlan
from carehub.state.shell import Shell

P: Any = OwnPlan
V: Any = OwnPlan.page
S: Any = OwnPlan.page.subscription
N: Any = OwnPlan.shown
TONES = {"trialing": "info", "active": "ok", "past_due": "bad", "unpaid": "bad", "canceled": "out"}
INVOICE_TONES = {"paid": "ok", "open": "warn", "void": "out", "uncollectible": "bad"}


def _tone(code: Any, tones: dict[str, str]) -> Any:
    return rx.match(code, *tones.items(), "")


def _amount(minor: Any) -> Any:
    return money_text(minor, V.currency)


# what needs to be known first


def _failed() -> rx.Component:
    said = _(
        "{amount} could not be taken from {card}. Everything goes on until {until}; then the free plan follows, with all your data.",
        amount=_amount(S.open_minor),
        card=S.card,
        until=date_text(S.grace_ends_at, style="date"),
    )
    ways = rx.el.div(
        button(_("Try this card again"), size="sm", on_click=P.pay),
        button(_("Pay with another card"), kind="primary", size="sm", on_click=P.new_card, busy=P.busy == "card"),
        class_name="row wrap g-2",
    )
    return rx.el.div(banner(_("Your payment failed"), said, tone="bad"), only_with(MANAGE, ways), class_name="col g-3")


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
        amount=_amount(S.next_minor),
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
            tile(_("Next invoice"), _amount(S.next_minor), date_text(S.period_ends_at, style="date")),
        ),
    )


def _subscription() -> rx.Component:
    pairs = facts(
        (_("State"), toned_badge(_(S.label), _tone(S.state, TONES))),
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


# what one may choose


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


def _plans() -> rx.Component:
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
            class_name="col grow",
        ),
        rx.el.span(money(one.price, V.currency), " ", rx.el.span(_("a month"), class_name="t-xs i3")),
        act,
        class_name="row wrap g-3",
        key=one.code,
    )


def _addons() -> rx.Component:
    waits = rx.cond(
        ~S.live & (P.picked.length() > 0),
        rx.el.p(_("Chosen with the plan that you subscribe to next."), class_name="t-sm i3"),
    )
    body = rx.el.div(rx.el.ul(rx.foreach(V.addons, _addon), class_name="col g-4"), waits, class_name="card-p col g-3")
    return panel(_("Add-ons"), body)


def _discount() -> rx.Component:
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


# what was paid


def _invoice(one: Any) -> rx.Component:
    href = "/api/w/" + Shell.tenant + "/plan/invoices/" + one.id + ".pdf"
    what = rx.foreach(
        one.lines,
        lambda line: rx.el.span(
            _(line.label),
            rx.cond(line.part, rx.el.span(" · ", _("part of a month"), class_name="i3")),
            class_name="block",
        ),
    )
    return rx.el.tr(
        rx.el.td(rx.el.bdi(one.number, class_name="ltr b")),
        rx.el.td(moment(one.issued_at, style="date")),
        rx.el.td(what, class_name="hide-s"),
        rx.el.td(money(one.total, one.currency), class_name="te"),
        rx.el.td(toned_badge(_(one.label), _tone(one.state, INVOICE_TONES))),
        rx.el.td(
            file_link(
                icon("download"),
                _("PDF"),
                href=href,
                class_name="btn btn-q btn-sm",
                aria_label=_("{act}: {what}", act=_("Receipt"), what=one.number),
            ),
            class_name="te",
        ),
        key=one.id,
    )


def _invoices() -> rx.Component:
    heads = (
        rx.el.th(_("Number"), scope="col"),
        rx.el.th(_("Date"), scope="col"),
        rx.el.th(_("What"), scope="col", class_name="hide-s"),
        rx.el.th(_("Total"), scope="col", class_name="te"),
        rx.el.th(_("State"), scope="col"),
        rx.el.th(rx.el.span(_("Receipt"), class_name="sr"), scope="col"),
    )
    table = rx.el.table(
        rx.el.caption(_("Invoices of your plan"), class_name="sr"),
        rx.el.thead(rx.el.tr(*heads)),
        rx.el.tbody(rx.foreach(V.invoices, _invoice)),
        class_name="tbl",
    )
    none = rx.el.p(_("No invoice yet. The first one comes with the first payment."), class_name="card-p i2")
    shown = rx.el.div(table, class_name="scroll", tab_index=0, role="region", aria_label=_("Invoices of your plan"))
    return panel(_("Invoices"), rx.cond(V.invoices.length() > 0, shown, none))


# what is asked before it counts


def _change_dialog() -> rx.Component:
    today = rx.cond(
        N.credit < 0,
        _("nothing; {amount} are credited to the next invoices", amount=_amount(-N.credit)),
        _amount(N.today),
    )
    pairs = facts(
        (_("Due today"), rx.el.strong(today)),
        (_("Next invoice"), rx.fragment(rx.el.span(_amount(N.next)), " · ", moment(N.next_at, style="date"))),
        (_("Each month before discount"), _amount(N.monthly)),
    )
    over = rx.cond(
        N.over > 0,
        banner(
            ngettext("{n} more works here than this plan holds", "{n} more work here than this plan holds", N.over),
            _("They stay and nothing is switched off. Only newcomers wait until there is room."),
            tone="warn",
        ),
    )
    ends = rx.el.div(
        button(_("Leave it"), on_click=P.leave(False)),
        button(rx.cond(N.today > 0, _("Confirm and pay"), _("Confirm")), kind="primary", on_click=P.confirm),
        class_name="dialog-f",
    )
    body = rx.el.div(pairs, over, class_name="col g-4 p-1")
    popup = DialogPopup.create(
        body, ends, title=_("Change to {plan}", plan=_(N.label)), description=_("It counts at once, at these amounts.")
    )
    return Dialog.create(popup, open=P.asking == "change", on_open_change=P.leave)


def _cancel_dialog() -> rx.Component:
    said = rx.cond(
        S.failed,
        _("What is not paid is no longer asked for, and the free plan follows at once. All your data stays."),
        _(
            "Everything stays open until {day}. Then the free plan follows: nothing is deleted, only what is new waits.",
            day=date_text(S.period_ends_at, style="date"),
        ),
    )
    ends = rx.el.div(
        button(_("Keep the plan"), on_click=P.leave(False)),
        button(_("Cancel the plan"), kind="danger", on_click=P.cancel),
        class_name="dialog-f",
    )
    popup = DialogPopup.create(ends, title=_("Cancel the plan"), description=said)
    return Dialog.create(popup, open=P.asking == "cancel", on_open_change=P.leave)


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
        _plans(),
        rx.cond(~V.hands_off, rx.fragment(_addons(), _discount())),
        rx.cond(S.state != "none", _invoices()),
        _change_dialog(),
        _cancel_dialog(),
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
