"""Sign-in's layout with a held hour, and the wizard's."""

import reflex as rx

from carehub.components.buttons import button, link
from carehub.components.display import card
from carehub.components.entering import auth_layout, divider, held, wizard
from carehub.components.fields import checkbox, choices, field, password_input, text_input
from carehub.components.i18n import _


def entering() -> rx.Component:
    form = rx.el.form(
        field("email", _("E-mail"), text_input("email", type="email", auto_complete="username")),
        field("password", _("Password"), password_input("password")),
        checkbox("stay", _("Visible to everyone"), help=_("Switch off to keep it to yourself.")),
        button(_("Sign in"), kind="primary", block=True),
        class_name="col g-4",
    )
    lead = _("One account for patients, clients and professionals.")
    ways = rx.el.div(button("Google", class_name="grow"), button("LinkedIn", class_name="grow"), class_name="row")
    kept = held(_("Friday at 11:15"), "2099-11-20T11:15:00Z")
    return auth_layout(
        _("Sign in"),
        lead,
        kept,
        form,
        divider(_("or with")),
        ways,
        rx.el.p(link(_("Help"), "/gallery"), class_name="t-sm i2"),
    )


def sample_wizard() -> rx.Component:
    form = rx.el.form(
        rx.el.h1(_("Your activity"), class_name="t-3"),
        choices(
            "kind",
            _("Choose"),
            [
                ("a", _("On site"), _("At the desk, on the day.")),
                ("b", _("Video"), _("Nothing is taken before the appointment.")),
            ],
            value="a",
        ),
        field("title", _("Name"), text_input("title")),
        button(_("Continue"), kind="primary", class_name="self-end"),
        class_name="col g-6",
    )
    preview = rx.el.div(
        card(rx.el.p("Cabinet Croix-Rousse", class_name="t-1 b"), button(_("Confirm"), kind="primary")),
        style={"--accent": "#7a3fb0"},
        custom_attrs={"data-accent": ""},
    )
    return wizard(
        [_("Your activity"), _("Your brand"), _("Your hours")],
        0,
        form,
        preview=preview,
        leave=button(_("Save"), kind="quiet", size="sm"),
    )
