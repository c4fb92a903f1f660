"""/w/<tenant>/settings: the organisation as its owner shapes it."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from carehub.components.navigation import FOUND, Menu
from carehub.components.page import Page
from carehub.components.workspace import WorkForward
from carehub.core.i18n import N_
from carehub.pages.workspace.settings import (
    fields,
    file,
    history,
    home,
    intake,
    integrations,
    organisation,
    papers,
    prices,
    privacy,
    sign_in_service,
    sites,
    templates,
)
from carehub.pages.workspace.settings.frame import SECTION_LABELS
from carehub.services.tenancy.settings import READ
from carehub.state.config import RulesEditor
from carehub.state.connections import Connections, OwnBucket, OwnHost, OwnMail, OwnStripe
from carehub.state.custom import Fields
from carehub.state.data_desk import DataDesk, NewBreach
from carehub.state.exports import DataExport
from carehub.state.history import History
from carehub.state.home_page import HomePage
from carehub.state.intake import IntakeForms
from carehub.state.papers import Papers
from carehub.state.prices import Prices
from carehub.state.providers import OwnProvider
from carehub.state.settings import Billing, Brand, Languages, Modules, Organisation
from carehub.state.sites import Rooms, SiteEditor, Sites
from carehub.state.templates import Templates

_MENU = Menu("settings-2", READ, "settings")
_TITLE = N_("Settings")


def _page(path: str, component: Callable[[], rx.Component], *on_load: Any, permission: str = READ) -> Page:
    """A section, which the palette finds by the name that it has in the settings' own menu."""
    labels = {to: label for listed in SECTION_LABELS.values() for to, label, _permission in listed}
    label = labels.get(f"settings{path}")
    menu = Menu("settings-2", permission, FOUND, label=label) if label else None
    return Page(f"/w/[tenant]/settings{path}", component, _TITLE, on_load, "workspace", menu=menu)


def _first() -> rx.Component:
    return WorkForward.create(to="settings/organisation")


PAGES: tuple[Page, ...] = (
    Page("/w/[tenant]/settings", _first, _TITLE, (), "workspace", menu=_MENU),
    _page("/organisation", organisation.organisation, Organisation.open),
    _page("/brand", organisation.brand, Brand.open),
    _page("/home", home.home, HomePage.open),
    _page("/languages", organisation.languages, Languages.open),
    _page("/modules", organisation.modules, Modules.open),
    _page("/booking", organisation.rules, RulesEditor.open, permission="settings.manage"),
    _page("/sign-in", sign_in_service.sign_in_service, OwnProvider.open, permission="settings.manage"),
    _page(
        "/integrations",
        integrations.integrations,
        Connections.load,
        OwnMail.open,
        OwnBucket.open,
        OwnStripe.open,
        OwnHost.open,
        OwnProvider.open,
        permission="settings.manage",
    ),
    _page("/billing", organisation.billing, Billing.open),
    _page("/papers", papers.papers, Papers.open),
    _page("/prices", prices.prices, Prices.load, permission="directory.manage"),
    _page("/fields", fields.fields, Fields.load),
    _page("/intake", intake.intake, IntakeForms.load, permission="directory.manage"),
    _page("/templates", templates.templates, Templates.open),
    _page("/history", history.history, History.load),
    _page("/file", file.file, DataExport.load),
    _page("/privacy", privacy.privacy, DataDesk.load, NewBreach.open),
    _page("/sites", sites.sites, Sites.load),
    _page("/sites/[site]", sites.site, SiteEditor.open, Rooms.load),
)
