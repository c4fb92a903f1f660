"""Inviting people: staff with a role, patients to open an account. Sent by mail, open for seven days, accepted once."""

import enum
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import EmailStr, Field, StringConstraints
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import decrypt_optional, encrypt
from carehub.core.db import tenant_scope
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.access import CustomRole, Invitation
from carehub.models.booking import Patient
from carehub.models.identity import Person
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Membership
from carehub.services.identity import accounts
from carehub.services.identity.errors import AlreadyInvited, AlreadyMember, HasAccount, InvitationOver, NoAddress
from carehub.services.identity.forms import Form, Name
from carehub.services.identity.giving import PLAIN, check_may_give, get_custom_role, rank
from carehub.services.identity.invitation_links import EMAIL, LIFE, email_of, index_of, is_open

TOPIC = "invitations"
SENT = "invitation.sent"
MOST = 100
SHOWN = timedelta(days=30)  # how long a lapsed one stays in the list


class StaffRole(enum.StrEnum):
    """The roles of core.permissions.TenantRole that staff have."""

    OWNER = "owner"
    ADMIN = "admin"
    PRACTITIONER = "practitioner"
    RECEPTIONIST = "receptionist"
    COACH = "coach"
    ASSISTANT = "assistant"
    PARTNER = "partner"


class InviteForm(Form):
    """A future colleague."""

    given_name: Name = Field(title=N_("First name"))
    family_name: Name = Field(title=N_("Last name"))
    email: Annotated[EmailStr, StringConstraints(max_length=200)] = Field(title=N_("E-mail"))
    role: str = Field(
        title=N_("Role"), json_schema_extra={"widget": "select", "no_empty": True}
    )  # or the id of an own one
    practitioner_id: UUID | None = Field(
        None,
        title=N_("Whose agenda"),
        description=N_("Only for someone who receives people and is in your list already"),
        json_schema_extra={"widget": "select"},
    )


@dataclass(frozen=True)
class InvitationView:
    """`role` is CareHub's, or the name of one of the tenant's own. `state`: open or lapsed. Times are ISO, in UTC."""

    id: str
    name: str
    email: str
    role: str
    state: str
    expires_at: str
    invited_by: str


@verb("members.manage")
def invite(session: Session, actor: Actor, *, form: InviteForm) -> UUID:
    """Mail an invitation to join the staff. It lapses after seven days; nobody gives more than they have.

    Raises NotAllowed, BeyondOneself, NotFound (the role, the agenda), AlreadyMember or AlreadyInvited at the field `email`.
    """
    assert actor.tenant_id is not None
    role, custom = _asked_role(session, actor, form.role)
    check_may_give(session, actor, role, custom)
    if form.practitioner_id is not None:
        practitioner = session.get(Practitioner, (actor.tenant_id, form.practitioner_id))
        if practitioner is None or practitioner.person_id is not None:
            raise NotFound(field="practitioner_id")
    if _is_member(session, actor.tenant_id, form.email):
        raise AlreadyMember(field="email")
    return _send(
        session,
        actor,
        Invitation(
            tenant_id=actor.tenant_id,
            email=b"",
            email_index=b"",
            given_name=form.given_name,
            family_name=form.family_name,
            role=role.value,
            custom_role_id=custom.id if custom else None,
            practitioner_id=form.practitioner_id,
            expires_at=clock.now(),
        ),
        form.email,
    )


def _asked_role(session: Session, actor: Actor, asked: str) -> tuple[TenantRole, CustomRole | None]:
    """CareHub's role, or the rank of one of the tenant's own with that one. Raises NotFound at `role`."""
    own = parse_id(asked)
    try:
        return (PLAIN, get_custom_role(session, actor, own)) if own else (TenantRole(StaffRole(asked)), None)
    except (ValueError, NotFound) as error:
        raise NotFound(field="role") from error


@verb("patients.manage")
def invite_patient(session: Session, actor: Actor, *, patient_id: UUID) -> UUID:
    """Mail a patient an invitation to open an account, in which they find their appointments.

    Raises NotFound, HasAccount, NoAddress or AlreadyInvited.
    """
    assert actor.tenant_id is not None
    patient = session.get(Patient, (actor.tenant_id, patient_id))
    if patient is None:
        raise NotFound
    if patient.person_id is not None:
        raise HasAccount
    email = decrypt_optional(actor.tenant_id, "patient.email", patient.email)
    if not email:
        raise NoAddress
    made = Invitation(
        tenant_id=actor.tenant_id,
        email=b"",
        email_index=b"",
        given_name=patient.given_name,
        family_name=patient.family_name,
        role=TenantRole.CLIENT.value,
        patient_id=patient.id,
        expires_at=clock.now(),
    )
    return _send(session, actor, made, email)


def _is_member(session: Session, tenant_id: UUID, email: str) -> bool:
    with tenant_scope(session, Role.AUTH, tenant_id):
        known = accounts.find_by_email(session, email)
    if known is None:
        return False
    query = select(func.count()).where(
        col(Membership.tenant_id) == tenant_id, col(Membership.person_id) == known.id, col(Membership.active)
    )
    return bool(session.scalar(query))


def _send(session: Session, actor: Actor, made: Invitation, email: str) -> UUID:
    index = index_of(made.tenant_id, email)
    session.execute(_LOCK, {"what": index.hex()})
    waiting = select(Invitation).where(
        col(Invitation.tenant_id) == made.tenant_id,
        col(Invitation.email_index) == index,
        col(Invitation.accepted_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
    )
    before = session.scalar(waiting)
    if before is not None:
        if is_open(before):
            raise AlreadyInvited(field="email")
        before.withdrawn_at = clock.now()
        session.flush()
    made.email, made.email_index = encrypt(made.tenant_id, EMAIL, email.strip()), index
    made.invited_by, made.created_at, made.expires_at = actor.person_id, clock.now(), clock.now() + LIFE
    session.add(made)
    session.flush()
    _tell(session, made)
    return made.id


_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('invitation ' || :what, 0))")


def _tell(session: Session, invitation: Invitation) -> None:
    outbox.emit(session, SENT, invitation_id=str(invitation.id), round=invitation.round)
    announce(session, TOPIC)


@verb("members.read")
def list_invitations(session: Session, actor: Actor) -> list[InvitationView]:
    """Staff who were invited and have not answered, the last first; lapsed ones for a month; at most 100."""
    query = (
        select(Invitation, col(Person.given_name), col(Person.family_name), col(CustomRole.name))
        .outerjoin(CustomRole, role_of_invitation())
        .outerjoin(Person, col(Person.id) == col(Invitation.invited_by))
        .where(
            col(Invitation.tenant_id) == actor.tenant_id,
            col(Invitation.role) != TenantRole.CLIENT.value,
            col(Invitation.accepted_at).is_(None),
            col(Invitation.withdrawn_at).is_(None),
            col(Invitation.expires_at) > clock.now() - SHOWN,
        )
        .order_by(col(Invitation.created_at).desc())
        .limit(MOST)
    )
    return [
        _view(one, own or one.role, f"{given or ''} {family or ''}".strip())
        for one, given, family, own in session.execute(query)
    ]


def role_of_invitation() -> ColumnElement[bool]:
    """Joins the tenant's own role that an invitation is for."""
    return (col(CustomRole.tenant_id) == col(Invitation.tenant_id)) & (
        col(CustomRole.id) == col(Invitation.custom_role_id)
    )


def _view(one: Invitation, role: str, by: str) -> InvitationView:
    name, state = f"{one.given_name} {one.family_name}", "open" if is_open(one) else "lapsed"
    return InvitationView(str(one.id), name, email_of(one), role, state, one.expires_at.isoformat(), by)


def _waiting(session: Session, actor: Actor, invitation_id: UUID) -> Invitation:
    """One that nobody has accepted, which the actor may change. Raises NotFound, InvitationOver, NotAllowed."""
    query = select(Invitation).where(col(Invitation.tenant_id) == actor.tenant_id, col(Invitation.id) == invitation_id)
    found = session.scalar(query.with_for_update())
    if found is None or found.role == TenantRole.CLIENT:
        raise NotFound
    if found.accepted_at is not None or found.withdrawn_at is not None:
        raise InvitationOver
    if rank(found.role) > rank(actor.role):
        raise NotAllowed
    return found


@verb("members.manage")
def resend_invitation(session: Session, actor: Actor, *, invitation_id: UUID) -> None:
    """Mail it again, for seven more days; the link of the mail before stops working.

    Raises NotFound, InvitationOver or NotAllowed.
    """
    found = _waiting(session, actor, invitation_id)
    found.round, found.expires_at = found.round + 1, clock.now() + LIFE
    session.flush()
    _tell(session, found)


@verb("members.manage")
def withdraw_invitation(session: Session, actor: Actor, *, invitation_id: UUID) -> None:
    """Take it back: its link stops working. Raises NotFound, InvitationOver or NotAllowed."""
    _waiting(session, actor, invitation_id).withdrawn_at = clock.now()
    session.flush()
    announce(session, TOPIC)


@verb("members.manage")
def agendas_without_person(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of practitioners who have no account yet, by name: an invitation may hand their agenda over."""
    query = (
        select(col(Practitioner.id), col(Practitioner.given_name), col(Practitioner.family_name))
        .where(col(Practitioner.tenant_id) == actor.tenant_id, col(Practitioner.person_id).is_(None))
        .order_by(col(Practitioner.family_name), col(Practitioner.given_name))
        .limit(MOST)
    )
    return [(str(row.id), f"{row.given_name} {row.family_name}") for row in session.execute(query)]
