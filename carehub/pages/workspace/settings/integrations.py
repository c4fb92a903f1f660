"""A mail server and a storage of the organisation's own, and where its sign-in service stands."""

from typing import Any

import reflex as rx

from carehub.components.access import only_with
from carehub.components.buttons import button
from carehub.components.display import badge, banner, moment, panel
from carehub.components.forms import field_of, form
from carehub.components.i18n import _
from carehub.components.overlay import DialogTrigger, confirm_dialog
from carehub.components.workspace import WorkLink
from carehub.pages.workspace.settings.frame import settings_page
from carehub.pages.workspace.settings.organisation import pair
from carehub.pages.workspace.settings.own_host import own_host
from carehub.services.tenancy.settings import MANAGE
from carehub.state.connections import Connections, OwnBucket, OwnMail, OwnStripe
from carehub.state.form import FormState
from carehub.state.providers import OwnProvider

PROVIDER: Any = OwnProvider


def _state(one: Any) -> rx.Component:
    tested = rx.cond(one.trouble != "", badge(_("The test failed"), tone="bad"), badge(_("Works"), tone="ok"))
    on = rx.cond(one.checked_at != "", tested, badge(_("Not tested yet"), tone="info"))
    return rx.cond(one.connected, on, badge(_("CareHub's own is used"), tone=""))


def _tools(one: Any, test: Any, said: Any) -> rx.Component:
    """Testing and removing what is connected, and what the last test said."""
    trouble = banner(_("The last test failed"), rx.el.bdi(one.trouble, class_name="ltr break-words"), tone="bad")
    when = rx.el.p(_("Last test"), " ", moment(one.checked_at), class_name="t-xs i3")
    remove = confirm_dialog(
        DialogTrigger.create(_("Remove"), class_name="btn btn-dq btn-sm"),
        _("Remove this connection?"),
        said,
        _("Remove"),
        Connections.remove(one.kind),
    )
    tools = rx.el.div(
        button(test, size="sm", icon="send", on_click=Connections.test(one.kind)), remove, class_name="row wrap"
    )
    shown = rx.el.div(
        rx.cond(one.trouble != "", trouble), rx.cond(one.checked_at != "", when), tools, class_name="col g-3"
    )
    return rx.cond(one.connected, only_with(MANAGE, shown))


def _part(
    title: Any, about: Any, one: Any, state: type[FormState], fields: list[rx.Component], tools: rx.Component
) -> rx.Component:
    content = form(state, *fields, submit=_("Save"))
    body = rx.el.div(rx.el.p(about, class_name="i2 t-sm"), content, tools, class_name="col g-4 card-p")
    return panel(title, body, action=_state(one))


def integrations() -> rx.Component:
    def at(state: type[FormState], name: str) -> rx.Component:
        return field_of(state, name)

    mail = _part(
        _("Mail server"),
        _(
            "Your messages then leave under your own address. Messages that it refuses are tried again and shown under deliveries."
        ),
        Connections.mail,
        OwnMail,
        [
            pair(at(OwnMail, "host"), at(OwnMail, "port")),
            at(OwnMail, "encryption"),
            pair(at(OwnMail, "user"), at(OwnMail, "secret")),
            at(OwnMail, "sender"),
        ],
        _tools(Connections.mail, _("Send a test to me"), _("Messages leave by CareHub's own server again.")),
    )
    files = _part(
        _("Storage of files"),
        _(
            "New files are kept in your own bucket (S3); older ones stay where they are. Files with health data are encrypted first."
        ),
        Connections.files,
        OwnBucket,
        [
            at(OwnBucket, "endpoint"),
            pair(at(OwnBucket, "bucket"), at(OwnBucket, "region")),
            pair(at(OwnBucket, "access_key"), at(OwnBucket, "secret")),
        ],
        _tools(
            Connections.files,
            _("Write and read a test"),
            _("New files go to CareHub's storage again. Those in your bucket are no longer shown."),
        ),
    )
    stripe = _part(
        _("Stripe account"),
        _(
            "Your clients then pay to you. The test asks the account who it is, and has it tell CareHub what happens there."
        ),
        Connections.stripe,
        OwnStripe,
        [
            at(OwnStripe, "mode"),
            pair(at(OwnStripe, "test_key"), at(OwnStripe, "test_webhook")),
            pair(at(OwnStripe, "live_key"), at(OwnStripe, "live_webhook")),
        ],
        _tools(
            Connections.stripe,
            _("Ask the account"),
            _(
                "New payments go to CareHub's account again. Payments made with these keys can no longer be refunded here."
            ),
        ),
    )
    connected = rx.cond(
        PROVIDER.values["issuer"] != "", badge(_("Connected"), tone="ok"), badge(_("Not set up"), tone="")
    )
    sign_in = panel(
        _("Sign-in service"),
        rx.el.div(
            rx.el.p(_("Your staff may sign in with your own OpenID provider."), class_name="i2 t-sm"),
            rx.el.div(WorkLink.create(_("Set it up"), to="settings/sign-in", class_name="btn btn-s btn-sm")),
            class_name="col g-3 card-p",
        ),
        action=connected,
    )
    about = _("Services of your own that CareHub works with. What is secret is encrypted, and never shown again.")
    return settings_page(_("Integrations"), about, own_host(), mail, files, stripe, sign_in)
