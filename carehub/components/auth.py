"""Forms that post to our own HTTP routes instead of the event socket: no password ever enters a state."""

from typing import Any

import reflex as rx

from carehub.components.fields import password_input, text_input
from carehub.components.i18n import _


class _Auth(rx.Component):
    library = "$/public/ui/auth.jsx"


class AuthForm(_Auth):
    """Posts its fields as JSON to `action` and opens the page that the answer names; refusals come back at the fields.

    `carry`: names taken from the page's address (next, token). `fixed`: fields that are not shown. `kind`: "", "quiet" or "danger".
    """

    tag = "AuthForm"
    action: rx.Var[str]
    carry: rx.Var[list[str]]
    fixed: rx.Var[dict[str, Any]]
    submit_label: rx.Var[str]
    kind: rx.Var[str]


class AuthField(_Auth):
    """A control under its label; the error of an AuthForm replaces `help`. `name` is the control's id."""

    tag = "AuthField"
    name: rx.Var[str]
    label: rx.Var[str]
    help: rx.Var[str]
    optional: rx.Var[bool]


class AuthCheck(_Auth):
    tag = "AuthCheck"
    name: rx.Var[str]


class OnwardLink(_Auth):
    """A link that keeps `?next=`."""

    tag = "OnwardLink"
    to: rx.Var[str]


class MailSent(_Auth):
    """Where the mail went (?email=, ?why=recover), and another one after a minute."""

    tag = "MailSent"


class OpeningPictures(rx.Component):
    """Logo and portrait, kept in the browser until `tenant` (a slug) is set: then they are uploaded and the workspace opens."""

    library = "$/public/ui/opening.jsx"
    tag = "OpeningPictures"
    initials: rx.Var[str]
    accent: rx.Var[str]
    tenant: rx.Var[str]


class PortraitPicker(rx.Component):
    """A person's own picture: sent at once to `address`, or kept as a data address in the field `name` of its form."""

    library = "$/public/ui/portrait.jsx"
    tag = "PortraitPicker"
    url: rx.Var[str]
    initials: rx.Var[str]
    label: rx.Var[str]
    help: rx.Var[str]
    name: rx.Var[str]
    address: rx.Var[str]
    on_kept: rx.EventHandler[rx.event.no_args_event_spec]
    on_remove: rx.EventHandler[rx.event.no_args_event_spec]


def auth_field(
    name: str, label: Any, *, type: str = "text", help: Any = None, optional: bool = False, **props: Any
) -> rx.Component:
    given = {"help": help} if help is not None else {}
    return AuthField.create(text_input(name, type=type, **props), name=name, label=label, optional=optional, **given)


def email_field(**props: Any) -> rx.Component:
    return auth_field("email", _("E-mail"), type="email", auto_complete="username", **props)


def new_password_field(label: Any = None) -> rx.Component:
    said = _("12 characters at least. Four random words do better than a symbol.")
    control = password_input("password", fresh=True)
    return AuthField.create(control, name="password", label=label if label is not None else _("Password"), help=said)


def password_field(name: str = "password", label: Any = None) -> rx.Component:
    return AuthField.create(password_input(name), name=name, label=label if label is not None else _("Password"))
