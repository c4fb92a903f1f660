"""/sign-in"""

from typing import Any

import reflex as rx

from carehub.components.auth import AuthForm, OnwardLink, email_field, password_field
from carehub.components.entering import auth_layout, divider
from carehub.components.fields import checkbox
from carehub.components.i18n import _
from carehub.state.providers import Providers

P: Any = Providers  # what a Var can do is not in its Python type


def sign_in() -> rx.Component:
    form = AuthForm.create(
        email_field(),
        password_field(),
        rx.el.div(OnwardLink.create(_("Forgotten?"), to="/recover"), class_name="t-sm"),
        checkbox("stay", _("Stay signed in on this device"), default_checked=True),
        action="/api/sign-in",
        carry=["next"],
        submit_label=_("Sign in"),
    )
    others = rx.el.p(
        _("No account yet?"),
        " ",
        OnwardLink.create(_("Create an account"), to="/sign-up"),
        rx.el.span(" · ", class_name="i3"),
        OnwardLink.create(_("Open a professional workspace"), to="/sign-up/pro"),
        class_name="t-sm i2",
    )
    refused = rx.cond(P.why != "", rx.el.p(_(P.why), class_name="banner is-bad", role="alert"))
    return auth_layout(
        _("Sign in"), _("One account for patients, clients and professionals."), refused, form, _services(), others
    )


def _services() -> rx.Component:
    def one(choice: Any) -> rx.Component:
        label = _("Go on with {name}", name=choice.name)
        return AuthForm.create(
            action="/api/oidc/start",
            carry=["next"],
            fixed={"provider": choice.ref},
            submit_label=label,
            kind="quiet",
            key=choice.ref,
        )

    return rx.cond(
        P.choices.length() > 0, rx.el.div(divider(_("or")), rx.foreach(P.choices, one), class_name="col g-3")
    )
