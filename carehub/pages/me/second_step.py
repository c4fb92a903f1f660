"""The panels of /me/security about ways in: two-step sign-in, other sign-in services."""

from typing import Any

import reflex as rx

from carehub.components.auth import AuthForm
from carehub.components.buttons import button
from carehub.components.display import badge, banner, loading_state, moment, panel
from carehub.components.fields import code_input, field
from carehub.components.i18n import _, number_text
from carehub.components.sheet import sheet
from carehub.state.providers import Providers
from carehub.state.second_step import SecondStep

P: Any = Providers
S: Any = SecondStep  # what a Var can do is not in its Python type


def _off() -> rx.Component:
    return rx.el.div(
        rx.el.p(_("Besides the password, a code of your telephone: a stolen password opens nothing."), class_name="i2"),
        button(_("Set up two-step sign-in"), kind="primary", icon="shield-check", on_click=S.begin),
        class_name="col g-4 items-start",
    )


def _setting_up() -> rx.Component:
    picture = rx.el.img(
        src="/api/me/factor.svg",
        alt=_("Picture for your authenticator; the key below says the same"),
        width="196",
        height="196",
        class_name="card",
    )
    label = _("Code of 6 figures")
    confirm = rx.el.form(
        field("code", label, code_input("code", label), error=rx.cond(S.wrong != "", _(S.wrong), "")),
        button(_("Switch on"), kind="primary", type="submit"),
        on_submit=S.confirm,
        class_name="col g-4 w-full max-w-[21rem]",
    )
    return rx.el.div(
        rx.el.ol(
            rx.el.li(_("Open an authenticator on your telephone and point it at this picture, or type the key.")),
            rx.el.li(_("Copy the six figures that it shows.")),
            class_name="col g-1 i2",
        ),
        picture,
        rx.el.code(S.key, class_name="ltr break-all"),
        confirm,
        class_name="col g-4 items-start",
    )


def _codes() -> rx.Component:
    listed = rx.el.ul(
        rx.foreach(S.codes, lambda one: rx.el.li(rx.el.code(one, class_name="ltr"), key=one)), class_name="col g-1"
    )
    return rx.el.div(
        banner(
            _("Print these codes or keep them in a safe place"),
            _("Each opens your account once, without the telephone. They are shown this time only."),
            tone="warn",
        ),
        listed,
        button(_("I have kept them"), on_click=S.put_away),
        class_name="col g-4 items-start",
        role="status",
    )


def _on() -> rx.Component:
    figures = rx.el.p(
        _("Printed codes left:"), " ", number_text(S.shown.codes_left), " · ",
        _("Devices that are not asked:"), " ", number_text(S.shown.devices),
        class_name="i2",
    )  # fmt: skip
    acts = rx.el.div(
        button(_("New printed codes"), size="sm", on_click=S.renew),
        rx.cond(S.shown.devices > 0, button(_("Ask on every device again"), size="sm", on_click=S.forget)),
        button(_("Switch off"), kind="danger-quiet", size="sm", on_click=S.switch_off),
        class_name="row wrap g-2",
    )
    since = rx.el.p(badge(_("On"), tone="ok"), " ", _("since"), " ", moment(S.shown.since, style="date"))
    return rx.el.div(since, figures, acts, class_name="col g-3")


def two_steps() -> rx.Component:
    body = rx.cond(
        S.codes.length() > 0,
        _codes(),
        rx.cond(S.shown.on, _on(), rx.cond(S.key != "", _setting_up(), _off())),
    )
    return panel(
        _("Two-step sign-in"),
        rx.el.div(sheet("entering"), rx.cond(S.loaded, body, loading_state(rows=2)), class_name="p-5"),
    )


def _service(choice: Any) -> rx.Component:
    return AuthForm.create(
        action="/api/me/oidc",
        fixed={"provider": choice.ref},
        submit_label=_("Connect {name}", name=choice.name),
        kind="quiet",
        key=choice.ref,
    )


def services() -> rx.Component:
    """What one may connect; nothing where no service is configured."""
    listed = rx.el.div(
        rx.el.p(_("Sign in with a service that you trust, besides your password."), class_name="i2"),
        rx.foreach(P.mine, _service),
        class_name="col g-4 p-5 max-w-[28rem]",
    )
    return rx.cond(P.mine.length() > 0, panel(_("Other ways to sign in"), listed))
