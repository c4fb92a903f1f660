"""Sign-in through other services: the buttons, what one has connected, a tenant's own provider."""

from typing import Any, ClassVar

import reflex as rx

from carehub.core.actor import current_actor
from carehub.core.i18n import N_
from carehub.core.settings import settings
from carehub.services.identity.errors import LinkNotValid, NotConnected, ProviderFailed
from carehub.services.identity.providers import (
    HOUSE,
    ProviderChoice,
    ProviderForm,
    my_choices,
    read_provider,
    remove_provider,
    save_provider,
    sign_in_choices,
)
from carehub.services.identity.signing import Deactivated
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.guard import tenant_in
from carehub.state.policy import PUBLIC, SIGNED_IN, Events, action
from carehub.state.reader import cookie_of, query
from carehub.state.toasts import toast

WHY = {one().code: one.key for one in (LinkNotValid, NotConnected, ProviderFailed, Deactivated)}


class Providers(rx.State):
    """`why` is the msgid of what went wrong on the way back."""

    choices: list[ProviderChoice] = []
    mine: list[ProviderChoice] = []
    why: str = ""

    @action(PUBLIC)
    async def load(self) -> None:
        self.why = WHY.get(str(self.router.url.query_parameters.get("why", "")), "")
        self.choices = await call(sign_in_choices, tenant=self._house())

    def _house(self) -> str:
        """Whose own provider is offered: the address names it (?org=, the workspace that was asked for), else the last one used."""
        named = query(self, "org") or tenant_in(query(self, "next")).strip("*")
        return (named or cookie_of(self, HOUSE))[:60]

    @action(SIGNED_IN)
    async def load_mine(self) -> None:
        self.mine = await call(my_choices)


class OwnProvider(FormState, rx.State):
    """A tenant's own OpenID provider."""

    model: ClassVar = ProviderForm
    permission: ClassVar = "settings.manage"

    back: str = ""  # where the provider sends people
    door: str = ""  # where the staff sign in by it

    async def _read(self) -> ProviderForm:
        self.back = f"{settings.url}/api/oidc/back"
        self.door = f"{settings.url}/sign-in?org={current_actor().tenant}"
        return await call(read_provider)

    async def _write(self, form: Any) -> Events | None:
        await call(save_provider, form=form)
        return type(self).open

    @action("settings.manage")
    async def remove(self) -> Events:
        await call(remove_provider)
        return [toast("success", N_("Sign-in service removed")), type(self).open]
