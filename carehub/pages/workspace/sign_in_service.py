"""/w/<tenant>/settings/sign-in: the tenant's own OpenID provider."""

from typing import Any

import reflex as rx

from carehub.components.buttons import button
from carehub.components.display import panel
from carehub.components.forms import form
from carehub.components.i18n import _
from carehub.components.navigation import Menu
from carehub.components.page import Page
from carehub.components.workspace import page_body
from carehub.core.i18n import N_
from carehub.state.providers import OwnProvider

S: Any = OwnProvider  # what a Var can do is not in its Python type


def sign_in_service() -> rx.Component:
    remove = rx.cond(
        S.values["issuer"] != "",
        button(_("Remove the sign-in service"), kind="danger-quiet", size="sm", on_click=OwnProvider.remove),
    )
    about = rx.el.p(
        _(
            "Your staff connect it once under Security, then sign in with it. Register the address ending in /api/oidc/back there."
        ),
        class_name="i2",
    )
    body = rx.el.div(about, form(OwnProvider), remove, class_name="col g-4 p-5 max-w-[36rem]")
    return page_body(panel(_("Your own sign-in service"), body))


PAGES: tuple[Page, ...] = (
    Page(
        "/w/[tenant]/settings/sign-in",
        sign_in_service,
        N_("Sign-in service"),
        (OwnProvider.open,),
        "workspace",
        menu=Menu("key-round", "settings.manage", "settings"),
    ),
)
