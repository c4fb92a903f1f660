"""The frame of every settings page: sections at the side, the page, a preview beside it."""

from typing import Any

import reflex as rx

from carehub.components import navigation
from carehub.components.access import may
from carehub.components.i18n import _
from carehub.components.sheet import sheet
from carehub.components.workspace import WorkLink
from carehub.core.i18n import N_
from carehub.services.tenancy.settings import READ
from carehub.state.shell import Shell

# group -> (address in the workspace, msgid, permission)
SECTION_LABELS: dict[str, tuple[tuple[str, str, str], ...]] = {
    N_("Organisation"): (
        ("settings/organisation", N_("Identity and legal data"), READ),
        ("settings/brand", N_("Brand"), READ),
        ("settings/home", N_("Public page"), READ),
        ("settings/languages", N_("Words and languages"), READ),
        ("settings/sites", N_("Sites and rooms"), READ),
        ("team/roles", N_("What roles may do"), "members.read"),
        ("settings/modules", N_("Modules"), READ),
        ("settings/sign-in", N_("Sign-in service"), "settings.manage"),
        ("settings/integrations", N_("Integrations"), "settings.manage"),
    ),
    N_("Appointments"): (
        ("settings/booking", N_("Booking rules"), "settings.manage"),
        ("services", N_("Services"), "directory.manage"),
        ("settings/intake", N_("Intake forms"), "directory.manage"),
        ("settings/notifications", N_("Messages and reminders"), "notifications.manage"),
        ("settings/templates", N_("Message texts"), READ),
        ("settings/texts", N_("Text messages"), "notifications.manage"),
    ),
    N_("Money"): (
        ("settings/billing", N_("Invoicing defaults"), READ),
        ("settings/papers", N_("Look of documents"), READ),
        ("settings/prices", N_("Prices and offers"), "directory.manage"),
        ("settings/plan", N_("Plan"), READ),
    ),
    N_("Data"): (
        ("settings/fields", N_("Own fields"), READ),
        ("settings/history", N_("History of changes"), READ),
        ("settings/file", N_("Settings as a file"), READ),
        ("settings/privacy", N_("Data rights"), "privacy.manage"),
    ),
}


class SectionSelect(rx.Component):
    """The sections on a phone: one choice instead of a strip that has to be pushed aside."""

    library = "$/public/ui/settings_nav.jsx"
    tag = "SectionSelect"
    groups: rx.Var[list[dict[str, Any]]]
    permissions: rx.Var[list[str]]


def _known() -> dict[str, list[tuple[str, str, str]]]:
    shown = {
        group: [one for one in listed if navigation.known(navigation.WORKSPACE + one[0])]
        for group, listed in SECTION_LABELS.items()
    }
    return {group: listed for group, listed in shown.items() if listed}


def _sections() -> rx.Component:
    groups = [
        rx.el.div(
            rx.el.div(_(group), class_name="nav-t"),
            rx.el.div(
                *(rx.cond(may(permission), WorkLink.create(_(label), to=to)) for to, label, permission in listed),
                class_name="nav",
            ),
        )
        for group, listed in _known().items()
    ]
    choices = [
        {
            "label": _(group),
            "sections": [{"to": to, "label": _(label), "permission": permission} for to, label, permission in listed],
        }
        for group, listed in _known().items()
    ]
    return rx.fragment(
        rx.el.nav(*groups, class_name="snav", aria_label=_("Settings")),
        SectionSelect.create(groups=choices, permissions=Shell.permissions),
    )


def settings_page(
    title: Any, about: Any, *content: rx.Component, preview: rx.Component | None = None, label: Any = None
) -> rx.Component:
    """One section of the settings. `preview` follows what is typed (data-settings is where it listens).

    `label` names the section in words where `title` is more than a text.
    """
    heading = rx.el.header(rx.el.h2(title, class_name="t-2"), rx.el.p(about, class_name="i2 t-sm"))
    page = rx.el.div(heading, *content, class_name="col g-6 sform")
    beside = [preview] if preview is not None else []
    body = rx.el.div(page, *beside, class_name="sbody" if beside else "sbody one", custom_attrs={"data-settings": ""})
    return rx.fragment(
        sheet("settings"),
        rx.el.div(
            _sections(),
            rx.el.div(
                body, class_name="scroll grow", tab_index=0, role="region", aria_label=title if label is None else label
            ),
            class_name="settings grow",
        ),
    )
