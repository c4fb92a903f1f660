"""The console: figures, tenants, one tenant and what a super-admin does about it."""

from typing import ClassVar

import reflex as rx

from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.models.tenancy import PlanCode
from carehub.services.platform.plans import set_plan
from carehub.services.platform.tenants import (
    TENANTS,
    Figures,
    TenantView,
    platform_figures,
    reactivate_tenant,
    suspend_tenant,
    tenant_view,
)
from carehub.services.tenancy.plans import PlanView
from carehub.state.base import call
from carehub.state.listing import ListingState
from carehub.state.policy import Events, action
from carehub.state.reader import segment
from carehub.state.toasts import toast

READ, MANAGE = "platform.read", "platform.manage"
NO_TENANT = TenantView("", "", "", "", "", "", "", "", [], [], "", 0, 0, 0, 0, 0.0, PlanView(), [], [])


class PlatformTenants(ListingState, rx.State):
    spec: ClassVar = TENANTS
    permission: ClassVar = TENANTS.permission


class Overview(rx.State):
    figures: Figures = Figures()

    @action(READ)
    async def load(self) -> None:
        self.figures = await call(platform_figures)


class PlatformTenant(rx.State):
    """The tenant that the address names: /platform/tenants/<id>. `why` is what is typed in the dialog."""

    shown: TenantView = NO_TENANT
    status: str = "loading"  # loading, ready, gone
    asking: bool = False
    why: str = ""
    wanted: str = ""  # the plan that the dialog is about; empty: it is about suspension

    async def _read(self) -> None:
        found = parse_id(segment(self, 2))
        try:
            self.shown = await call(tenant_view, tenant_id=found) if found else NO_TENANT
        except NotFound:
            self.shown = NO_TENANT
        self.status = "ready" if self.shown.id else "gone"

    @action(READ)
    async def load(self) -> None:
        await self._read()

    @action(MANAGE)
    def ask(self, asking: bool) -> None:
        self.asking, self.why, self.wanted = bool(asking), "", ""

    @action(MANAGE)
    def want(self, plan: str) -> None:
        """Another plan: the dialog asks why."""
        self.asking, self.why, self.wanted = True, "", str(plan)

    @action(MANAGE)
    def say_why(self, why: str) -> None:
        self.why = str(why)[:500]

    @action(MANAGE)
    async def switch(self) -> Events | None:
        """What the dialog asked: another plan, else suspend an active tenant or open a suspended one again."""
        found = parse_id(self.shown.id)
        if found is None:
            return None
        if self.wanted in [one.value for one in PlanCode]:
            await call(set_plan, tenant_id=found, plan=PlanCode(self.wanted), reason=self.why)
            self.asking = False
            await self._read()
            return toast("success", N_("Plan changed"))
        active = self.shown.status == "active"
        await call(suspend_tenant if active else reactivate_tenant, tenant_id=found, reason=self.why)
        self.asking = False
        await self._read()
        return toast("success", N_("Suspended: closed to its people and visitors") if active else N_("Open again"))
