"""A tenant's members and what their roles may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.permissions import GRANTS, PERMISSIONS, TenantRole
from carehub.core.verbs import verb
from carehub.models.identity import Person
from carehub.models.tenancy import Membership, RolePermission
from carehub.services.identity.errors import LastOwner, OwnersOnly, OwnRole
from carehub.services.identity.owners import lock_owners, other_owners
from carehub.services.identity.sessions import revoke_after_commit
from carehub.services.listing import Column, Filter, ListSpec, list_verb

ROLE_LABELS: Mapping[str, str] = {
    TenantRole.OWNER: "Owner",
    TenantRole.ADMIN: "Administrator",
    TenantRole.PRACTITIONER: "Practitioner",
    TenantRole.RECEPTIONIST: "Receptionist",
    TenantRole.COACH: "Coach",
    TenantRole.ASSISTANT: "Assistant",
    TenantRole.PARTNER: "Partner",
}
PERMISSION_LABELS: Mapping[str, str] = {
    "workspace.enter": "Enter the workspace",
    "settings.read": "See the settings",
    "settings.manage": "Change the settings",
    "members.read": "See the team",
    "members.manage": "Change roles and close accesses",
    "directory.manage": "Edit public profiles, services and sites",
    "booking.read": "See every agenda",
    "booking.manage": "Book and answer for everyone",
    "agenda.own": "Keep one's own agenda and hours",
    "patients.read": "See the people received",
    "patients.manage": "Edit the people received",
    "intake.read": "Read the answers given when booking",
    "notifications.manage": "Manage messages",
    "audit.read": "Read the audit",
}
STATE_LABELS: Mapping[str, str] = {"active": "Active", "closed": "Access closed"}

_STATE = case((col(Membership.active) & col(Person.deactivated_at).is_(None), "active"), else_="closed")
_NAME = func.concat_ws(" ", col(Person.given_name), col(Person.family_name))

TEAM = ListSpec(
    name="team",
    title=N_("Team"),
    permission="members.read",
    key=col(Membership.id),
    columns={
        "name": Column(N_("Name"), _NAME, kind="person"),
        "role": Column(N_("Role"), col(Membership.role), kind="badge", labels=ROLE_LABELS),
        "state": Column(
            N_("Access"), _STATE, kind="badge", labels=STATE_LABELS, tones={"active": "ok", "closed": "out"}
        ),
        "since": Column(N_("Since"), col(Membership.created_at), kind="date", on_phone=False),
    },
    search=(_NAME,),
    sort="name",
    filters={
        "role": Filter(N_("Role"), ROLE_LABELS, col(Membership.role)),
        "state": Filter(N_("Access"), STATE_LABELS, _STATE),
    },
    base=lambda statement: statement.join(Person, col(Person.id) == col(Membership.person_id)),
    link="/w/{tenant}/team?member={id}",
    search_label=N_("Search a name"),
    empty=N_("Nobody matches. Clear the filters to see the whole team."),
)
list_team = list_verb(TEAM)

_RANKS = {TenantRole.OWNER: 3, TenantRole.ADMIN: 2}


def rank(role: str) -> int:
    """Owner over administrator over everyone else: nobody gives or changes what stands above them."""
    return _RANKS.get(TenantRole(role), 1)


@dataclass(frozen=True)
class MemberView:
    """One member. `roles` are those that the asking person may give them; empty: they may change nothing."""

    id: str
    name: str
    role: str
    active: bool
    me: bool
    roles: list[str]


def access_member(session: Session, actor: Actor, member_id: UUID) -> Membership:
    """A member whom the actor may change: not above themselves. Locks the tenant's owners. Raises NotFound, NotAllowed."""
    assert actor.tenant_id is not None
    lock_owners(session, actor.tenant_id)
    member = session.get(Membership, (actor.tenant_id, member_id))
    if member is None:
        raise NotFound
    if rank(member.role) > rank(actor.role):
        raise NotAllowed
    return member


@verb("members.read")
def member_view(session: Session, actor: Actor, *, member_id: UUID) -> MemberView:
    """One member and what may be done with them. Raises NotFound."""
    member = session.get(Membership, (actor.tenant_id, member_id))
    if member is None:
        raise NotFound
    name = session.scalar(select(_NAME).where(col(Person.id) == member.person_id)) or ""
    may = actor.may("members.manage") and rank(member.role) <= rank(actor.role)
    roles = [str(role) for role in ROLE_LABELS if rank(role) <= rank(actor.role)] if may else []
    return MemberView(str(member.id), name, member.role, member.active, member.person_id == actor.person_id, roles)


@verb("members.manage")
def change_role(session: Session, actor: Actor, *, member_id: UUID, role: TenantRole) -> None:
    """Give a member another role (CD-113). Nobody raises their own or gives more than they have.

    Raises NotFound, NotAllowed, OwnRole, or LastOwner when the organisation would be left without one.
    """
    member = access_member(session, actor, member_id)
    if member.person_id == actor.person_id and rank(role) > rank(member.role):
        raise OwnRole
    if role == TenantRole.CLIENT or rank(role) > rank(actor.role):
        raise NotAllowed
    if member.role == TenantRole.OWNER and role != TenantRole.OWNER:
        _check_other_owner(session, member)
    member.role = role
    _changed(session)


@verb("members.manage")
def set_member_active(session: Session, actor: Actor, *, member_id: UUID, active: bool) -> None:
    """Close a member's access to this tenant, or open it again (CD-116). Their account and other tenants are untouched.

    Raises NotFound, NotAllowed or LastOwner.
    """
    member = access_member(session, actor, member_id)
    if not active and member.role == TenantRole.OWNER:
        _check_other_owner(session, member)
    member.active = active
    _changed(session)


def _check_other_owner(session: Session, member: Membership) -> None:
    if member.active and not other_owners(session, member.tenant_id, member.person_id):
        raise LastOwner


def _changed(session: Session) -> None:
    session.flush()
    announce(session, TEAM.name)
    revoke_after_commit(session)


@dataclass(frozen=True)
class Grant:
    """One cell of the matrix. `changed`: differs from what CareHub gives the role."""

    role: str
    allowed: bool
    changed: bool


@dataclass(frozen=True)
class PermissionRow:
    permission: str
    label: str
    grants: list[Grant]


@verb("members.read")
def role_matrix(session: Session, actor: Actor) -> list[PermissionRow]:
    """What each role may do here (CD-114). The owner's own row is not in it: an owner may do everything."""
    query = select(RolePermission).where(col(RolePermission.tenant_id) == actor.tenant_id)
    changes = {(one.role, one.permission): one.allowed for one in session.scalars(query)}
    return [
        PermissionRow(name, PERMISSION_LABELS[name], [_grant(role, name, changes) for role in _adjustable()])
        for name, module in PERMISSIONS.items()
        if module is None or module in actor.modules
    ]


def _adjustable() -> list[TenantRole]:
    return [TenantRole(role) for role in ROLE_LABELS if role != TenantRole.OWNER]


def _grant(role: TenantRole, permission: str, changes: Mapping[tuple[str, str], bool]) -> Grant:
    usual = permission in GRANTS[role]
    allowed = changes.get((role.value, permission), usual)
    return Grant(role.value, allowed, allowed != usual)


@verb("members.manage")
def set_permission(session: Session, actor: Actor, *, role: TenantRole, permission: str, allowed: bool) -> None:
    """Let a role do something in this tenant, or not (CD-114). Only an owner may. Raises OwnersOnly or NotAllowed."""
    if actor.role != TenantRole.OWNER:
        raise OwnersOnly
    if permission not in PERMISSIONS or role not in _adjustable():
        raise NotAllowed
    values = {"tenant_id": actor.tenant_id, "role": role.value, "permission": permission, "allowed": allowed}
    made = insert(RolePermission).values(**values, id=new_id())
    session.execute(
        made.on_conflict_do_update(index_elements=["tenant_id", "role", "permission"], set_={"allowed": allowed})
    )
    _changed(session)
