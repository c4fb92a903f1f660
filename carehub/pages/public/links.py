"""What mails lead to: /check-mail, /verify/…, /recover…, /reset"""

import reflex as rx

from carehub.components.auth import (
    AuthField,
    AuthForm,
    MailSent,
    OnwardLink,
    auth_field,
    email_field,
    new_password_field,
    password_field,
)
from carehub.components.entering import auth_layout
from carehub.components.fields import code_input
from carehub.components.i18n import _
from carehub.components.icon import icon


def _back() -> rx.Component:
    return rx.el.p(OnwardLink.create(_("Back to sign-in"), to="/sign-in"), class_name="t-sm")


def check_mail() -> rx.Component:
    """After sign-up or a request for a new password: the link waits in the mailbox."""
    hints = rx.el.div(
        rx.el.p(_("Nothing came?"), class_name="b"),
        rx.el.ul(
            rx.el.li(_("Look among unwanted mail.")),
            rx.el.li(
                _("A typing mistake?"), " ", OnwardLink.create(_("Sign up again with the right address"), to="/sign-up")
            ),
            class_name="col g-1h i2",
        ),
        class_name="col g-1h t-sm",
    )
    return auth_layout(
        _("Look at your mail"), None, icon("mail", size="xl", class_name="acc"), MailSent.create(), hints, _back()
    )


def verify_confirm() -> rx.Component:
    """The link was opened in a browser that did not sign up."""
    form = AuthForm.create(
        password_field(), action="/api/verify", carry=["token"], submit_label=_("Confirm my address")
    )
    lead = _("You opened the link on another device. Type the password you chose when you signed up.")
    return auth_layout(_("Confirm your address"), lead, form, _back())


def verify_expired() -> rx.Component:
    form = AuthForm.create(email_field(), action="/api/verify/resend", submit_label=_("Send another link"))
    lead = _("Links work once, for 48 hours. If your address is already confirmed, just sign in.")
    return auth_layout(_("This link no longer works"), lead, form, _back())


def email_confirm() -> rx.Component:
    form = AuthForm.create(action="/api/email/confirm", carry=["token"], submit_label=_("Use this address"))
    return auth_layout(_("Your new address"), _("From now on you sign in with the address that got this link."), form)


def email_keep() -> rx.Component:
    form = AuthForm.create(
        action="/api/email/keep",
        carry=["token"],
        submit_label=_("Stop the change and sign everyone out"),
        kind="danger",
    )
    lead = _("Someone who is signed in to your account asked for another address. Afterwards, choose a new password.")
    return auth_layout(_("Keep your address"), lead, form)


def recover() -> rx.Component:
    form = AuthForm.create(email_field(), action="/api/recover", carry=["next"], submit_label=_("Send the link"))
    other = rx.el.p(
        OnwardLink.create(_("No access to your mailbox? Use your telephone"), to="/recover/text"), class_name="t-sm"
    )
    return auth_layout(_("Forgotten password"), _("We mail you a link that lives for an hour."), form, other, _back())


def recover_text() -> rx.Component:
    form = AuthForm.create(email_field(), action="/api/recover/text", submit_label=_("Send the code"))
    lead = _("A code goes to the telephone of your account, if it has one and a question of your own.")
    return auth_layout(_("Recover by text message"), lead, form, _back())


def _second_check() -> tuple[rx.Component, ...]:
    """Asked only of an account that has it; the server says which at the field."""
    return (
        auth_field(
            "answer", _("Answer to your own question"), auto_complete="off", optional=True,
            help=_("If you set one under Security."),
        ),
        auth_field(
            "number", _("Professional number"), auto_complete="off", optional=True,
            help=_("Professionals of France: RPPS, ADELI or SIRET."),
        ),
    )  # fmt: skip


def recover_code() -> rx.Component:
    label = _("Code of 6 figures")
    form = AuthForm.create(
        AuthField.create(code_input("code", label), name="code", label=label),
        *_second_check(),
        new_password_field(_("New password")),
        action="/api/reset/text",
        carry=["email"],
        submit_label=_("Choose this password"),
    )
    again = rx.el.p(OnwardLink.create(_("Ask for another code"), to="/recover/text"), class_name="t-sm")
    lead = _("Type the code that came by text message. It serves once, for ten minutes.")
    return auth_layout(_("Choose a new password"), lead, form, again)


def reset() -> rx.Component:
    form = AuthForm.create(
        new_password_field(_("New password")),
        rx.el.details(
            rx.el.summary(_("Your account has a question of your own?"), class_name="link t-sm"),
            rx.el.div(*_second_check(), class_name="col g-4 my-3"),
        ),
        action="/api/reset",
        carry=["token"],
        submit_label=_("Choose this password"),
    )
    lead = _("You will be signed out of every other device.")
    again = rx.el.p(OnwardLink.create(_("Ask for another link"), to="/recover"), class_name="t-sm")
    return auth_layout(_("Choose a new password"), lead, form, again)
