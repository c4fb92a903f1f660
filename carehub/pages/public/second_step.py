"""/sign-in/code and /sign-in/printed-code: the second step, after the password."""

import reflex as rx

from carehub.components.auth import AuthField, AuthForm, OnwardLink, auth_field
from carehub.components.entering import auth_layout
from carehub.components.fields import checkbox, code_input
from carehub.components.i18n import _


def _trust() -> rx.Component:
    said = _("Not on a shared computer, such as the one at the desk.")
    return checkbox("trust", _("Do not ask again on this device for 30 days"), help=said)


def _elsewhere(label: rx.Var, to: str) -> rx.Component:
    return rx.el.div(
        OnwardLink.create(label, to=to),
        OnwardLink.create(_("Back to sign-in"), to="/sign-in"),
        class_name="col g-2 t-sm",
    )


def second_step() -> rx.Component:
    label = _("Code of 6 figures")
    said = _("It changes every 30 seconds.")
    form = AuthForm.create(
        AuthField.create(code_input("code", label), name="code", label=label, help=said),
        _trust(),
        action="/api/sign-in/code",
        carry=["next", "stay"],
        submit_label=_("Check"),
    )
    lead = _("Open your authenticator and copy the six figures shown for CareHub.")
    return auth_layout(
        _("Security code"),
        lead,
        form,
        _elsewhere(_("No telephone at hand? Use a printed code"), "/sign-in/printed-code"),
    )


def printed_code() -> rx.Component:
    form = AuthForm.create(
        auth_field("code", _("Printed code"), auto_complete="off", auto_capitalize="none", spell_check=False),
        action="/api/sign-in/code",
        carry=["next", "stay"],
        submit_label=_("Check"),
    )
    lead = _("One of the ten codes that you printed. Each works once.")
    return auth_layout(_("Printed code"), lead, form, _elsewhere(_("Use the authenticator"), "/sign-in/code"))
