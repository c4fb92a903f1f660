"""The platform's own settings and its feature flags."""

from typing import Any, ClassVar

import reflex as rx

from carehub.core.i18n import N_
from carehub.services.platform.features import FlagView, list_flags, set_flag
from carehub.services.platform.settings import PlatformForm, read_settings, save_settings
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.policy import Events, action
from carehub.state.toasts import toast

READ, MANAGE = "platform.read", "platform.manage"


class OfPlatform(FormState, rx.State):
    model: ClassVar = PlatformForm
    permission: ClassVar = READ

    async def _read(self) -> PlatformForm:
        return await call(read_settings)

    async def _write(self, form: Any) -> None:
        await call(save_settings, form=form)


class Flags(rx.State):
    flags: list[FlagView] = []

    @action(READ)
    async def load(self) -> None:
        self.flags = await call(list_flags)

    @action(MANAGE)
    async def switch(self, name: str, enabled: bool) -> Events:
        await call(set_flag, name=name, enabled=bool(enabled))
        self.flags = await call(list_flags)
        return toast("success", N_("Saved"))
