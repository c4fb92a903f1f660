"""What a client does with their appointments afterwards: see, move, cancel, answer a proposal. By account, or by a guest's link."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.booking import Appointment, AppointmentProposal, AppointmentStatus, ProposalStatus
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Tenant
from carehub.services.booking.errors import TooLate, WrongState
from carehub.services.booking.holds import check_offered
from carehub.services.booking.queries import (
    access_appointment,
    appointments,
    check_open,
    read_policy,
    read_proposals,
    read_view,
    view_of,
)
from carehub.services.booking.rules import COMING, MOVABLE, booking_rules, client_may_change
from carehub.services.booking.tokens import read_manage_token
from carehub.services.booking.views import AppointmentView
from carehub.services.booking.write import become, lock_practitioner, move, record, tell, withdraw_proposals

PAGE = 50


@verb(SIGNED_IN)
def my_appointments(session: Session, _actor: Actor, *, past: bool = False, page: int = 1) -> list[AppointmentView]:
    """The person's appointments in every tenant, 50 a page: coming ones soonest first, past ones latest first
    (MC-057, MC-058, DI-048). A declined or cancelled one counts as past."""
    now, a = clock.now(), Appointment
    coming = (col(a.ends_at) >= now) & col(a.status).in_([status.value for status in COMING])
    statement = appointments(outer=True).where(~coming if past else coming)
    order = col(a.starts_at).desc() if past else col(a.starts_at)
    rows = session.execute(statement.order_by(order, col(a.id)).limit(PAGE).offset((max(page, 1) - 1) * PAGE)).all()
    tenants = {row[0].tenant_id for row in rows}
    policies = {}
    for tenant_id in tenants:
        with tenant_scope(session, Role.BOOKING, tenant_id):
            policies[tenant_id] = read_policy(session, tenant_id)
    proposals = read_proposals(session, [row[0].id for row in rows if row[0].status == AppointmentStatus.PROPOSED])
    return [view_of(row, client=policies[row[0].tenant_id], proposals=proposals.get(row[0].id, ())) for row in rows]


@dataclass(frozen=True)
class Access:
    tenant_id: UUID
    appointment_id: UUID
    person_id: UUID | None


def access_mine(session: Session, actor: Actor, appointment_id: UUID) -> Access:
    """Row-level security lets a person find only their own. Raises NotFound."""
    tenant_id = session.scalar(select(col(Appointment.tenant_id)).where(col(Appointment.id) == appointment_id))
    if tenant_id is None:
        raise NotFound
    return Access(tenant_id, appointment_id, actor.person_id)


def access_link(token: str) -> Access:
    managed = read_manage_token(token)
    return Access(managed.tenant_id, managed.appointment_id, None)


@verb(SIGNED_IN)
def read_mine(session: Session, actor: Actor, *, appointment_id: UUID) -> AppointmentView:
    access = access_mine(session, actor, appointment_id)
    with tenant_scope(session, Role.BOOKING, access.tenant_id):
        return read_view(session, appointment_id, for_client=True)


@verb(PUBLIC)
def read_by_link(session: Session, _actor: Actor, *, token: str) -> AppointmentView:
    """A guest's appointment (SQ-025). Raises NotFound."""
    access = access_link(token)
    with tenant_scope(session, Role.BOOKING, access.tenant_id):
        return read_view(session, access.appointment_id, for_client=True)


@verb(SIGNED_IN)
def cancel_mine(session: Session, actor: Actor, *, appointment_id: UUID, reason: str = "") -> AppointmentView:
    """Also where booking has been switched off since. Raises NotFound, TooLate, WrongState."""
    return _cancel(session, access_mine(session, actor, appointment_id), reason)


@verb(PUBLIC)
def cancel_by_link(session: Session, _actor: Actor, *, token: str, reason: str = "") -> AppointmentView:
    return _cancel(session, access_link(token), reason)


@verb(SIGNED_IN)
def reschedule_mine(session: Session, actor: Actor, *, appointment_id: UUID, starts_at: datetime) -> AppointmentView:
    """Move to another free time. Where the practitioner confirms by hand it becomes a request again.

    Raises NotFound, TooLate, WrongState, SlotTaken, SlotNotOffered, ModuleOff.
    """
    return _reschedule(session, access_mine(session, actor, appointment_id), starts_at)


@verb(PUBLIC)
def reschedule_by_link(session: Session, _actor: Actor, *, token: str, starts_at: datetime) -> AppointmentView:
    return _reschedule(session, access_link(token), starts_at)


@verb(SIGNED_IN)
def accept_proposal_mine(session: Session, actor: Actor, *, appointment_id: UUID, proposal_id: UUID) -> AppointmentView:
    """Take one of the times that the practitioner proposed (DI-045). Raises NotFound, WrongState, SlotTaken, ModuleOff."""
    return _accept_proposal(session, access_mine(session, actor, appointment_id), proposal_id)


@verb(PUBLIC)
def accept_proposal_by_link(session: Session, _actor: Actor, *, token: str, proposal_id: UUID) -> AppointmentView:
    return _accept_proposal(session, access_link(token), proposal_id)


def _check_window(session: Session, appointment: Appointment, window: str) -> None:
    tenant = session.execute(
        select(col(Tenant.name), col(Tenant.booking_rules)).where(col(Tenant.id) == appointment.tenant_id)
    ).one()
    hours = getattr(booking_rules(tenant.booking_rules), window)
    if appointment.status not in MOVABLE:
        raise WrongState
    if not client_may_change(appointment.status, appointment.starts_at, now=clock.now(), hours=hours):
        raise TooLate(hours=hours, tenant=tenant.name)


def _cancel(session: Session, access: Access, reason: str) -> AppointmentView:
    with tenant_scope(session, Role.BOOKING, access.tenant_id):
        found = access_appointment(session, access.appointment_id)
        _check_window(session, found, "cancel_hours")
        become(session, found, AppointmentStatus.CANCELLED, cancelled_by="client", reason=reason.strip()[:500])
        record(session, found.id, kind="cancelled", by="client", person_id=access.person_id)
        tell(
            session,
            "cancelled",
            found.id,
            found.practitioner_id,
            found.starts_at,
            by="client",
            client_id=found.person_id,
            reason=reason.strip()[:500],
        )
        return read_view(session, found.id, for_client=True)


def _reschedule(session: Session, access: Access, starts_at: datetime) -> AppointmentView:
    starts_at = starts_at.astimezone(UTC)
    with tenant_scope(session, Role.BOOKING, access.tenant_id):
        check_open(session, access.tenant_id)
        found = access_appointment(session, access.appointment_id)
        _check_window(session, found, "reschedule_hours")
        lock_practitioner(session, found.practitioner_id)
        offered, slot = check_offered(session, found.practitioner_id, found.service_id, starts_at, but=found.id)
        instant = offered.instant and found.status == AppointmentStatus.BOOKED
        status = AppointmentStatus.BOOKED if instant else AppointmentStatus.PENDING
        before = found.starts_at
        move(session, found, starts_at=slot.start, ends_at=slot.end, time_zone=offered.zone, status=status.value)
        withdraw_proposals(session, found.id)
        record(session, found.id, kind="moved", by="client", person_id=access.person_id, previous=before.isoformat())
        kind = "moved" if instant else "requested"
        tell(
            session,
            kind,
            found.id,
            found.practitioner_id,
            slot.start,
            by="client",
            client_id=found.person_id,
            previous_starts_at=before,
        )
        return read_view(session, found.id, for_client=True)


def _accept_proposal(session: Session, access: Access, proposal_id: UUID) -> AppointmentView:
    with tenant_scope(session, Role.BOOKING, access.tenant_id):
        check_open(session, access.tenant_id)
        found = access_appointment(session, access.appointment_id)
        proposal = session.scalars(
            select(AppointmentProposal).where(
                col(AppointmentProposal.id) == proposal_id,
                col(AppointmentProposal.appointment_id) == found.id,
                col(AppointmentProposal.status) == ProposalStatus.OPEN,
            )
        ).one_or_none()
        if proposal is None:
            raise NotFound
        if found.status != AppointmentStatus.PROPOSED or proposal.starts_at <= clock.now():
            raise WrongState
        zone = session.scalar(select(col(Practitioner.time_zone)).where(col(Practitioner.id) == found.practitioner_id))
        before = found.starts_at
        move(
            session,
            found,
            starts_at=proposal.starts_at,
            ends_at=proposal.ends_at,
            time_zone=zone or found.time_zone,
            status=AppointmentStatus.BOOKED.value,
        )
        session.execute(
            update(AppointmentProposal)
            .where(col(AppointmentProposal.id) == proposal_id)
            .values(status=ProposalStatus.ACCEPTED.value)
            .execution_options(synchronize_session=False)
        )
        withdraw_proposals(session, found.id)
        record(session, found.id, kind="accepted", by="client", person_id=access.person_id)
        tell(
            session,
            "accepted",
            found.id,
            found.practitioner_id,
            proposal.starts_at,
            by="client",
            client_id=found.person_id,
            previous_starts_at=before,
        )
        return read_view(session, found.id, for_client=True)
