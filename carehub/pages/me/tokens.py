"""/me/tokens: the person's keys to the REST API."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button, file_link
from carehub.components.display import badge, banner, card, empty_state, loading_state, moment
from carehub.components.fields import checkbox, field, text_input
from carehub.components.i18n import _
from carehub.core.i18n import N_
from carehub.state.api_tokens import ApiTokens

SCOPE_LABELS = {
    "directory:read": N_("Search the directory and read free times"),
    "clinics:read": N_("Read clinics"),
    "clinics:write": N_("Open and change clinics"),
    "appointments:read": N_("Read appointments"),
    "appointments:write": N_("Book, move and cancel appointments"),
}


def _row(token: Any) -> rx.Component:
    used = rx.cond(
        token.used_at != "",
        rx.fragment(_("Last used"), " ", moment(token.used_at, style="relative")),
        _("Never used"),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.bdi(token.name, class_name="b"), " ", rx.el.code(token.prefix, "…", class_name="ltr i3")),
            rx.el.p(rx.foreach(token.scopes, lambda scope: badge(scope, class_name="me-1")), class_name="row wrap g-1"),
            rx.el.p(used, " · ", _("Expires"), " ", moment(token.expires_at, style="date"), class_name="text-sm i3"),
            class_name="col grow g-1",
        ),
        button(_("Revoke"), kind="danger-quiet", size="sm", on_click=ApiTokens.revoke(token.id)),
        key=token.id,
        class_name="row row-t g-4 py-4 border-b border-line-soft",
    )


def _form() -> rx.Component:
    scopes = [checkbox(scope, _(label), key=scope) for scope, label in SCOPE_LABELS.items()]
    wrong = rx.cond(
        ApiTokens.errors["scopes"] != "",
        rx.el.p(_(ApiTokens.errors["scopes"]), role="alert", class_name="text-sm text-danger"),
    )
    return rx.el.form(
        field(
            "name",
            _("Token name"),
            text_input("name", max_length=80),
            error=rx.cond(ApiTokens.errors["name"] != "", _(ApiTokens.errors["name"]), ""),
        ),
        rx.el.fieldset(
            rx.el.legend(_("What it may do"), class_name="label"), rx.el.div(*scopes, class_name="col g-2"), wrong
        ),
        button(_("Make a token"), kind="primary", type="submit", class_name="self-start"),
        on_submit=ApiTokens.make,
        class_name="col g-4",
    )


def tokens() -> rx.Component:
    fresh = rx.cond(
        ApiTokens.shown != "",
        rx.el.div(
            banner(_("Copy it now: it will not be shown again."), rx.el.code(ApiTokens.shown, class_name="ltr")),
            role="status",
        ),
    )
    mine: Any = ApiTokens.tokens
    listed = rx.cond(
        mine.length() > 0,
        rx.el.ul(rx.foreach(mine, _row)),
        empty_state(_("API tokens"), _("No token yet. Make one to connect a program."), glyph="key-round"),
    )
    return rx.fragment(
        rx.el.h1(_("API tokens"), class_name="t-3"),
        rx.el.p(
            _("A token lets a program act in your name, within its scopes. It is shown once."),
            " ",
            file_link(_("API documentation"), href="/api/v1/docs", class_name="link"),
            class_name="read i2",
        ),
        fresh,
        card(_form()),
        rx.cond(ApiTokens.loaded, listed, loading_state(rows=3)),
    )
