"""/platform/settings: what the platform says of itself, who may sign up, and what is open to whom (DI-139)"""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import badge, panel
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.workspace import page_body
from carehub.services.platform.features import FEATURE_LABELS
from carehub.state.console_settings import Flags, OfPlatform

MANAGE = "platform.manage"


def flag_label(name: Any) -> Any:
    return rx.match(name, *[(str(code), _(label)) for code, label in FEATURE_LABELS.items()], name)


def flag_state(on: Any) -> rx.Component:
    return rx.cond(on, badge(_("Open"), tone="ok"), badge(_("Closed"), tone="out"))


def _flag(one: Any) -> rx.Component:
    others = rx.cond(
        one.others > 0,
        rx.el.span(_("Otherwise in: {n}", n=one.others), class_name="t-xs i3 num"),
    )
    switch = button(
        rx.cond(one.enabled, _("Close for everyone"), _("Open to everyone")),
        size="sm",
        on_click=Flags.switch(one.name, ~one.enabled),
    )
    return rx.el.li(
        rx.el.span(flag_label(one.name), class_name="b"),
        flag_state(one.enabled),
        others,
        rx.el.span(only_with(MANAGE, switch), class_name="end"),
        class_name="row wrap g-3",
        key=one.name,
    )


def settings_page() -> rx.Component:
    flags: Any = Flags.flags
    listed = rx.el.ul(rx.foreach(flags, _flag), class_name="col g-3")
    lead = rx.el.p(
        _("An organisation's own state counts before this one: set it on the organisation's page."),
        class_name="i2 t-sm",
    )
    return page_body(
        panel(_("The platform"), rx.el.div(form(OfPlatform), class_name="card-p")),
        panel(_("Features"), rx.el.div(lead, listed, class_name="card-p col g-4")),
        narrow=True,
    )
