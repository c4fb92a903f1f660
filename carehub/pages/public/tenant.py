"""/t/[tenant]: the organisation's own page."""

from typing import Any

import reflex as rx

from carehub.components.buttons import Link, button, button_link
from carehub.components.display import error_state, loading_state, state
from carehub.components.frame import PageTitle
from carehub.components.i18n import _, money_text, word
from carehub.components.page import Page
from carehub.components.sheet import sheet
from carehub.core.i18n import N_
from carehub.pages.public.cards import hit_card
from carehub.pages.public.find import with_search
from carehub.pages.public.services import opening_row, services_table, where
from carehub.state.directory import TenantState

SHOWN: Any = TenantState.shown


def head() -> rx.Component:
    logo = rx.cond(SHOWN.logo != "", rx.el.img(src=SHOWN.logo, alt="", class_name="size-16 object-contain"))
    site = rx.el.a(_("Website"), href=SHOWN.website, rel="noopener nofollow", class_name="link")
    return rx.el.header(
        logo,
        rx.el.h1(rx.el.bdi(SHOWN.name), class_name="t-4"),
        rx.cond(SHOWN.tagline != "", rx.el.p(rx.el.bdi(SHOWN.tagline), class_name="t-lg i2 read")),
        rx.el.p(
            rx.el.a(_("Legal texts"), href="/t/" + SHOWN.slug + "/legal", class_name="link"),
            rx.cond(
                SHOWN.phone != "",
                rx.el.a(rx.el.bdi(SHOWN.phone, dir="ltr"), href="tel:" + SHOWN.phone, class_name="link num"),
            ),
            rx.cond(SHOWN.website != "", site),
            Link.create(_("Report this page"), to="/me/report/" + SHOWN.slug, class_name="link"),
            class_name="row wrap g-6",
        ),
        class_name="col g-3 items-start",
    )


def part(title: rx.Var[str] | str, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title, class_name="t-1"), *content, class_name="col g-4")


def people() -> rx.Component:
    nobody = rx.el.p(_("Nobody takes bookings here at the moment."), class_name="i2")
    listed = rx.el.div(rx.foreach(SHOWN.practitioners, hit_card), class_name="col g-3 dcards")
    return part(word("Practitioners"), rx.cond(SHOWN.practitioners.length() > 0, listed, nobody))


def _package(one: Any) -> rx.Component:
    each = _(
        "{n} × {service}, {amount} one by one",
        n=one.sessions,
        service=one.service,
        amount=money_text(one.sessions * one.each_minor, one.currency),
    )
    about = rx.cond(one.description != "", rx.el.p(rx.el.bdi(one.description), class_name="t-sm i2"))
    said = rx.el.div(
        rx.el.p(rx.el.bdi(one.name), class_name="m"), rx.el.p(each, class_name="t-sm i3"), about, class_name="grow"
    )
    price = rx.el.b(money_text(one.price_minor, one.currency), class_name="num")
    buy = button(_("Buy"), size="sm", on_click=TenantState.buy(one.id))
    return rx.el.li(said, price, buy, class_name="row wrap py-3 border-b border-line-soft", key=one.id)


def packages() -> rx.Component:
    offered: Any = TenantState.packages
    listed = rx.el.ul(rx.foreach(offered, _package), class_name="col")
    return rx.cond(offered.length() > 0, part(_("Packages"), listed))


def _block(one: Any) -> rx.Component:
    """One block of the page, in its owner's order; those of the side are drawn there."""
    about = rx.cond(
        SHOWN.about != "", part(_("About"), rx.el.p(SHOWN.about, class_name="read i2 whitespace-pre-line", dir="auto"))
    )
    services = rx.cond(
        SHOWN.services.length() > 0, part(_("Services and prices"), services_table(SHOWN.services, SHOWN.currency))
    )
    written = rx.el.section(
        rx.cond(one.title != "", rx.el.h2(rx.el.bdi(one.title), class_name="t-1")),
        rx.el.p(one.text, class_name="read i2 whitespace-pre-line", dir="auto"),
        class_name="col g-4",
    )
    kinds = (
        ("practitioners", people()),
        ("services", rx.fragment(services, packages())),
        ("about", about),
        ("text", written),
    )
    return rx.match(one.kind, *kinds, rx.fragment())


def home() -> rx.Component:
    hours = part(_("Opening hours"), rx.el.dl(rx.foreach(SHOWN.openings, opening_row), class_name="hours"))
    places = part(_("Where"), where(SHOWN.places))
    side = rx.el.aside(
        rx.cond(TenantState.hours, hours),
        rx.cond(TenantState.places, places),
        class_name="bookbox card",
        aria_label=_("Hours and places"),
    )
    return rx.fragment(
        sheet("profile"),
        sheet("results"),
        PageTitle.create(title=TenantState.title),
        rx.el.div(
            rx.el.div(head(), rx.foreach(SHOWN.blocks, _block), class_name="col g-8"),
            rx.cond(TenantState.hours | TenantState.places, side),
            class_name="page pgrid2",
        ),
    )


def missing() -> rx.Component:
    return state(
        "building-2",
        _("This organisation is not here"),
        _("It may have moved or closed its page."),
        button_link(_("Find a practitioner"), "/search", kind="primary"),
    )


def tenant() -> rx.Component:
    waiting = rx.el.div(rx.el.h1(_("Organisation"), class_name="sr"), loading_state(rows=6), class_name="page py-10")
    return with_search(
        rx.match(
            TenantState.status,
            ("ready", home()),
            ("missing", missing()),
            ("failed", error_state(TenantState.load)),
            waiting,
        )
    )


PAGE = Page(route="/t/[tenant]", component=tenant, title=N_("Organisation"), on_load=[TenantState.load], shell="none")
