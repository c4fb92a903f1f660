"""Writing an appointment: the row, its history and its event, in one transaction. Used by clients, staff and the API alike."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import ExclusionViolation
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.bus import announce
from carehub.core.ids import new_id
from carehub.core.steps import Step, write
from carehub.models.booking import Appointment, AppointmentEvent, AppointmentProposal, AppointmentStatus, ProposalStatus
from carehub.services.booking.errors import SlotTaken, WrongState
from carehub.services.booking.rules import may_become


@dataclass(frozen=True)
class Booking:
    """What is decided before an appointment is written."""

    practitioner_id: UUID
    service_id: UUID
    site_id: UUID | None
    patient_id: UUID
    person_id: UUID | None
    status: str
    mode: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    price_minor: int
    currency: str
    source: str


def lock_practitioner(session: Session, practitioner_id: UUID) -> None:
    """Whoever checks a practitioner's free time and then writes takes turns, so that buffers and holds count."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 7))"), {"id": str(practitioner_id)})


_APPOINTMENT = """
    INSERT INTO appointment (tenant_id, id, practitioner_id, service_id, site_id, patient_id, person_id, status, mode, starts_at,
        ends_at, local_start, time_zone, price_minor, currency, source, cancelled_by, reason, sequence)
    VALUES (:tenant, :id, :practitioner_id, :service_id, :site_id, :patient_id, :person_id, :status, :mode, :starts_at,
        :ends_at, :local_start, :time_zone, :price_minor, :currency, :source, '', '', 0)"""
_LINE = """
    INSERT INTO appointment_event (tenant_id, id, appointment_id, at, kind, by, person_id, details)
    VALUES (:tenant, :line, :id, :now, :kind, :by, :by_person, cast(:details AS jsonb))"""
_UNHOLD = "DELETE FROM slot_hold WHERE tenant_id = :tenant AND id = :hold"


def add(
    session: Session,
    booking: Booking,
    *,
    kind: str,
    by: str,
    person_id: UUID | None,
    hold_id: UUID | None = None,
    beside: Sequence[Step] = (),
) -> UUID:
    """Write an appointment with the first line of its history, its event and what belongs `beside` it (the patient, a consent),
    and take away the hold that it comes from, in one statement.

    Raises SlotTaken when another one has the time: the constraint is the judge (SQ-153).
    """
    appointment_id = new_id()
    values = {name: getattr(booking, name) for name in Booking.__dataclass_fields__}
    values |= {
        "tenant": UUID(session.info["tenant"]),
        "id": appointment_id,
        "local_start": clock.to_local(booking.starts_at, booking.time_zone).replace(tzinfo=None),
    }
    line = {
        "line": new_id(),
        "now": clock.now(),
        "kind": kind,
        "by": by,
        "by_person": person_id,
        "details": json.dumps(_beside(session)),
    }
    facts = _facts(appointment_id, booking.practitioner_id, booking.starts_at, by)
    steps = [*beside, outbox.emitting(session, f"appointment.{kind}", **facts), Step(_APPOINTMENT, values)]
    if hold_id is not None:
        steps.append(Step(_UNHOLD, {"hold": hold_id}))
    with _guarded():
        write(session, [*steps, Step(_LINE, line)])
    _nudge(session, appointment_id, booking.person_id)
    return appointment_id


@contextmanager
def _guarded() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if isinstance(error.orig, ExclusionViolation):
            raise SlotTaken(field="starts_at") from error
        raise


def move(
    session: Session,
    appointment: Appointment,
    *,
    starts_at: datetime,
    ends_at: datetime,
    time_zone: str,
    practitioner_id: UUID | None = None,
    status: str | None = None,
) -> None:
    """Change when (and with whom) an appointment is. Raises SlotTaken, or WrongState when someone else was first."""
    values = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "time_zone": time_zone,
        "local_start": clock.to_local(starts_at, time_zone).replace(tzinfo=None),
        "practitioner_id": practitioner_id or appointment.practitioner_id,
        "status": status or appointment.status,
    }
    with _guarded():
        changed: Any = session.execute(_change(appointment, values, new_sequence=True))
    if changed.rowcount != 1:
        raise WrongState


def become(session: Session, appointment: Appointment, status: AppointmentStatus, **values: Any) -> None:
    """Step to another status. Raises WrongState when the machine has no such step, or someone else stepped first."""
    if not may_become(appointment.status, status):
        raise WrongState
    counts = status in (AppointmentStatus.CANCELLED, AppointmentStatus.DECLINED, AppointmentStatus.BOOKED)
    with _guarded():
        changed: Any = session.execute(_change(appointment, {"status": status.value, **values}, new_sequence=counts))
    if changed.rowcount != 1:
        raise WrongState


def _change(appointment: Appointment, values: dict[str, Any], *, new_sequence: bool) -> Any:
    return (
        update(Appointment)
        .where(
            col(Appointment.tenant_id) == appointment.tenant_id,
            col(Appointment.id) == appointment.id,
            col(Appointment.status) == appointment.status,
            col(Appointment.sequence) == appointment.sequence,
        )
        .values(**values, sequence=appointment.sequence + int(new_sequence), updated_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _beside(session: Session) -> dict[str, str]:
    """Whom the person behind the change acted for, when for someone (delegates.check_keeps)."""
    practitioner_id = session.info.get("acting_for")
    return {"acting_for": practitioner_id} if practitioner_id else {}


def withdraw_proposals(session: Session, appointment_id: UUID) -> None:
    """Close every proposed time that is still open."""
    session.execute(
        update(AppointmentProposal)
        .where(
            col(AppointmentProposal.appointment_id) == appointment_id,
            col(AppointmentProposal.status) == ProposalStatus.OPEN,
        )
        .values(status=ProposalStatus.WITHDRAWN.value)
        .execution_options(synchronize_session=False)
    )


def record(
    session: Session, appointment_id: UUID, *, kind: str, by: str, person_id: UUID | None, **details: str
) -> None:
    """A line of the appointment's history."""
    session.execute(
        insert(AppointmentEvent).values(
            tenant_id=UUID(session.info["tenant"]),
            id=new_id(),
            at=clock.now(),
            appointment_id=appointment_id,
            kind=kind,
            by=by,
            person_id=person_id,
            details=details | _beside(session),
        )
    )


def tell(
    session: Session,
    kind: str,
    appointment_id: UUID,
    practitioner_id: UUID,
    starts_at: datetime,
    *,
    by: str,
    client_id: UUID | None,
    previous_starts_at: datetime | None = None,
    reason: str = "",
) -> None:
    """The event for notifications and projections, and the nudges, all at commit: open agendas of the tenant, and the
    client's own pages. Whoever has only a link watches the appointment itself."""
    facts = _facts(appointment_id, practitioner_id, starts_at, by)
    if previous_starts_at is not None:
        facts["previous_starts_at"] = previous_starts_at.isoformat()
    if reason:
        facts["reason"] = reason
    outbox.emit(session, f"appointment.{kind}", **facts)
    _nudge(session, appointment_id, client_id)


def _facts(appointment_id: UUID, practitioner_id: UUID, starts_at: datetime, by: str) -> dict[str, Any]:
    return {
        "appointment_id": str(appointment_id),
        "practitioner_id": str(practitioner_id),
        "by": by,
        "starts_at": starts_at.isoformat(),
    }


def _nudge(session: Session, appointment_id: UUID, client_id: UUID | None) -> None:
    announce(session, "agenda")
    announce(session, "appointments", person_id=appointment_id)
    if client_id is not None:
        announce(session, "appointments", person_id=client_id)
