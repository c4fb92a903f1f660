"""A client's home: what is to pay, the next appointment large, coins, word, profile, what was. DI-118, DI-120."""

from typing import Any

import reflex as rx

from carehub.components.appointments import acts, dialogs, proposals, row, too_late
from carehub.components.buttons import button_link, link
from carehub.components.display import (
    avatar,
    badge,
    empty_state,
    error_state,
    loading_state,
    moment,
    money,
    panel,
)
from carehub.components.i18n import _, ngettext, number_text, sent_text, service_text
from carehub.components.icon import icon, sprite_icon
from carehub.components.sheet import sheet
from carehub.components.times import MODE_LABELS, label_of, local_time, mode_icon, status_badge
from carehub.services.ledger.wallets import KINDS
from carehub.state.appointments import MyAppointments
from carehub.state.home import HomeWidgets
from carehub.state.shell import Shell
from carehub.state.wallet import BalanceWidget

M: Any = MyAppointments
W: Any = HomeWidgets


def _next(view: Any) -> rx.Component:
    where = rx.cond(view.address != "", rx.el.bdi(view.address), label_of(MODE_LABELS, view.mode))
    head = rx.el.div(
        rx.el.p(_("Next appointment"), class_name="i3"),
        rx.el.h2(local_time(view.local_start, "daymonth"), _(", "), local_time(view.local_start), class_name="t-4"),
        rx.el.p(moment(view.starts_at, style="relative"), " · ", rx.el.bdi(service_text(view)), class_name="i2"),
        class_name="grow",
    )
    face = avatar(icon("calendar-check", size="lg"), cat=view.colour, professional=True, size="3.5rem")
    facts = rx.el.dl(
        rx.el.dt(_("With")),
        rx.el.dd(rx.el.bdi(view.practitioner, class_name="m")),
        rx.el.dt(_("Where")),
        rx.el.dd(mode_icon(view.mode), " ", where),
        rx.el.dt(_("At")),
        rx.el.dd(rx.el.bdi(view.tenant_name)),
        rx.el.dt(_("Price")),
        rx.el.dd(money(view.price_minor, view.currency)),
        class_name="kv t-md",
    )
    file = "/api/me/appointments/" + view.id + "/calendar.ics"
    parts = [facts, proposals(M, view), too_late(view), acts(M, view, file, size="")]
    top = rx.el.div(head, face, class_name="row row-t")
    return rx.el.section(
        top, rx.el.div(status_badge(view.status), class_name="row"), *parts, class_name="card nx col g-4"
    )


def _then() -> rx.Component:
    rest = rx.foreach(
        M.coming[1:4],
        lambda view: rx.el.li(
            icon("calendar", class_name="i3"),
            rx.el.div(
                rx.el.p(local_time(view.local_start, "datetime"), class_name="m"),
                rx.el.p(rx.el.bdi(view.practitioner), " · ", rx.el.bdi(service_text(view)), class_name="t-sm i3"),
                class_name="grow",
            ),
            status_badge(view.status),
            key=view.id,
        ),
    )
    some = rx.cond(
        M.coming.length() > 1,
        rx.el.ul(rest, class_name="todo"),
        rx.el.p(_("Nothing else is planned."), class_name="i3 py-3"),
    )
    more = link(_("All appointments"), "/me/appointments")
    return rx.el.section(
        rx.el.h2(_("And then"), class_name="t-1"), some, more, class_name="card card-p col g-3 items-stretch"
    )


def _past() -> rx.Component:
    shown = rx.el.ul(rx.foreach(M.recent, lambda view: row(M, view)), class_name="appts")
    return rx.cond(
        M.recent.length() > 0,
        rx.el.section(rx.el.h2(_("Before"), class_name="t-1 px-5 pt-5"), shown, class_name="card"),
    )


def _wallet() -> rx.Component:
    """DI-103: the fullest wallet and what moved last."""
    place: Any = BalanceWidget.place

    def line(one: Any) -> rx.Component:
        label = rx.match(one.kind, *[(kind, _(text)) for kind, text in KINDS.items()], one.kind)
        moved = rx.cond(one.free > 0, rx.fragment("+", number_text(one.free)), number_text(one.free))
        return rx.el.li(
            rx.el.div(rx.el.p(label, class_name="m"), rx.el.p(moment(one.at), class_name="t-sm i3"), class_name="grow"),
            rx.el.bdi(moved, class_name="num ltr"),
            key=one.id,
        )

    head = rx.el.div(
        icon("coins", size="lg"),
        rx.el.div(
            rx.el.h2(ngettext("{n} coin", "{n} coins", place.available), class_name="t-1"),
            rx.el.p(rx.el.bdi(place.name), class_name="t-sm i3"),
            class_name="grow",
        ),
        button_link(_("Wallet"), "/me/wallet?tenant=" + place.tenant, size="sm"),
        class_name="row g-3 card-p",
    )
    shown = rx.el.section(
        sheet("wallet"), head, rx.el.ul(rx.foreach(BalanceWidget.newest, line), class_name="lines"), class_name="card"
    )
    return rx.cond(BalanceWidget.place, shown)


def _me() -> rx.Component:
    """DI-118: who one is for those who receive one."""
    told = rx.cond(
        W.blank,
        rx.el.p(_("Show those who receive you a face and a few words."), class_name="t-sm i3"),
        rx.el.p(W.bio, dir="auto", class_name="t-sm i2 clip"),
    )
    edit = button_link(rx.cond(W.blank, _("Complete my profile"), _("My profile")), "/me/profile", size="sm")
    return rx.el.section(
        avatar(Shell.initials, size="3rem", photo=W.portrait),
        rx.el.div(rx.el.p(rx.el.bdi(Shell.name), class_name="m"), told, class_name="grow min-w-0"),
        edit,
        class_name="card card-p row wrap g-3",
        aria_label=_("My profile"),
    )


def _owed(one: Any) -> rx.Component:
    is_open = one.kind == "checkout"
    what = rx.cond(is_open, _("Booking to finish"), rx.fragment(_("Invoice"), " ", rx.el.bdi(one.number)))
    until = rx.cond(
        is_open,
        rx.fragment(_("The time is kept until"), " ", moment(one.until, style="time")),
        rx.cond(one.until != "", rx.fragment(_("To be paid by"), " ", moment(one.until, style="date"))),
    )
    late = rx.cond(one.late, badge(_("Overdue"), tone="bad"))
    amount = rx.cond(one.owed > 0, rx.el.span(money(one.owed, one.currency), class_name="num b"))
    return rx.el.li(
        rx.el.div(
            rx.el.p(what, " ", late, class_name="m"),
            rx.el.p(rx.el.bdi(one.tenant), " · ", until, class_name="t-sm i3"),
            class_name="grow min-w-0",
        ),
        amount,
        button_link(rx.cond(is_open, _("Finish the payment"), _("Pay")), one.href, size="sm"),
        class_name="row wrap g-3",
        key=one.id,
    )


def _pending() -> rx.Component:
    """DI-120: what is still to pay; nothing where nothing is."""
    listed = rx.el.ul(rx.foreach(W.pending, _owed), class_name="col g-3 card-p")
    all_of_them = link(_("All invoices"), "/me/invoices")
    return rx.cond(W.pending.length() > 0, panel(_("To pay"), listed, action=all_of_them))


def _news() -> rx.Component:
    """DI-105, DI-118: what was told last, live."""

    def line(one: Any) -> rx.Component:
        return rx.el.li(
            sprite_icon(one.icon),
            rx.el.div(
                link(sent_text(one.title, one.params), one.href),
                rx.el.p(moment(one.created_at, style="relative"), class_name="t-xs i3"),
                class_name="grow min-w-0",
            ),
            class_name="row row-t g-3",
            key=one.id,
        )

    some = rx.el.ul(rx.foreach(W.latest, line), class_name="col g-3 card-p", aria_live="polite")
    none = rx.el.p(_("What happens to your appointments stands here."), class_name="i3 card-p")
    return panel(
        _("Notifications"),
        rx.cond(W.latest.length() > 0, some, none),
        action=link(_("See all"), "/me/notifications"),
    )


def home() -> rx.Component:
    find = button_link(_("Find a practitioner"), "/search", kind="primary", icon="search")
    none = rx.el.div(
        empty_state(
            _("No appointment is planned"), _("Find a practitioner and choose a time."), find, glyph="calendar-days"
        ),
        class_name="card",
    )
    coming = rx.el.div(_next(M.coming[0]), _then(), class_name="home-g")
    body = rx.match(
        M.status,
        ("loading", loading_state()),
        ("failed", error_state(M.load)),
        rx.el.div(
            _pending(),
            rx.cond(M.coming.length() > 0, coming, none),
            rx.el.div(
                rx.el.div(_me(), _wallet(), class_name="col g-4 items-stretch"),
                _news(),
                class_name="home-g",
            ),
            _past(),
            class_name="col g-6",
        ),
    )
    return rx.fragment(rx.el.h1(_("Hello {name}", name=Shell.name.split(" ")[0]), class_name="t-3"), body, dialogs(M))
