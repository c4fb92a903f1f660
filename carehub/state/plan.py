"""A tenant's own plan: what it holds, how much is used, which one is wanted."""

import dataclasses

import reflex as rx

from carehub.core.i18n import N_
from carehub.models.tenancy import PlanCode
from carehub.services.tenancy.plans import PLAN_CURRENCY, PLAN_LABELS, PLANS, PlanView, ask_for_plan, my_plan
from carehub.state.base import call
from carehub.state.policy import Events, action
from carehub.state.toasts import toast


@dataclasses.dataclass(frozen=True)
class Offer:
    """One plan as the page shows it; limits of 0 mean none, a price of -1 as agreed. `price` in minor units of `currency`."""

    code: str
    label: str
    price: int
    currency: str
    practitioners: int
    patients: int


OFFERS = [
    Offer(
        one.code.value,
        PLAN_LABELS[one.code],
        -1 if one.price_minor is None else one.price_minor,
        PLAN_CURRENCY,
        one.practitioners or 0,
        one.patients or 0,
    )
    for one in PLANS.values()
]


class OwnPlan(rx.State):
    shown: PlanView = PlanView()
    loaded: bool = False

    @action("settings.read")
    async def load(self) -> None:
        self.shown = await call(my_plan)
        self.loaded = True

    @action("settings.manage")
    async def ask(self, plan: str) -> Events | None:
        if plan not in [one.value for one in PlanCode]:
            return None
        self.shown = await call(ask_for_plan, plan=PlanCode(plan))
        return toast("success", N_("CareHub was told. You keep everything meanwhile"))
