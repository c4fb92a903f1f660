"""A tenant's team: the list, one member, what roles may do."""

from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.core.permissions import TenantRole
from carehub.services.booking.hand_over import Fate, HandOverForm, hand_over, leaving
from carehub.services.identity import roles
from carehub.services.identity.account import LoginView
from carehub.services.identity.activity import ActivityLine, member_activity, member_logins
from carehub.services.identity.roles import PermissionRow, RoleForm, RoleHead
from carehub.services.identity.team import (
    TEAM,
    MemberView,
    change_role,
    member_view,
    roles_to_give,
    set_member_active,
)
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.listing import ListingState
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.toasts import explain, toast

MANAGE = "members.manage"
NOBODY = MemberView("", "", "", "", False, False, False, 0)
BUILT_IN = frozenset(one.value for one in TenantRole)


class Team(ListingState, rx.State):
    spec: ClassVar = TEAM
    permission: ClassVar = TEAM.permission


class Member(rx.State):
    """The member that the address names: ?member=<id>."""

    shown: MemberView = NOBODY
    roles: list[tuple[str, str]] = []  # what the reader may give them; their own role first when it is none of these
    logins: list[LoginView] = []
    done: list[ActivityLine] = []

    @action("members.read")
    async def load(self) -> None:
        found = parse_id(self.router.url.query_parameters.get("member", ""))
        self.logins, self.done, self.roles = [], [], []
        self.shown = await call(member_view, member_id=found) if found else NOBODY
        actor = current_actor()
        if found and self.shown.may_change:
            given = await call(roles_to_give)
            known = self.shown.role in [role for role, _ in given]
            self.roles = given if known else [(self.shown.role, self.shown.title), *given]
        if found and actor.may(MANAGE):
            self.logins = await call(member_logins, member_id=found)
        if found and actor.may("audit.read"):
            self.done = await call(member_activity, member_id=found)

    @action(MANAGE)
    async def give_role(self, role: str) -> Events | None:
        found, custom = parse_id(self.shown.id), parse_id(role)
        if found is None or (custom is None and role not in BUILT_IN):
            return None
        given = TenantRole.ASSISTANT if custom else TenantRole(role)
        await call(change_role, member_id=found, role=given, custom_role_id=custom)
        self.shown = await call(member_view, member_id=found)
        return toast("success", N_("Role changed"))

    @action(MANAGE)
    async def set_active(self, active: bool) -> Events | None:
        found = parse_id(self.shown.id)
        if found is None:
            return None
        await call(set_member_active, member_id=found, active=active)
        self.shown = await call(member_view, member_id=found)
        return toast("success", N_("Access opened") if active else N_("Access closed"))


class Leaving(FormState, rx.State):
    """The dialog in which a leaving practitioner's appointments find their place."""

    model: ClassVar = HandOverForm
    permission: ClassVar = MANAGE
    saved_key: ClassVar = N_("Handed over, and the access is closed")

    shown: bool = False
    name: str = ""
    fates: list[Fate] = []
    total: int = 0
    unfit: int = 0
    chosen: bool = False  # a colleague is
    _member: UUID | None = None

    async def _read(self) -> HandOverForm:
        if self._member is not None:
            await self._try(None)
        return HandOverForm()

    async def _try(self, to: UUID | None) -> None:
        assert self._member is not None
        found = await call(leaving, member_id=self._member, to=to)
        self.name, self.total, self.chosen = found.name, found.total, to is not None
        self.fates = sorted(found.fates, key=lambda one: one.moves)[:50]  # first what asks for a decision
        self.unfit = sum(not one.moves for one in found.fates) if to else 0
        self.choices = {"to": [{"value": key, "label": name} for key, name in found.colleagues]}

    async def _write(self, form: Any) -> Events | None:
        if self._member is None:
            return None
        await call(hand_over, member_id=self._member, form=form)
        self.shown = False
        return [Member.load, Team.load]

    @action(MANAGE)
    async def start(self, member_id: str) -> Events | None:
        self._member, self.errors, self.opened, self.shown = parse_id(member_id), {}, False, True
        return Leaving.open()

    @action(MANAGE)
    async def consider(self, to: str) -> Events | None:
        """Show what fits at the colleague who was chosen."""
        if self._member is None:
            return None
        try:
            await self._try(parse_id(to))
        except CareHubError as refusal:
            return explain(refusal)
        return None

    @action(MANAGE)
    def show(self, is_open: bool) -> None:
        self.shown = is_open


class Roles(rx.State):
    """What each role may do here. Owners adjust CareHub's roles; the tenant's own are kept by whoever holds as much."""

    heads: list[RoleHead] = []
    rows: list[PermissionRow] = []

    @action("members.read")
    async def load(self) -> None:
        await self._read()
        watch(self, TEAM.name, "load")

    async def _read(self) -> None:
        found = await call(roles.role_matrix)
        self.heads, self.rows = found.roles, found.rows

    @action(MANAGE)
    async def allow(self, role: str, permission: str, allowed: bool) -> Events | None:
        custom = parse_id(role)
        if custom is None and role not in BUILT_IN:
            return None
        try:
            if custom is not None:
                await call(roles.allow, role_id=custom, permission=permission, allowed=allowed)
            else:
                await call(roles.set_permission, role=TenantRole(role), permission=permission, allowed=allowed)
        except CareHubError as refusal:
            return [explain(refusal), Roles.load()]
        await self._read()
        return toast("success", N_("Saved"))

    @action(MANAGE)
    async def remove(self, role_id: str) -> Events | None:
        found = parse_id(role_id)
        if found is None:
            return None
        try:
            await call(roles.remove_role, role_id=found)
        except CareHubError as refusal:
            return explain(refusal)
        await self._read()
        return toast("success", N_("Role removed"))


class RoleEditor(FormState, rx.State):
    """The dialog for a role of the tenant's own."""

    model: ClassVar = RoleForm
    permission: ClassVar = MANAGE

    shown: bool = False
    fresh: bool = True
    _role: UUID | None = None

    async def _read(self) -> RoleForm:
        heads = (await call(roles.role_matrix)).roles
        self.choices = {"like": [{"value": one.key, "label": one.name} for one in heads]}
        if self._role is None:
            return RoleForm.model_construct(name="", like="")
        return await call(roles.read_role, role_id=self._role)

    async def _write(self, form: Any) -> Events | None:
        await call(roles.save_role, role_id=self._role, form=form)
        self.shown = False
        return Roles.load()

    @action(MANAGE)
    async def start(self, role_id: str) -> Events | None:
        self._role, self.errors, self.opened, self.shown = parse_id(role_id), {}, False, True
        self.fresh = self._role is None
        return RoleEditor.open()

    @action(MANAGE)
    def show(self, is_open: bool) -> None:
        self.shown = is_open
