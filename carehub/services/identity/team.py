"""A tenant's members: who they are, which role they have, whether their access is open."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.i18n import N_
from carehub.core.permissions import TenantRole
from carehub.core.verbs import verb
from carehub.models.access import CustomRole
from carehub.models.identity import Person
from carehub.models.tenancy import Membership
from carehub.services.identity.errors import HandOverFirst, LastOwner, OwnRole
from carehub.services.identity.giving import PLAIN, check_may_give, get_custom_role, rank
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
    "agenda.own": "Keep one's own agenda and hours, and of those one acts for",
    "patients.read": "See the people received",
    "patients.manage": "Edit the people received",
    "intake.read": "Read the answers given when booking",
    "notifications.manage": "Manage messages",
    "audit.read": "Read the audit",
    "privacy.manage": "Answer requests about data, keep the legal texts",
    "data.export": "Take all data out as a file",
    "billing.read": "See quotes and invoices",
    "billing.manage": "Write and send quotes and invoices",
    "wallet.read": "See the organisation's books",
    "wallet.manage": "Give and correct coins, share out amounts",
    "earnings.own": "See one's own earnings and ask for them",
    "payouts.manage": "Approve and send what practitioners are paid",
}
STATE_LABELS: Mapping[str, str] = {"active": "Active", "closed": "Access closed"}

_STATE = case((col(Membership.active) & col(Person.deactivated_at).is_(None), "active"), else_="closed")
_ROLE = func.coalesce(
    select(col(CustomRole.name))
    .where(col(CustomRole.tenant_id) == col(Membership.tenant_id), col(CustomRole.id) == col(Membership.custom_role_id))
    .scalar_subquery(),
    col(Membership.role),
)
_NAME = func.concat_ws(" ", col(Person.given_name), col(Person.family_name))

TEAM = ListSpec(
    name="team",
    title=N_("Team"),
    permission="members.read",
    key=col(Membership.id),
    columns={
        "name": Column(N_("Name"), _NAME, kind="person"),
        "role": Column(N_("Role"), _ROLE, kind="badge", labels=ROLE_LABELS),
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


@dataclass(frozen=True)
class MemberView:
    """One member. `role` is CareHub's, or the id of one of the tenant's own, then with its `title`; `may_change`: the asking
    person may change their role and access; `coming`: appointments that wait for them, to be handed over."""

    id: str
    name: str
    role: str
    title: str
    active: bool
    me: bool
    may_change: bool
    coming: int


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
    own = get_custom_role(session, actor, member.custom_role_id) if member.custom_role_id else None
    return MemberView(
        str(member.id),
        name,
        str(own.id) if own else member.role,
        own.name if own else "",
        member.active,
        member.person_id == actor.person_id,
        actor.may("members.manage") and rank(member.role) <= rank(actor.role),
        coming_of(session, member),
    )


_COMING = text("""
    SELECT count(*) FROM appointment WHERE practitioner_id = :practitioner AND starts_at > :now
      AND status IN ('pending', 'proposed', 'booked')""")


def coming_of(session: Session, member: Membership) -> int:
    """How many appointments and requests wait for a member, in the session's tenant."""
    if member.practitioner_id is None:
        return 0
    return session.scalar(_COMING, {"practitioner": member.practitioner_id, "now": clock.now()}) or 0


@verb("members.manage")
def roles_to_give(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(role, name) of what the actor may give to someone else: CareHub's roles by msgid, then the tenant's own."""
    found: list[tuple[str, str]] = []
    query = select(CustomRole).where(col(CustomRole.tenant_id) == actor.tenant_id).order_by(col(CustomRole.name))
    own: list[CustomRole | None] = list(session.scalars(query))
    for role, custom in [*((TenantRole(one), None) for one in ROLE_LABELS), *((PLAIN, one) for one in own)]:
        with suppress(NotAllowed):
            check_may_give(session, actor, role, custom)
            found.append((str(custom.id), custom.name) if custom else (role.value, ROLE_LABELS[role]))
    return found


@verb("members.manage")
def change_role(
    session: Session, actor: Actor, *, member_id: UUID, role: TenantRole, custom_role_id: UUID | None = None
) -> None:
    """Give a member another role (CD-113), with `custom_role_id` one of the tenant's own. Nobody raises their own or gives
    more than they have.

    Raises NotFound, NotAllowed, BeyondOneself, OwnRole, or LastOwner when the organisation would be left without one.
    """
    member = access_member(session, actor, member_id)
    custom = get_custom_role(session, actor, custom_role_id) if custom_role_id else None
    role = PLAIN if custom else role
    oneself = member.person_id == actor.person_id
    if oneself and rank(role) > rank(member.role):
        raise OwnRole
    check_may_give(session, actor, role, custom, to_oneself=oneself)
    if member.role == TenantRole.OWNER and role != TenantRole.OWNER:
        check_other_owner(session, member)
    member.role, member.custom_role_id = role, custom_role_id
    changed(session)


@verb("members.manage")
def set_member_active(session: Session, actor: Actor, *, member_id: UUID, active: bool) -> None:
    """Close a member's access to this tenant, or open it again (CD-116). Their account and other tenants are untouched.

    Raises NotFound, NotAllowed, LastOwner, or HandOverFirst while appointments wait for them.
    """
    member = access_member(session, actor, member_id)
    if not active and member.role == TenantRole.OWNER:
        check_other_owner(session, member)
    coming = 0 if active else coming_of(session, member)
    if coming:
        raise HandOverFirst(count=coming)
    member.active = active
    changed(session)


def check_other_owner(session: Session, member: Membership) -> None:
    """Raises LastOwner when the organisation would be left without an owner who can sign in."""
    if member.active and not other_owners(session, member.tenant_id, member.person_id):
        raise LastOwner


def changed(session: Session) -> None:
    """Open lists of the team are told, and every open session asks again who may what."""
    session.flush()
    announce(session, TEAM.name)
    revoke_after_commit(session)
