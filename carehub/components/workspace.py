"""The workspace's frame: side with switcher, menu and person; top bar with title, palette and bell; tab bar on a phone."""

from typing import Any

import reflex as rx

from carehub.components import navigation
from carehub.components.access import may, refused_without
from carehub.components.buttons import post_form
from carehub.components.display import avatar, loading_state
from carehub.components.frame import ThemeSelect, language_select
from carehub.components.i18n import _, date_text
from carehub.components.icon import icon
from carehub.components.navigation import GROUP_LABELS, Entry
from carehub.components.news import news_band
from carehub.components.notices import latest_notices
from carehub.components.overlay import (
    Dialog,
    DialogTrigger,
    DrawerPopup,
    Menu,
    MenuItem,
    MenuPopup,
    MenuTrigger,
    Popover,
    PopoverPopup,
    PopoverTrigger,
)
from carehub.components.page import Page
from carehub.components.public import sign_out_form
from carehub.components.sheet import sheet
from carehub.state.notify import Notices
from carehub.state.shell import Palette, Shell


class _Work(rx.Component):
    library = "$/public/ui/work.jsx"


class Workspace(_Work):
    """The grid itself; brings the workspace's stylesheet and keeps the tenant's words and colour."""

    tag = "Workspace"
    words: rx.Var[dict[str, str]]
    accent: rx.Var[str]
    narrow: rx.Var[bool]  # a side of icons only


class WorkLink(_Work):
    """A link to a page of the current tenant: `to="agenda"`. It knows whether it is the current one."""

    tag = "WorkLink"
    to: rx.Var[str]


class CommandPalette(rx.Component):
    library = "$/public/ui/palette.jsx"
    tag = "CommandPalette"
    lib_dependencies: list[str] = ["@base-ui/react@1.9.0"]
    pages: rx.Var[list[dict[str, Any]]]
    actions: rx.Var[list[dict[str, Any]]]
    permissions: rx.Var[list[str]]
    found: rx.Var[list[Any]]
    asked: rx.Var[str]
    shown: rx.Var[Any]
    on_search: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_glance: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def _switcher() -> rx.Component:
    opener = MenuTrigger.create(
        rx.cond(
            Shell.tenant_logo != "",
            rx.el.img(src=Shell.tenant_logo, alt="", class_name="side-mark is-logo"),
            rx.el.span(Shell.tenant_initials, class_name="side-mark", aria_hidden=True),
        ),
        rx.el.span(
            rx.el.bdi(Shell.tenant_name, class_name="b clip"),
            rx.el.span(_(Shell.role_label), class_name="t-xs i3 clip"),
            class_name="lbl grow col leading-tight",
        ),
        icon("chevrons-up-down", size="sm", class_name="i3"),
        rx.el.span(_("Change organisation"), class_name="sr"),
        class_name="side-sw",
    )
    places = rx.foreach(
        Shell.workplaces,
        lambda place: MenuItem.create(
            rx.el.span(
                place.initials,
                class_name="side-mark",
                style={"--accent": place.accent},
                custom_attrs={"data-accent": ""},
            ),
            rx.el.bdi(place.name, class_name="clip grow"),
            rx.cond(place.slug == Shell.tenant, icon("check")),
            href="/w/" + place.slug + "/",
            custom_attrs={"target": "_self"},
            key=place.slug,
        ),
    )
    return Menu.create(opener, MenuPopup.create(places))


def _entry(entry: Entry) -> rx.Component:
    figure = rx.Var.create(Shell.counts)[entry.menu.count].to(int) if entry.menu.count else None
    count = [rx.cond(figure > 0, rx.el.span(figure, class_name="count end num"))] if figure is not None else []
    link = WorkLink.create(icon(entry.menu.icon), rx.el.span(_(entry.label), class_name="lbl"), *count, to=entry.to)
    return rx.cond(may(entry.menu.permission), link)


def _menu() -> list[rx.Component]:
    groups = []
    for group, label in GROUP_LABELS.items():
        listed = [entry for entry in navigation.MENU if entry.menu.group == group]
        if not listed:
            continue
        some = may("|".join(entry.menu.permission for entry in listed))
        titled = label and group != "settings"
        heading = [rx.cond(some, rx.el.div(_(label), class_name="nav-t"))] if titled else []
        groups.append(
            rx.el.div(
                *heading,
                rx.el.div(*map(_entry, listed), class_name="nav"),
                class_name="mt-auto" if group == "settings" else "",
            )
        )
    return groups


def _person() -> rx.Component:
    places = [
        rx.el.a(icon(glyph), _(label), href=route, class_name="menu-i")
        for route, label, glyph in (
            ("/me/appointments", "My appointments", "calendar-days"),
            ("/me/security", "Security", "shield-check"),
            ("/me/support", "Help from CareHub", "life-buoy"),
        )
        if navigation.known(route)
    ]
    panel = rx.el.div(
        *places,
        rx.el.div(icon("languages"), language_select(), class_name="menu-i"),
        rx.el.div(icon("moon"), ThemeSelect.create(), class_name="menu-i"),
        rx.el.div(class_name="menu-sep"),
        sign_out_form("menu-i"),
        class_name="w-56 -m-2 text-sm",
    )
    opener = PopoverTrigger.create(
        avatar(Shell.initials, cat=1, professional=True, size="1.875rem"),
        rx.el.bdi(Shell.name, class_name="lbl grow m clip text-start"),
        rx.el.span(_("My space"), class_name="sr"),
        icon("ellipsis", class_name="i3"),
        class_name="side-sw",
    )
    return Popover.create(opener, PopoverPopup.create(panel, label=Shell.name))


def _side() -> rx.Component:
    nav = rx.el.nav(*_menu(), class_name="col g-4 grow scroll", aria_label=_("Main"))
    return rx.el.aside(_switcher(), nav, _person(), class_name="side", aria_label=_("Navigation"))


def _bell() -> rx.Component:
    if not navigation.known("/w/[tenant]/notifications"):
        return rx.fragment()
    dot = rx.cond(Shell.unread > 0, rx.el.span(Shell.unread, class_name="count count-now num bell-n"))
    opener = PopoverTrigger.create(
        icon("bell"), dot, class_name="btn btn-q btn-icon relative", aria_label=_("Notifications")
    )
    centre = WorkLink.create(_("All notifications"), to="notifications", class_name="btn btn-q btn-sm btn-block")
    popup = PopoverPopup.create(latest_notices(centre), label=_("Notifications"))
    return Popover.create(opener, popup, open=Notices.peeking, on_open_change=Notices.peek)


def _palette() -> rx.Component:
    pages = [
        {"label": _(one.label), "to": one.to, "icon": one.menu.icon, "permission": one.menu.permission}
        for one in navigation.MENU
    ]
    actions = [
        {"label": _(one.label), "to": one.to, "icon": one.icon, "permission": one.permission}
        for one in navigation.ACTIONS
    ]
    return CommandPalette.create(
        pages=pages,
        actions=actions,
        permissions=Shell.permissions,
        found=Palette.found,
        asked=Palette.asked,
        shown=Palette.shown,
        on_search=Palette.search,
        on_glance=Palette.glance,
    )


def _tabs() -> rx.Component:
    tabs = [
        rx.cond(
            may(entry.menu.permission),
            WorkLink.create(icon(entry.menu.icon), rx.el.span(_(entry.label), class_name="clip max-w-20"), to=entry.to),
        )
        for entry in [entry for entry in navigation.MENU if entry.menu.tab][:4]
    ]
    more = Dialog.create(
        DialogTrigger.create(icon("menu"), rx.el.span(_("Menu")), class_name="tab-more"),
        DrawerPopup.create(_switcher(), *_menu(), _person(), title=_("Menu")),
    )
    return rx.el.nav(*tabs, more, class_name="tabbar", aria_label=_("Quick access"))


def _suspended() -> rx.Component:
    return rx.el.div(
        icon("lock", size="xl", class_name="glyph"),
        rx.el.h2(_("This organisation is suspended"), class_name="t-md"),
        rx.el.p(_("Nothing is lost: everything is kept as it was. Write to CareHub to open it again.")),
        class_name="state m-auto",
        role="alert",
    )


def _no_entry() -> rx.Component:
    """Signed in, but no member here: said plainly, with the way out."""
    return rx.el.div(
        icon("lock", size="xl", class_name="glyph"),
        rx.el.h2(_("Not open to you"), class_name="t-md"),
        rx.el.p(_("You are not a member of this organisation. Ask its owner for an invitation.")),
        class_name="state m-auto",
        role="alert",
    )


class WorkForward(_Work):
    """On to another page of the workspace: `to="settings/organisation"`."""

    tag = "WorkForward"
    to: rx.Var[str]


class WorkHome(_Work):
    tag = "WorkHome"
    pages: rx.Var[list[dict[str, str]]]
    permissions: rx.Var[list[str]]


def work_home() -> rx.Component:
    """Sends on to the first page of the menu that is open to the person."""
    pages = [{"to": one.to, "permission": one.menu.permission} for one in navigation.MENU]
    return rx.fragment(WorkHome.create(pages=pages, permissions=Shell.permissions), loading_state(rows=6))


def _acting() -> rx.Component:
    """On every page while someone of the platform stands in for a member: who, as what, until when; and the way out."""
    said = rx.el.span(
        _("{name} of CareHub stands in here. Everything is recorded under their own name. It ends at", name=Shell.name),
        " ",
        rx.el.bdi(date_text(Shell.acting_until, style="time"), class_name="num"),
        class_name="quiet grow",
    )
    leave = post_form("/api/platform/stand-down", rx.el.button(_("Leave"), type="submit"))
    shown = [icon("venetian-mask", size="sm"), rx.el.b(_(Shell.role_label), class_name="m"), said, leave]
    band = rx.el.div(sheet("platform"), *shown, class_name="plat", role="region", aria_label=_("CareHub support"))
    return rx.cond(Shell.acting_until != "", band)


def workspace_shell(page: Page, *content: rx.Component) -> rx.Component:
    """Side, top bar, the page, tab bar. Ordinary pages wrap their content in `page_body`; boards and calendars fill the rest."""
    views = [rx.el.span(page.views(), class_name="hide-s ms-3")] if page.views else []
    actions = [page.actions()] if page.actions else []
    top = rx.el.header(
        rx.el.h1(_(page.title), class_name="clip"),
        *views,
        rx.el.span(_palette(), _bell(), *actions, class_name="end row"),
        class_name="top",
    )
    allowed = refused_without(navigation.permission_of(page.route), rx.fragment(*content))
    shut = rx.cond(Shell.suspended, _suspended(), _no_entry())
    inside = rx.cond(Shell.loaded & (Shell.tenant == ""), shut, allowed)
    main = rx.el.main(rx.el.div(inside, class_name="col grow min-h-0 relative"), class_name="body", id="main")
    rail = [part() for part in navigation.RAIL]
    return Workspace.create(
        _side(),
        rx.el.div(_acting(), news_band(), top, *rail, main, class_name="main"),
        _tabs(),
        words=Shell.words,
        accent=Shell.accent,
    )


def page_body(*content: rx.Component, narrow: bool = False) -> rx.Component:
    """The scrolling sheet of an ordinary workspace page."""
    inner = rx.el.div(*content, class_name="col g-6 max-w-read" if narrow else "col g-6")
    return rx.el.div(inner, class_name="scroll grow pad", tab_index=0)
