"""/invitation?token=…: an invitation is read and answered, with the account one has or a new one."""

import reflex as rx

from carehub.components.auth import AuthCheck, AuthForm, auth_field, new_password_field
from carehub.components.buttons import Link, button
from carehub.components.display import banner, facts, loading_state
from carehub.components.entering import auth_layout
from carehub.components.i18n import _
from carehub.components.icon import icon
from carehub.services.identity.team import ROLE_LABELS
from carehub.state.invitations import Invited

V = Invited.shown


def _asked() -> rx.Component:
    """Who invites whom, to what."""
    usual = rx.match(V.role, *[(str(code), _(label)) for code, label in ROLE_LABELS.items()], _("Client"))
    role = rx.cond(V.title != "", rx.el.bdi(V.title), usual)
    return facts(
        (_("Organisation"), rx.el.bdi(V.tenant_name, class_name="b")),
        (_("Invited by"), rx.el.bdi(V.invited_by)),
        (_("Role"), role),
        (_("E-mail"), rx.el.bdi(V.email, class_name="ltr break-all")),
    )


def _sign_up() -> rx.Component:
    terms = AuthCheck.create(_("I accept the terms of use and the privacy policy"), name="terms")
    return AuthForm.create(
        auth_field("given_name", _("First name"), default_value=V.given_name, auto_complete="given-name"),
        auth_field("family_name", _("Last name"), default_value=V.family_name, auto_complete="family-name"),
        new_password_field(),
        terms,
        action="/api/invitation",
        carry=["token"],
        submit_label=_("Create my account and join"),
    )


def _other() -> rx.Component:
    told = banner(_("You are signed in with another address"), _("Sign out, then open the link again."), tone="warn")
    leave = AuthForm.create(action="/api/sign-out", submit_label=_("Sign out"))
    return rx.el.div(told, leave, class_name="col g-4")


def _answers() -> rx.Component:
    known = Link.create(_("Sign in to accept"), to="/sign-in?next=" + Invited.onward, class_name="btn btn-p btn-block")
    accept = button(_("Accept the invitation"), kind="primary", block=True, on_click=Invited.accept)
    return rx.match(V.way, ("accept", accept), ("sign_in", known), ("other", _other()), _sign_up())


def invitation() -> rx.Component:
    gone = rx.el.div(
        icon("link", size="xl", class_name="i3"),
        rx.el.p(_("This invitation was used, withdrawn or has lapsed. Ask for another one."), class_name="i2"),
        class_name="col g-4",
        role="status",
    )
    ready = rx.el.div(_asked(), _answers(), class_name="col g-5")
    body = rx.match(Invited.status, ("loading", loading_state()), ("gone", gone), ready)
    return auth_layout(_("Your invitation"), None, body)
