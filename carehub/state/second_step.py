"""The second step of one's sign-in. The secret and the printed codes cross the state once, to be shown, and are wiped by the next event."""

import reflex as rx

from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.services.identity.second_factor import (
    FactorView,
    begin_factor,
    confirm_factor,
    forget_devices,
    my_factor,
    renew_codes,
    switch_factor_off,
)
from carehub.state.base import call
from carehub.state.policy import SIGNED_IN, Events, action
from carehub.state.toasts import toast


class SecondStep(rx.State):
    shown: FactorView = FactorView()
    key: str = ""  # the secret being set up, in groups of four
    codes: list[str] = []  # to print
    wrong: str = ""  # msgid at the code's field
    loaded: bool = False

    @action(SIGNED_IN)
    async def load(self) -> None:
        self.shown = await call(my_factor)
        self.loaded = True

    @action(SIGNED_IN)
    async def begin(self) -> None:
        self.key, self.codes, self.wrong = await call(begin_factor), [], ""

    @action(SIGNED_IN)
    async def confirm(self, sent: dict[str, str]) -> Events | None:
        try:
            made = await call(confirm_factor, code=str(sent.get("code", "")))
        except CareHubError as refusal:
            if refusal.field is None:
                raise
            self.wrong = refusal.key
            return None
        self.key, self.codes, self.wrong = "", made, ""
        self.shown = await call(my_factor)
        return toast("success", N_("Two-step sign-in is on"))

    @action(SIGNED_IN)
    async def renew(self) -> None:
        self.codes = await call(renew_codes)
        self.shown = await call(my_factor)

    @action(SIGNED_IN)
    async def forget(self) -> Events:
        await call(forget_devices)
        self.codes, self.shown = [], await call(my_factor)
        return toast("success", N_("Every device is asked for a code again"))

    @action(SIGNED_IN)
    async def switch_off(self) -> Events:
        await call(switch_factor_off)
        self.codes, self.shown = [], await call(my_factor)
        return toast("success", N_("Two-step sign-in is off"))

    @action(SIGNED_IN)
    def put_away(self) -> None:
        """The codes were printed: they leave the screen."""
        self.codes = []
