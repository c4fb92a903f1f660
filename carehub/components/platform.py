"""The console's frame: a side of ink, the band of the visit, the page; on a phone the same places below."""

import reflex as rx

from carehub.components import navigation
from carehub.components.access import may, only_with
from carehub.components.auth import AuthForm, auth_field, password_field
from carehub.components.buttons import Link, post_form
from carehub.components.display import card
from carehub.components.frame import ThemeSelect, language_select
from carehub.components.i18n import _, date_text
from carehub.components.icon import icon
from carehub.components.overlay import Dialog, DialogTrigger, DrawerPopup
from carehub.components.page import Page
from carehub.components.sheet import sheet
from carehub.components.workspace import Workspace
from carehub.core.i18n import N_
from carehub.state.shell import Shell

INK = "#16242a"
READ = "platform.read"
PLACES = (
    ("/platform/tenants", N_("Organisations"), "building-2", READ),
    ("/platform/statistics", N_("Statistics"), "chart-column", READ),
    ("/platform/people", N_("People"), "users", READ),
    ("/platform/verification", N_("Verification"), "shield-check", READ),
    ("/platform/reports", N_("Reported pages"), "eye", READ),
    ("/platform/support", N_("Support"), "life-buoy", "platform.support"),
    ("/platform/transactions", N_("Transactions"), "credit-card", READ),
    ("/platform/risks", N_("Signals"), "flag", READ),
    ("/platform/jobs", N_("Jobs"), "activity", READ),
    ("/platform/messages", N_("Messages"), "mail", READ),
    ("/platform/templates", N_("Message texts"), "pen-line", READ),
    ("/platform/backups", N_("Backups"), "archive", READ),
    ("/platform/audit", N_("Audit"), "scroll-text", "platform.audit"),
    ("/platform/announcements", N_("Announcements"), "megaphone", READ),
    ("/platform/breaches", N_("Data breaches"), "shield-alert", READ),
    ("/platform/settings", N_("Settings"), "settings-2", READ),
)


def _places() -> list[rx.Component]:
    path = rx.State.router.url.path
    return [
        only_with(
            permission,
            Link.create(
                icon(glyph),
                rx.el.span(_(label), class_name="lbl clip max-w-full"),
                to=to,
                title=_(label),
                custom_attrs={"aria-current": rx.cond(path.startswith(to), "page", rx.Var("undefined"))},
                aria_label=_(label),
            ),
        )
        for to, label, glyph, permission in PLACES
        if navigation.known(to)
    ]


def _side() -> rx.Component:
    nav = rx.el.nav(rx.el.div(*_places(), class_name="nav"), class_name="col g-4 grow", aria_label=_("Main"))
    mark = rx.el.span("CH", class_name="side-mark", aria_hidden=True)
    home = Link.create(mark, rx.el.span(_("Platform"), class_name="sr"), to="/platform", class_name="side-sw")
    return rx.el.aside(home, nav, class_name="side", aria_label=_("Navigation"))


def _band() -> rx.Component:
    """Whose visit, until when; and the way out."""
    until = rx.el.bdi(date_text(Shell.visit_until, style="time"), class_name="num")
    said = rx.el.span(
        _("Visit of {name}. Every look is recorded. It ends at", name=Shell.name), " ", until, class_name="quiet grow"
    )
    leave = post_form("/api/platform/leave", rx.el.button(_("Leave"), type="submit"))
    shown = [icon("shield-check", size="sm"), rx.el.b(_("Platform"), class_name="m"), said, leave]
    return rx.cond(
        Shell.visit_until != "", rx.el.div(*shown, class_name="plat", role="region", aria_label=_("Platform"))
    )


def _door() -> rx.Component:
    """Before a visit: why, and the password again. Nothing else is told."""
    entry = AuthForm.create(
        auth_field("reason", _("Why do you come?"), help=_("It stands in the record beside everything you look at.")),
        password_field("password", _("Your password, to be sure")),
        action="/api/platform/visit",
        submit_label=_("Open the console for 30 minutes"),
    )
    inner = rx.cond(
        Shell.platform != "",
        card(
            rx.el.h2(_("Open the console"), class_name="t-1"), entry, class_name="col g-4 w-full max-w-[28rem] m-auto"
        ),
        rx.el.div(
            icon("lock", size="xl", class_name="glyph"),
            rx.el.h2(_("Not open to you"), class_name="t-md"),
            rx.el.p(_("This part belongs to those who run CareHub.")),
            class_name="state m-auto",
            role="alert",
        ),
    )
    return rx.cond(Shell.loaded, rx.el.div(inner, class_name="scroll grow pad"))


def platform_shell(page: Page, *content: rx.Component) -> rx.Component:
    """Side, band, top bar, the page once a visit is open."""
    actions = [page.actions()] if page.actions else []
    looks = rx.el.span(language_select(), ThemeSelect.create(), class_name="row hide-s")
    ends = [looks, *actions]
    top = rx.el.header(
        rx.el.h1(_(page.title), class_name="clip"), rx.el.span(*ends, class_name="end row"), class_name="top"
    )
    inside = rx.cond(may(READ), rx.fragment(*content), _door())
    main = rx.el.main(rx.el.div(inside, class_name="col grow min-h-0 relative"), class_name="body", id="main")
    more = Dialog.create(
        DialogTrigger.create(icon("menu"), rx.el.span(_("Menu")), class_name="tab-more"),
        DrawerPopup.create(
            rx.el.nav(rx.el.div(*_places(), class_name="nav"), aria_label=_("Main")),
            rx.el.div(language_select(), ThemeSelect.create(), class_name="row wrap"),
            title=_("Menu"),
        ),
    )
    tabs = rx.el.nav(*_places()[:4], more, class_name="tabbar", aria_label=_("Quick access"))
    return rx.fragment(
        sheet("platform"),
        Workspace.create(
            _side(), rx.el.div(_band(), top, main, class_name="main"), tabs, words={}, accent=INK, narrow=True
        ),
    )
