"""An organisation's own plan: what it holds, how much is used, what is paid for it, and how to change that."""

from typing import Any

import reflex as rx

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.models.tenancy import Addon, PlanCode
from carehub.services import subscriptions
from carehub.services.subscriptions.errors import AmountChanged
from carehub.services.subscriptions.views import ChangePreview, PlanPage
from carehub.services.tenancy.plans import ask_for_plan
from carehub.state.base import call, outside
from carehub.state.leaving import leaving
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.toasts import explain, toast

READ, MANAGE = "settings.read", "settings.manage"
LATER = N_("The payment service does not answer. What you chose is kept and done as soon as it does")


class OwnPlan(rx.State):
    """`picked` are add-ons chosen before the first subscription; `shown` is the change that waits for a yes."""

    page: PlanPage = PlanPage()
    status: str = "loading"  # loading, ready, failed
    picked: list[str] = []
    shown: ChangePreview = ChangePreview()
    asking: str = ""  # what the dialog asks about: change, cancel
    busy: str = ""  # what is being done
    away: str = ""  # where the browser goes now

    async def _read(self) -> None:
        self.page = await call(subscriptions.plan_page)
        self.status = "ready"

    @action(READ)
    async def load(self) -> Events | None:
        """Repeatable: a reconnection keeps what was picked."""
        self.busy = ""
        try:
            await self._read()
        except CareHubError as refusal:
            self.status = "failed"
            return explain(refusal)
        watch(self, "plan", "load")
        return None

    @action(MANAGE)
    async def choose_plan(self, plan: str) -> Events | None:
        """Begin with it, or see what changing to it costs; the free plan is the end of a subscription."""
        wanted = _plan(plan)
        if wanted is None:
            return None
        if wanted is PlanCode.FREE:
            self.asking = "cancel"
            return None
        now = self.page.subscription
        if not now.live:
            return await self._start(wanted)
        return await self._preview(wanted, [one for one in now.addons if _addon(one)])

    @action(MANAGE)
    async def switch_addon(self, addon: str) -> Events | None:
        """Add it, or take it away: at once in the choice of a first subscription, after a look at the amounts later."""
        if _addon(addon) is None:
            return None
        now = self.page.subscription
        held = now.addons if now.live else self.picked
        wanted = [one for one in held if one != addon] if addon in held else [*held, addon]
        if now.live:
            return await self._preview(PlanCode(now.plan), wanted)
        self.picked = wanted
        return None

    async def _start(self, plan: PlanCode) -> Events | None:
        addons = [one for code in self.picked if (one := _addon(code))]
        try:
            address = await call(subscriptions.start_plan, plan=plan, addons=addons)
        except CareHubError as refusal:
            return explain(refusal)
        self.busy, self.away = "start", leaving(address)
        return None

    async def _preview(self, plan: PlanCode, addons: list[str]) -> Events | None:
        wanted = [one for code in addons if (one := _addon(code))]
        try:
            self.shown = await outside(subscriptions.preview_change, current_actor(), plan=plan, addons=wanted)
        except CareHubError as refusal:
            return explain(refusal)
        self.asking = "change"
        return None

    @action(MANAGE)
    def leave(self, asking: bool) -> None:
        """The dialog was put away."""
        if not asking:
            self.asking = ""

    @action(MANAGE)
    async def confirm(self) -> Events | None:
        """What the dialog showed, at its amounts."""
        plan, at = _plan(self.shown.plan), self.shown.at
        addons = [one for code in self.shown.addons if (one := _addon(code))]
        if self.asking != "change" or plan is None:
            return None
        self.asking = ""
        try:
            await call(subscriptions.change_plan, plan=plan, addons=addons, counted_at=at)
        except AmountChanged as refusal:
            return [explain(refusal), OwnPlan.load()]
        return await self._done(N_("Your plan was changed"))

    @action(MANAGE)
    async def cancel(self) -> Events | None:
        self.asking = ""
        return await self._decide(subscriptions.cancel_plan, N_("Cancelled. Everything stays open until the day shown"))

    @action(MANAGE)
    async def resume(self) -> Events | None:
        return await self._decide(subscriptions.resume_plan, N_("Your plan goes on"))

    @action(MANAGE)
    async def pay(self) -> Events | None:
        return await self._decide(subscriptions.pay_plan, N_("Paid. Thank you"))

    @action(MANAGE)
    async def new_card(self) -> Events | None:
        try:
            address = await call(subscriptions.change_card)
        except CareHubError as refusal:
            return explain(refusal)
        self.busy, self.away = "card", leaving(address)
        return None

    async def _decide(self, verb: Any, said: str) -> Events | None:
        try:
            await call(verb)
        except CareHubError as refusal:
            return [explain(refusal), OwnPlan.load()]
        return await self._done(said)

    async def _done(self, said: str) -> Events | None:
        """Have it done now; what the bank refuses is said in its words."""
        try:
            await outside(subscriptions.carry_out, current_actor())
        except CareHubError:
            await self._read()
            return toast("info", LATER)
        await self._read()
        decline = (
            self.page.subscription.decline
        )  # of this very wish, also when the worker was faster: each begins without one
        return toast("error", decline) if decline else toast("success", said)

    @action(MANAGE)
    async def ask(self, plan: str) -> Events | None:
        wanted = _plan(plan)
        if wanted is None:
            return None
        await call(ask_for_plan, plan=wanted)
        await self._read()
        return toast("success", N_("CareHub was told. You keep everything meanwhile"))


def _plan(code: str) -> PlanCode | None:
    return PlanCode(code) if code in tuple(PlanCode) else None


def _addon(code: str) -> Addon | None:
    return Addon(code) if code in tuple(Addon) else None
