"""The organisation's own OpenID provider."""

from typing import Any

import reflex as rx

from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.overlay import DialogTrigger, confirm_dialog
from carehub.pages.workspace.settings.frame import settings_page
from carehub.state.providers import OwnProvider

S: Any = OwnProvider  # what a Var can do is not in its Python type


def sign_in_service() -> rx.Component:
    back = rx.el.div(
        rx.el.p(_("Address to register there"), class_name="label"),
        rx.el.code(S.back, class_name="ltr break-all t-sm"),
        class_name="col g-1",
    )
    door = rx.el.div(
        rx.el.p(_("Address where your staff sign in"), class_name="label"),
        rx.el.code(S.door, class_name="ltr break-all t-sm"),
        class_name="col g-1",
    )
    opener = DialogTrigger.create(_("Remove the sign-in service"), class_name="btn btn-dq btn-sm")
    remove = confirm_dialog(
        opener,
        _("Remove the sign-in service"),
        _("Nobody signs in with it any more. Their passwords go on working."),
        _("Remove"),
        OwnProvider.remove,
    )
    content = form(OwnProvider, bar=True)
    shown = rx.cond(S.values["issuer"] != "", rx.el.div(door, rx.el.div(remove), class_name="col g-4"))
    about = _("Your staff connect it once under Security, then sign in with it.")
    return settings_page(_("Sign-in service"), about, back, content, shown)
