"""The frame of public and personal pages: header with a place for the search, footer. Light: no overlay library, native controls."""

from typing import Any

import reflex as rx

from carehub.components import navigation
from carehub.components.buttons import Link, button_link, post_form
from carehub.components.frame import ThemeSelect, language_select
from carehub.components.i18n import _
from carehub.components.icon import icon, logo
from carehub.components.news import news_band
from carehub.core.i18n import N_
from carehub.state.shell import Shell

ME = (
    ("/me", N_("Home"), "house"),
    ("/me/appointments", N_("Appointments"), "calendar-days"),
    ("/me/invoices", N_("Quotes and invoices"), "receipt-text"),
    ("/me/questions", N_("Questions to experts"), "message-circle"),
    ("/me/wallet", N_("Wallet"), "coins"),
    ("/me/profile", N_("Profile"), "user-round-check"),
    ("/me/notifications", N_("Notifications"), "bell"),
    ("/me/security", N_("Security"), "shield-check"),
    ("/me/privacy", N_("My data"), "shield"),
    ("/me/tokens", N_("API tokens"), "key-round"),
    ("/me/support", N_("Help from CareHub"), "life-buoy"),
)


def sign_out_form(class_name: str = "btn btn-q") -> rx.Component:
    """Sign-out is a plain POST: the answer clears the cookie and opens a new socket."""
    button = rx.el.button(icon("log-in"), _("Sign out"), type="submit", class_name=class_name)
    return post_form("/api/sign-out", button)


def account_menu() -> rx.Component:
    """What a signed-in person finds at the end of a public header."""
    work = rx.foreach(
        Shell.workplaces,
        lambda place: rx.el.a(place.name, href="/w/" + place.slug + "/", key=place.slug, class_name="menu-i"),
    )
    mine = [
        Link.create(icon(glyph), _(label), to=to, class_name="menu-i")
        for to, label, glyph in ME
        if navigation.known(to)
    ]
    console = rx.cond(Shell.platform != "", rx.el.a(_("Platform"), href="/platform", class_name="menu-i"))
    panel = rx.el.div(
        *mine, work, console, rx.el.div(class_name="menu-sep"), sign_out_form("menu-i"), class_name="menu drop"
    )
    opener = rx.el.summary(
        rx.el.span(Shell.initials, class_name="av", aria_hidden=True), rx.el.span(Shell.name, class_name="sr")
    )
    return rx.el.details(opener, panel, class_name="dropper")


def public_header(search: rx.Component | None = None, links: Any = ()) -> rx.Component:
    entry = rx.cond(
        Shell.signed_in,
        rx.fragment(
            button_link(_("My appointments"), "/me/appointments", kind="quiet", class_name="hide-s"), account_menu()
        ),
        button_link(_("Sign in"), "/sign-in", kind="secondary"),
    )
    return rx.el.header(
        Link.create(logo(), to="/", aria_label="CareHub"),
        *([rx.el.div(search, class_name="grow ours")] if search is not None else []),
        rx.el.nav(*links, aria_label=_("Main")) if links else rx.fragment(),
        rx.el.div(rx.el.span(language_select(), class_name="hide-s"), entry, class_name="row end"),
        class_name="pub-h",
    )


def public_footer() -> rx.Component:
    links = [
        Link.create(_(label), to=to, class_name="hover:text-ink")
        for label, to in (
            (N_("Find a practitioner"), "/search"),
            (N_("For professionals"), "/pro"),
            (N_("Privacy"), "/privacy"),
            (N_("Terms"), "/terms"),
            (N_("Help"), "/help"),
        )
        if navigation.known(to)
    ]
    ends = rx.el.span(language_select(), ThemeSelect.create(), class_name="row end")
    return rx.el.footer(
        rx.el.div(
            rx.el.nav(*links, aria_label=_("About CareHub"), class_name="row wrap g-6 ours"),
            ends,
            class_name="page row wrap g-6 py-6",
        ),
        class_name="border-t border-line text-sm text-ink-2",
    )


def public_shell(*content: rx.Component, search: rx.Component | None = None, links: Any = ()) -> rx.Component:
    """Header, `<main>`, footer. A page that wants its own search in the header is a Page with shell="none" and calls this."""
    return rx.el.div(
        public_header(search, links),
        rx.el.main(*content, id="main", class_name="grow"),
        public_footer(),
        class_name="col min-h-dvh",
        custom_attrs={"data-density": "comfortable"},
    )


def me_shell(*content: rx.Component) -> rx.Component:
    """A person's own pages: their places at the start, the page beside."""
    nav = [
        Link.create(
            icon(glyph),
            rx.el.span(_(label)),
            to=to,
            custom_attrs={"aria-current": rx.cond(rx.State.router.url.path == to, "page", rx.Var("undefined"))},
        )
        for to, label, glyph in ME
        if navigation.known(to)
    ]
    return public_shell(
        news_band(),
        rx.el.div(
            rx.el.nav(*nav, aria_label=_("My space"), class_name="me-nav"),
            rx.el.div(*content, class_name="col grow g-6"),
            class_name="page me",
        ),
    )
