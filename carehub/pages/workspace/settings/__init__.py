"""/w/<tenant>/settings: the organisation as its owner shapes it."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from carehub.components.navigation import Menu
from carehub.components.page import Page
from carehub.core.i18n import N_
from carehub.pages.workspace.settings import fields, file, history, home, organisation, sites, templates
from carehub.services.tenancy.settings import READ
from carehub.state.config import RulesEditor
from carehub.state.custom import Fields
from carehub.state.history import History
from carehub.state.home_page import HomePage
from carehub.state.settings import Billing, Brand, Languages, Modules, Organisation
from carehub.state.sites import Rooms, SiteEditor, Sites
from carehub.state.templates import Templates

_MENU = Menu("settings-2", READ, "settings")
_RULES = Menu("sliders-horizontal", "settings.manage", "settings")
_TITLE = N_("Settings")


def _page(path: str, component: Callable[[], rx.Component], *on_load: Any, menu: Menu | None = None) -> Page:
    return Page(f"/w/[tenant]/settings{path}", component, _TITLE, on_load, "workspace", menu=menu)


PAGES: tuple[Page, ...] = (
    _page("", organisation.organisation, Organisation.open, menu=_MENU),
    _page("/organisation", organisation.organisation, Organisation.open),
    _page("/brand", organisation.brand, Brand.open),
    _page("/home", home.home, HomePage.open),
    _page("/languages", organisation.languages, Languages.open),
    _page("/modules", organisation.modules, Modules.open),
    Page(
        "/w/[tenant]/settings/booking",
        organisation.rules,
        N_("Booking rules"),
        (RulesEditor.open,),
        "workspace",
        menu=_RULES,
    ),
    _page("/billing", organisation.billing, Billing.open),
    _page("/fields", fields.fields, Fields.load),
    _page("/templates", templates.templates, Templates.open),
    _page("/history", history.history, History.load),
    _page("/file", file.file),
    _page("/sites", sites.sites, Sites.load),
    _page("/sites/[site]", sites.site, SiteEditor.open, Rooms.load),
)
