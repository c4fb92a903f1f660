"""How a person wants to be reached, and where; a tenant's carrier of text messages and the addresses that it closed."""

from datetime import time
from typing import Any, ClassVar

import reflex as rx

from carehub.core.errors import CareHubError, Wrong
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.models.reach import Carrier
from carehub.services.identity.contact_number import (
    CodeWrong,
    NumberView,
    ask_number,
    confirm_number,
    forget_number,
    my_number,
)
from carehub.services.identity.errors import ProofNeeded
from carehub.services.notify import gateway_settings, preferences, pushing
from carehub.services.notify.gateway_settings import GatewayForm, TextBudget, TrialForm
from carehub.services.notify.preferences import PreferencesView
from carehub.services.notify.pushing import DeviceView
from carehub.services.notify.suppression import (
    SUPPRESSIONS,
    SuppressionForm,
    add_suppression,
    release_suppressions,
)
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.listing import ListingState
from carehub.state.policy import SIGNED_IN, Events, action
from carehub.state.toasts import toast

MANAGE = "notifications.manage"


def _time(sent: dict[str, str], name: str) -> time:
    """What a time field holds. Raises CareHubError for anything else."""
    try:
        return time.fromisoformat(str(sent.get(name, "")))
    except ValueError as error:
        raise preferences.SameTimes(field=name) from error


class MyReach(rx.State):
    """/me/preferences. `asked`: a code is on its way to the number. `wrong`: what is told at a field."""

    shown: PreferencesView | None = None
    devices: list[DeviceView] = []
    number: NumberView | None = None
    push_key: str = ""
    asked: bool = False
    wrong: dict[str, Wrong] = {}

    @action(SIGNED_IN)
    async def load(self) -> None:
        self.number = await call(my_number)
        self.devices = await call(pushing.my_devices)
        self.push_key = await call(pushing.push_public_key)
        self.shown = await call(preferences.my_preferences)

    async def _again(self) -> None:
        self.shown, self.wrong = await call(preferences.my_preferences), {}

    @action(SIGNED_IN)
    async def switch(self, topic: str, channel: str, enabled: bool) -> None:
        await call(preferences.set_preference, topic=topic, channel=channel, enabled=enabled)
        await self._again()

    @action(SIGNED_IN)
    async def set_quiet(self, sent: dict[str, str]) -> Events | None:
        """The switch sends the whole form too: one handler for the hours and for whether they count."""
        try:
            hours = {"starts": _time(sent, "quiet_from"), "ends": _time(sent, "quiet_to")}
            await call(preferences.set_quiet_hours, quiet=bool(sent.get("quiet")), **hours)
        except CareHubError as refusal:
            self.wrong = refusal.fields
            return None
        await self._again()
        return toast("success", N_("Saved"))

    @action(SIGNED_IN)
    async def set_digest(self, sent: dict[str, str]) -> Events | None:
        try:
            await call(preferences.set_digest, digest=bool(sent.get("digest")), at=_time(sent, "digest_at"))
        except CareHubError as refusal:
            self.wrong = refusal.fields
            return None
        await self._again()
        return toast("success", N_("Saved"))

    @action(SIGNED_IN)
    async def carry(self, carrier: str) -> None:
        await call(preferences.set_text_carrier, carrier=Carrier.WHATSAPP if carrier == "whatsapp" else Carrier.SMS)
        await self._again()

    @action(SIGNED_IN)
    async def subscribed(self, given: dict[str, str]) -> Events:
        """This browser said how it is reached."""
        told = {name: str(given.get(name, "")) for name in ("endpoint", "p256dh", "auth", "user_agent")}
        await call(pushing.subscribe, **told)
        self.devices = await call(pushing.my_devices)
        return toast("success", N_("This browser shows your notifications from now on"))

    @action(SIGNED_IN)
    async def left(self, endpoint: str) -> None:
        await call(pushing.unsubscribe, endpoint=endpoint)
        self.devices = await call(pushing.my_devices)

    @action(SIGNED_IN)
    async def revoke(self, device_id: str) -> Events | None:
        found = parse_id(device_id)
        if found is None:
            return None
        await call(pushing.revoke_device, device_id=found)
        self.devices = await call(pushing.my_devices)
        return toast("success", N_("That device gets nothing more"))

    @action(SIGNED_IN)
    async def ask(self, sent: dict[str, str]) -> None:
        """Send the code that proves a number."""
        try:
            self.number = await call(ask_number, phone=str(sent.get("phone", "")))
        except CareHubError as refusal:
            if isinstance(refusal, ProofNeeded) or not refusal.fields:
                raise
            self.wrong = refusal.fields
            return
        self.asked, self.wrong = True, {}

    @action(SIGNED_IN)
    async def confirm(self, sent: dict[str, str]) -> Events | None:
        if not await call(confirm_number, code=str(sent.get("code", ""))):
            self.wrong = {"code": Wrong(CodeWrong.key, {})}
            return None
        self.number, self.asked, self.wrong = await call(my_number), False, {}
        return toast("success", N_("Text messages go to this number"))

    @action(SIGNED_IN)
    async def forget(self) -> Events:
        await call(forget_number)
        self.number, self.asked, self.wrong = await call(my_number), False, {}
        return toast("success", N_("The number is forgotten"))


class TextGateway(FormState, rx.State):
    """/w/<tenant>/settings/texts."""

    model: ClassVar = GatewayForm
    permission: ClassVar = MANAGE

    budget: TextBudget | None = None
    wrong: dict[str, Wrong] = {}

    async def _read(self) -> GatewayForm:
        self.budget = await call(gateway_settings.read_text_budget)
        return await call(gateway_settings.read_gateway)

    async def _write(self, form: Any) -> Events | None:
        await call(gateway_settings.save_gateway, form=form)
        return type(self).open

    @action(MANAGE)
    async def remove(self) -> Events:
        await call(gateway_settings.remove_gateway)
        return [toast("success", N_("Text messages are off")), type(self).open]

    @action(MANAGE)
    async def send_test(self, sent: dict[str, str]) -> Events | None:
        try:
            await call(gateway_settings.send_test_text, form=TrialForm(number=str(sent.get("number", ""))[:30]))
        except CareHubError as refusal:
            self.wrong = refusal.fields
            return None
        self.wrong = {}
        return toast("success", N_("The test is on its way: its state shows among the deliveries"))


class Suppressions(ListingState, rx.State):
    """/w/<tenant>/closed-addresses."""

    spec: ClassVar = SUPPRESSIONS
    permission: ClassVar = SUPPRESSIONS.permission

    wrong: dict[str, Wrong] = {}

    @action(MANAGE)
    async def act(self, name: str, ids: list[str]) -> list[Events]:
        chosen = [found for found in map(parse_id, ids) if found]
        count = await call(release_suppressions, suppression_ids=chosen) if name == "release" else 0
        said = (
            toast("success", N_("Opened again: {n}"), n=count)
            if count
            else toast("info", N_("Who replied STOP has to reply START"))
        )
        return [said, Suppressions.load]

    @action(MANAGE)
    async def add(self, sent: dict[str, str]) -> list[Events] | None:
        try:
            made = await call(add_suppression, form=SuppressionForm(address=str(sent.get("address", ""))[:254]))
        except CareHubError as refusal:
            self.wrong = refusal.fields
            return None
        self.wrong = {}
        return [toast("success", N_("Nothing is sent to {hint} any more"), hint=made.hint), Suppressions.load]
