"""A tenant's team: the list, one member, what roles may do."""

from typing import ClassVar

import reflex as rx

from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.core.permissions import TenantRole
from carehub.services.identity.team import (
    TEAM,
    MemberView,
    PermissionRow,
    change_role,
    member_view,
    role_matrix,
    set_member_active,
    set_permission,
)
from carehub.state.base import call
from carehub.state.listing import ListingState
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.toasts import toast

NOBODY = MemberView("", "", "", False, False, [])


class Team(ListingState, rx.State):
    spec: ClassVar = TEAM
    permission: ClassVar = TEAM.permission


class Member(rx.State):
    """The member that the address names: ?member=<id>."""

    shown: MemberView = NOBODY

    @action("members.read")
    async def load(self) -> None:
        found = parse_id(self.router.url.query_parameters.get("member", ""))
        self.shown = await call(member_view, member_id=found) if found else NOBODY

    @action("members.manage")
    async def give_role(self, role: str) -> Events | None:
        found = parse_id(self.shown.id)
        if found is None or role not in [one.value for one in TenantRole]:
            return None
        await call(change_role, member_id=found, role=TenantRole(role))
        self.shown = await call(member_view, member_id=found)
        return toast("success", N_("Role changed"))

    @action("members.manage")
    async def set_active(self, active: bool) -> Events | None:
        found = parse_id(self.shown.id)
        if found is None:
            return None
        await call(set_member_active, member_id=found, active=active)
        self.shown = await call(member_view, member_id=found)
        return toast("success", N_("Access opened") if active else N_("Access closed"))


class Roles(rx.State):
    """What each role may do here. Only an owner changes it."""

    rows: list[PermissionRow] = []

    @action("members.read")
    async def load(self) -> None:
        self.rows = await call(role_matrix)
        watch(self, TEAM.name, "load")

    @action("members.manage")
    async def allow(self, role: str, permission: str, allowed: bool) -> Events | None:
        if role not in [one.value for one in TenantRole]:
            return None
        await call(set_permission, role=TenantRole(role), permission=permission, allowed=allowed)
        self.rows = await call(role_matrix)
        return toast("success", N_("Saved"))
