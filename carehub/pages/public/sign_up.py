"""/sign-up and /sign-up/pro (MC-006, MC-008..MC-010, DI-004, DI-005)"""

from typing import Any

import reflex as rx

from carehub.components.auth import (
    AuthCheck,
    AuthField,
    AuthForm,
    OnwardLink,
    PortraitPicker,
    auth_field,
    email_field,
    new_password_field,
)
from carehub.components.entering import auth_layout
from carehub.components.fields import select, text_area
from carehub.components.i18n import _
from carehub.core.i18n import N_
from carehub.services.identity.forms import GENDER_LABELS
from carehub.services.tenancy.rules import COUNTRIES

WHO_SEES_IT = N_("Only the organisations you book with see it.")
REGISTERS = {"rpps": "RPPS", "adeli": "ADELI", "siret": "SIRET"}


def _pair(*parts: rx.Component) -> rx.Component:
    return rx.el.div(*parts, class_name="grid grid-cols-2 gap-3 max-sm:grid-cols-1")


def _names() -> rx.Component:
    return _pair(
        auth_field("given_name", _("First name"), auto_complete="given-name"),
        auth_field("family_name", _("Last name"), auto_complete="family-name"),
    )


def _terms() -> rx.Component:
    """The box, and the texts in another tab: what was typed stays here."""
    links = [
        rx.el.a(_(label), href=to, target="_blank", class_name="link")
        for label, to in ((N_("Terms of use"), "/terms"), (N_("Privacy"), "/privacy"))
    ]
    return rx.el.div(
        AuthCheck.create(_("I accept the terms of use and the privacy policy"), name="terms"),
        rx.el.p(*links, class_name="row wrap g-4 t-sm"),
        class_name="col g-1h",
    )


def _country() -> rx.Component:
    options = [(code, _(one.name)) for code, one in COUNTRIES.items()]
    return AuthField.create(select("country", options, default_value="FR"), name="country", label=_("Country"))


def _more(summary: Any, *parts: rx.Component) -> rx.Component:
    """What the booking does not need: folded, so that it is clear that nothing has to be told."""
    return rx.el.details(rx.el.summary(summary, class_name="link t-sm"), rx.el.div(*parts, class_name="col g-4 mt-4"))


def _have_one() -> rx.Component:
    return rx.el.p(_("Already signed up?"), " ", OnwardLink.create(_("Sign in"), to="/sign-in"), class_name="t-sm i2")


def sign_up() -> rx.Component:
    genders = [(code, _(str(label))) for code, label in GENDER_LABELS.items()]
    gender = AuthField.create(
        select("gender", genders, empty=_("Not said")), name="gender", label=_("Gender"), optional=True
    )
    form = AuthForm.create(
        _names(),
        email_field(),
        new_password_field(),
        _more(
            _("Complete your profile now (optional)"),
            _pair(
                auth_field("birth_date", _("Date of birth"), type="date", optional=True, auto_complete="bday"), gender
            ),
            auth_field("phone", _("Phone"), type="tel", optional=True, auto_complete="tel"),
            auth_field("address", _("Address"), optional=True, auto_complete="street-address"),
            _pair(
                auth_field("postcode", _("Postcode"), optional=True, auto_complete="postal-code"),
                auth_field("city", _("City"), optional=True, auto_complete="address-level2"),
            ),
            _country(),
            AuthField.create(
                text_area("bio", rows=3), name="bio", label=_("About you"), optional=True, help=_(WHO_SEES_IT)
            ),
            PortraitPicker.create(name="portrait", label=_("Your portrait"), help=_(WHO_SEES_IT)),
        ),
        _terms(),
        action="/api/sign-up",
        carry=["next"],
        submit_label=_("Create my account"),
    )
    pro = rx.el.p(
        OnwardLink.create(_("You receive people? Open a professional workspace"), to="/sign-up/pro"), class_name="t-sm"
    )
    return auth_layout(
        _("Create an account"), _("One minute. What you were booking waits for you."), form, _have_one(), pro
    )


def sign_up_pro() -> rx.Component:
    form = AuthForm.create(
        _names(),
        email_field(),
        new_password_field(),
        auth_field("phone", _("Professional phone"), type="tel", auto_complete="tel"),
        auth_field("address", _("Professional address"), auto_complete="street-address"),
        _pair(
            auth_field("postcode", _("Postcode"), optional=True, auto_complete="postal-code"),
            auth_field("city", _("City"), auto_complete="address-level2"),
        ),
        _country(),
        _register(),
        _practice(),
        _terms(),
        action="/api/sign-up",
        carry=["next"],
        fixed={"professional": True},
        submit_label=_("Create my account"),
    )
    return auth_layout(
        _("Open a professional workspace"),
        _("Your account first; your workspace in three steps after that."),
        form,
        _have_one(),
    )


def _register() -> rx.Component:
    kinds = select("registration_kind", list(REGISTERS.items()), empty=_("None outside France"))
    return _pair(
        AuthField.create(kinds, name="registration_kind", label=_("Professional register")),
        auth_field(
            "registration_number",
            _("Number"),
            input_mode="numeric",
            help=_("Needed in France: RPPS or ADELI under contract, else SIRET."),
        ),
    )


def _practice() -> rx.Component:
    biography = AuthField.create(text_area("biography"), name="biography", label=_("About you"), optional=True)
    return _more(
        _("Your practice (optional)"),
        auth_field("specialities", _("Specialities"), optional=True, help=_("Separated by commas")),
        auth_field("certifications", _("Certifications"), optional=True),
        _pair(
            auth_field("practising_since", _("Practising since (year)"), optional=True, input_mode="numeric"),
            auth_field("languages", _("Languages spoken"), optional=True, help=_("Codes: fr, ar, en")),
        ),
        biography,
    )
