"""/: the platform's front door. Every figure on it is of this moment, and nothing that is not built is promised.
DI-146, DI-147, DI-149, DI-150, DI-153."""

from typing import Any

import reflex as rx

from carehub.components import navigation
from carehub.components.buttons import Link, button_link, link
from carehub.components.display import avatar
from carehub.components.i18n import _, date_text, ngettext
from carehub.components.icon import icon
from carehub.components.page import Page
from carehub.components.public import public_shell
from carehub.components.sheet import sheet
from carehub.core.i18n import N_
from carehub.pages.public.find import find
from carehub.state.directory import LandingState

SHOWN: Any = LandingState.shown
JOIN = "/sign-up/pro"

STEPS = (
    (N_("Choose an hour"), N_("The hours you see are free now: the practitioner's own agenda shows them.")),
    (N_("Keep it while you fill the form"), N_("Nobody else can take your hour for a few minutes.")),
    (N_("Receive the confirmation"), N_("By e-mail, with a calendar file, and a reminder before the appointment.")),
    (N_("Move or cancel by yourself"), N_("Within the delay that the practitioner has set, without a call.")),
)
PRO_POINTS = (
    ("calendar-days", N_("One agenda by day, week and month, with drag and drop")),
    ("clipboard-check", N_("Requests to accept, decline or move, with the client told each time")),
    ("users", N_("A team with roles, several sites, your words and your colour")),
    ("languages", N_("French, English and Arabic, euros, dirhams, dinars and dollars")),
    ("shield-check", N_("Each organisation's data is kept apart in the database itself")),
)


def hero() -> rx.Component:
    free = rx.el.span(
        rx.el.i(class_name="dot dot-now"),
        rx.el.b(
            ngettext(
                "{n} practitioner free within 24 hours", "{n} practitioners free within 24 hours", SHOWN.free_today
            ),
            class_name="now-t m",
        ),
        class_name="row g-1h",
    )
    return rx.el.section(
        rx.el.h1(_("The right practitioner, at the next free hour."), class_name="t-5 max-w-[18ch]"),
        rx.el.p(
            _("Psychologists, doctors, coaches and experts, in person or by video. Book the hour you see."),
            class_name="read t-lg i2",
        ),
        find(big=True),
        rx.el.p(
            rx.cond(SHOWN.free_today > 0, free),
            link(_("Today by video"), "/search?when=today&mode=video"),
            link(_("A first appointment under 60 €"), "/search?max=60"),
            class_name="row wrap t-md i3 gap-x-4 gap-y-2",
        ),
        class_name="page hero",
    )


def block(one: Any) -> rx.Component:
    return Link.create(rx.el.bdi(one.time), to=one.href, class_name="slot", style={"--n": one.at}, key=one.time)


def board_row(row: Any) -> rx.Component:
    who = rx.el.div(
        avatar(row.initials, cat=row.colour, photo=row.photo, professional=True, size="2.5rem"),
        rx.el.div(
            rx.el.p(Link.create(rx.el.bdi(row.name), to=row.href, class_name="b clip")),
            rx.el.p(rx.cond(row.speciality != "", _(row.speciality), row.headline), class_name="t-sm i3 clip"),
            class_name="grow min-w-0",
        ),
        class_name="row g-3 min-w-0",
    )
    return rx.el.div(who, rx.el.div(rx.foreach(row.blocks, block), class_name="hb-t"), class_name="hb-r", key=row.href)


def board() -> rx.Component:
    """One city's next free hours, as the agenda draws a day."""
    title = rx.el.p(
        rx.el.bdi(date_text(SHOWN.board_day, style="long")), _(", "), rx.el.bdi(_(SHOWN.board_city)), class_name="b"
    )
    hour = lambda value, at: rx.el.span(value.to(str) + ":00", class_name="num", style={"--n": at}, key=at)  # noqa: E731
    mark = rx.cond(
        SHOWN.now_time != "",
        rx.el.div(
            rx.el.div(rx.el.b(SHOWN.now_time, class_name="num"), class_name="hb-now", style={"--n": SHOWN.now}),
            class_name="hb-m",
            aria_hidden="true",
        ),
    )
    everyone = ngettext("See the {n} practitioner", "See all {n} practitioners", SHOWN.published)
    drawn = rx.el.section(
        rx.el.div(
            rx.el.div(title, rx.el.div(rx.foreach(SHOWN.hours, hour), class_name="hb-t hide-s"), class_name="hb-h"),
            rx.foreach(SHOWN.board, board_row),
            mark,
            rx.el.div(
                rx.el.span(rx.el.i(class_name="slot h-3.5 w-5 p-0"), _("free"), class_name="row g-1h"),
                rx.el.span(link(everyone, "/search"), class_name="end"),
                class_name="hb-f",
            ),
            class_name="hb card",
        ),
        class_name="page",
        aria_label=_("Free hours"),
    )
    return rx.cond(SHOWN.board.length() > 0, drawn)


def how() -> rx.Component:
    steps = [
        rx.el.li(
            rx.el.span(str(number), class_name="num"), rx.el.div(rx.el.p(_(title), class_name="b"), rx.el.p(_(text)))
        )
        for number, (title, text) in enumerate(STEPS, 1)
    ]
    said = rx.el.div(
        rx.el.h2(_("Booked in three steps, changed in one"), class_name="t-4"),
        rx.el.p(
            _(
                "CareHub exists so that finding help takes minutes: free hours shown as they are, prices before you book."
            ),
            class_name="read i2 t-lg",
        ),
        link(_("See who is free today"), "/search?when=today", class_name="link t-lg"),
    )
    return rx.el.section(said, rx.el.ol(*steps, class_name="casc"), class_name="page feat")


def for_professionals() -> rx.Component:
    points = [
        rx.el.li(icon(glyph), rx.el.span(_(text)), class_name="row g-3 py-3 px-4 border-b border-line-soft")
        for glyph, text in PRO_POINTS
    ]
    entry = (
        button_link(_("Open your agenda"), JOIN, kind="primary", size="lg") if navigation.known(JOIN) else rx.fragment()
    )
    said = rx.el.div(
        rx.el.h2(_("Your agenda, open to those who look for you"), class_name="t-4"),
        rx.el.p(
            _(
                "For practices, clinics, expert houses, coaching firms and experience partners: one place for hours, requests and the team."
            ),
            class_name="read t-lg i2",
        ),
        entry,
    )
    return rx.el.section(
        rx.el.div(said, rx.el.ul(*points, class_name="card"), class_name="page feat !py-0 items-center"),
        class_name="probox",
    )


def index_group(title: Any, entries: Any) -> rx.Component:
    def entry(one: Any) -> rx.Component:
        return rx.el.li(Link.create(rx.el.bdi(_(one.label)), to=one.href), key=one.href)

    return rx.el.div(rx.el.h3(title, class_name="t-md"), rx.el.ul(rx.foreach(entries, entry)))


def index() -> rx.Component:
    def group(one: Any) -> rx.Component:
        return rx.fragment(index_group(_(one.label), one.links), key=one.label)

    listed = rx.el.section(
        rx.el.h2(_("Find by speciality or by city"), class_name="t-3"),
        rx.el.div(rx.foreach(SHOWN.groups, group), index_group(_("Cities"), SHOWN.cities), class_name="idxg"),
        class_name="page idx",
    )
    return rx.cond(SHOWN.cities.length() > 0, listed)


def landing() -> rx.Component:
    links = [Link.create(_("Find a practitioner"), to="/search", class_name="hide-s")]
    if navigation.known(JOIN):
        links.append(Link.create(_("For professionals"), to=JOIN, class_name="hide-s"))
    return public_shell(sheet("landing"), hero(), board(), how(), for_professionals(), index(), links=links)


PAGE = Page(
    route="/",
    component=landing,
    title=N_("The right practitioner, at the next free hour"),
    description="Psychologists, doctors, coaches and experts, in person or by video: see their free hours and book.",
    on_load=[LandingState.load],
    shell="none",
)
