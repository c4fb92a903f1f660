"""/sign-in"""

import reflex as rx

from carehub.components.auth import AuthForm, OnwardLink, email_field, password_field
from carehub.components.entering import auth_layout
from carehub.components.fields import checkbox
from carehub.components.i18n import _


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
    return auth_layout(_("Sign in"), _("One account for patients, clients and professionals."), form, others)
