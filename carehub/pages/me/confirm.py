"""/me/confirm: who is there shows again that it is them, before something sensitive."""

from typing import Any

import reflex as rx

from carehub.components.auth import AuthForm, auth_field, password_field
from carehub.components.display import card, loading_state
from carehub.components.i18n import _
from carehub.components.sheet import sheet
from carehub.state.second_step import SecondStep

S: Any = SecondStep  # what a Var can do is not in its Python type


def _form(*controls: rx.Component) -> rx.Component:
    return AuthForm.create(*controls, action="/api/me/prove", carry=["next"], submit_label=_("Go on"))


def confirm() -> rx.Component:
    said = _("Six figures, or one of your printed codes.")
    by_code = _form(auth_field("code", _("Code of the authenticator"), auto_complete="one-time-code", help=said))
    form = rx.cond(S.loaded, rx.cond(S.shown.on, by_code, _form(password_field())), loading_state(rows=2))
    return rx.el.div(
        sheet("entering"),
        rx.el.h1(_("Confirm that it is you"), class_name="t-3"),
        rx.el.p(_("What you asked for is sensitive. This holds for ten minutes."), class_name="i2"),
        card(form),
        class_name="col g-4 max-w-[28rem]",
    )
