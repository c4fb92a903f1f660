"""/t/[tenant]/p/[slug]: who they are, what they offer, where, and the next free hours."""

from typing import Any

import reflex as rx

from carehub.components.booking_panel import booking_panel
from carehub.components.buttons import Link, button_link
from carehub.components.display import avatar, error_state, loading_state, state
from carehub.components.frame import PageTitle
from carehub.components.i18n import _, date_text
from carehub.components.page import Page
from carehub.components.presented import Presented
from carehub.components.sheet import sheet
from carehub.core.i18n import N_
from carehub.pages.public.cards import marks, rating
from carehub.pages.public.find import with_search
from carehub.pages.public.services import services_table, where
from carehub.state.booking import BookingPanel
from carehub.state.directory import ProfileState

SHOWN: Any = ProfileState.shown


def head() -> rx.Component:
    hit = SHOWN.hit
    crumb = rx.el.p(
        rx.foreach(SHOWN.specialities, lambda name, at: rx.fragment(rx.cond(at > 0, _(", "), ""), _(name))),
        rx.cond(SHOWN.specialities.length() > 0, rx.el.span(" / ", aria_hidden="true")),
        rx.el.bdi(_(hit.city)),
        class_name="t-sm i3",
    )
    house = Link.create(rx.el.bdi(hit.tenant_name), to="/t/" + hit.tenant, class_name="link t-md")
    return rx.el.header(
        avatar(hit.initials, cat=hit.colour, photo=hit.photo, professional=True, size="6rem"),
        rx.el.div(
            crumb,
            rx.el.h1(rx.el.bdi(hit.name), class_name="t-4"),
            rx.cond(hit.headline != "", rx.el.p(rx.el.bdi(hit.headline), class_name="t-lg i2")),
            rx.el.p(rating(hit), marks(hit), class_name="row wrap t-md i2 gap-x-4 gap-y-1"),
            rx.el.p(
                house,
                rx.cond(SHOWN.asks != "", button_link(_("Ask a question"), SHOWN.asks, size="sm")),
                class_name="row wrap g-3",
            ),
            class_name="col grow g-1h min-w-0",
        ),
        class_name="row row-t g-6 phead",
    )


def fact(term: Any, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(value, class_name="b"))


def about() -> rx.Component:
    hit = SHOWN.hit
    first = rx.cond(
        hit.next_at != "",
        fact(_("Next free hour"), rx.el.bdi(date_text(hit.next_at, zone=SHOWN.zone, style="datetime"))),
        fact(_("Next free hour"), _("not within 14 days")),
    )
    answer = rx.cond(SHOWN.confirms_at_once, _("at once"), _("after the practitioner accepts"))
    facts = rx.el.dl(
        first,
        fact(_("Confirmation"), answer),
        rx.cond(SHOWN.since.is_none(), rx.fragment(), fact(_("In practice since"), SHOWN.since)),
        rx.cond(SHOWN.registration != "", fact(_("Professional register"), rx.el.bdi(SHOWN.registration))),
        class_name="facts",
    )
    text = rx.cond(
        SHOWN.biography != "", rx.el.p(SHOWN.biography, class_name="read t-lg i2 whitespace-pre-line", dir="auto")
    )
    return rx.el.section(rx.el.h2(_("About"), class_name="sr"), text, facts, id="about", class_name="col g-3")


def offer() -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Services and prices"), class_name="t-1"),
        services_table(SHOWN.services, SHOWN.hit.currency),
        id="prices",
        class_name="col g-3",
    )


def access() -> rx.Component:
    part = rx.el.section(rx.el.h2(_("Where"), class_name="t-1"), where(SHOWN.places), id="where", class_name="col g-3")
    return rx.cond(SHOWN.places.length() > 0, part)


def sections() -> rx.Component:
    tabs = [("#about", _("About")), ("#prices", _("Prices")), ("#where", _("Where"))]
    return rx.el.nav(
        *(rx.el.a(label, href=place, class_name="tab") for place, label in tabs),
        class_name="tabs",
        aria_label=_("Sections"),
    )


def missing() -> rx.Component:
    return state(
        "user-x",
        _("This profile is not published"),
        _("It may have moved, or its owner has hidden it."),
        button_link(_("Find a practitioner"), "/search", kind="primary"),
    )


def profile() -> rx.Component:
    shown = rx.fragment(
        sheet("profile"),
        PageTitle.create(title=ProfileState.title),
        rx.el.div(
            rx.el.div(
                head(), sections(), about(), offer(), Presented.create(more=SHOWN.more), access(), class_name="col g-8"
            ),
            rx.cond(
                SHOWN.for_all, booking_panel(), rx.el.p(_("Not booked online: please call."), class_name="i2 book")
            ),
            class_name="page pgrid2",
        ),
    )
    waiting = rx.el.div(rx.el.h1(_("Profile"), class_name="sr"), loading_state(rows=6), class_name="page py-10")
    return with_search(
        rx.match(
            ProfileState.status,
            ("ready", shown),
            ("missing", missing()),
            ("failed", error_state(ProfileState.load)),
            waiting,
        )
    )


PAGE = Page(
    route="/t/[tenant]/p/[slug]",
    component=profile,
    title=N_("Profile"),
    on_load=[ProfileState.load, BookingPanel.load],
    shell="none",
)
