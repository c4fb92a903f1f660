"""The console: figures, tenants, one tenant and what a super-admin does about it."""

from typing import ClassVar
from uuid import UUID

import reflex as rx

from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.models.tenancy import PlanCode
from carehub.services.platform.features import FlagView, list_flags, set_tenant_flag
from carehub.services.platform.impersonation import impersonate
from carehub.services.platform.overview import OverviewView, platform_overview
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
from carehub.services.subscriptions.console import ConsoleSubscription
from carehub.services.tenancy.plans import PlanView
from carehub.state.base import call
from carehub.state.listing import ListingState
from carehub.state.policy import Events, action
from carehub.state.reader import segment
from carehub.state.toasts import toast

READ, MANAGE = "platform.read", "platform.manage"
NO_TENANT = TenantView(
    "", "", "", "", "", "", "", "", [], [], "", 0, 0, 0, 0, 0.0, PlanView(), ConsoleSubscription(), [], []
)


class PlatformTenants(ListingState, rx.State):
    spec: ClassVar = TENANTS
    permission: ClassVar = TENANTS.permission


class Overview(rx.State):
    """Asked for again by the clock while the page is looked at (DI-145)."""

    figures: Figures = Figures()
    view: OverviewView | None = None

    @action(READ)
    async def load(self) -> None:
        self.figures = await call(platform_figures)
        self.view = await call(platform_overview)


class PlatformTenant(rx.State):
    """The tenant that the address names: /platform/tenants/<id>. `why` is what is typed in the dialog."""

    shown: TenantView = NO_TENANT
    flags: list[FlagView] = []
    status: str = "loading"  # loading, ready, gone
    asking: bool = False
    why: str = ""
    about: str = ""  # what the dialog asks about: status, plan, flag, member
    wanted: str = ""  # the plan, "<flag> <how it stands>", or the member's id

    async def _read(self) -> None:
        found = parse_id(segment(self, 2))
        try:
            self.shown = await call(tenant_view, tenant_id=found) if found else NO_TENANT
            self.flags = await call(list_flags, tenant_id=found)
        except NotFound:
            self.shown = NO_TENANT
        self.status = "ready" if self.shown.id else "gone"

    @action(READ)
    async def load(self) -> None:
        await self._read()

    @action(READ)
    def ask(self, about: str, wanted: str) -> None:
        """The dialog asks why; an empty `about` closes it."""
        self.about, self.wanted, self.why, self.asking = str(about)[:20], str(wanted)[:60], "", bool(about)

    @action(READ)
    def leave(self, asking: bool) -> None:
        """The dialog was put away."""
        if not asking:
            self.asking = False

    @action(READ)
    def say_why(self, why: str) -> None:
        self.why = str(why)[:500]

    @action(MANAGE)
    async def switch(self) -> Events | None:
        """What the dialog asked: another plan, a flag, else suspend an active tenant or open a suspended one again."""
        found = parse_id(self.shown.id)
        if found is None:
            return None
        if self.about == "plan":
            told = await self._plan(found)
        elif self.about == "flag":
            told = await self._flag(found)
        else:
            told = await self._status(found)
        self.asking = False
        await self._read()
        return toast("success", told)

    async def _plan(self, tenant_id: UUID) -> str:
        if self.wanted in [one.value for one in PlanCode]:
            await call(set_plan, tenant_id=tenant_id, plan=PlanCode(self.wanted), reason=self.why)
        return N_("Plan changed")

    async def _flag(self, tenant_id: UUID) -> str:
        name, _, here = self.wanted.partition(" ")
        await call(set_tenant_flag, tenant_id=tenant_id, name=name, here=here, reason=self.why)
        return N_("Saved")

    async def _status(self, tenant_id: UUID) -> str:
        active = self.shown.status == "active"
        await call(suspend_tenant if active else reactivate_tenant, tenant_id=tenant_id, reason=self.why)
        return N_("Suspended: closed to its people and visitors") if active else N_("Open again")

    @action("platform.impersonate")
    async def stand_in(self) -> Events | None:
        """Enter the organisation in the place of the member that the dialog names."""
        tenant_id, member_id = parse_id(self.shown.id), parse_id(self.wanted)
        if tenant_id is None or member_id is None:
            return None
        slug = await call(impersonate, tenant_id=tenant_id, member_id=member_id, reason=self.why)
        self.asking = False
        return rx.redirect(f"/w/{slug}/settings")
