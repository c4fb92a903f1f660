"""What staff does with appointments: answer requests, move, cancel, mark; book for a patient. MC-059, MC-062, DI-045."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import Invalid, NotFound
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.booking import Appointment, AppointmentProposal, AppointmentStatus, Patient, Source
from carehub.models.practice import Mode, Practitioner
from carehub.services.booking.delegates import check_keeps
from carehub.services.booking.errors import EndsBeforeStart, SlotNotOffered, SlotTaken, WrongState
from carehub.services.booking.queries import access_appointment, read_rules, read_view
from carehub.services.booking.rules import MOVABLE
from carehub.services.booking.slots import read_offer
from carehub.services.booking.views import AppointmentView
from carehub.services.booking.write import (
    Booking,
    add,
    become,
    lock_practitioner,
    move,
    record,
    tell,
    withdraw_proposals,
)

DESK = "booking.manage|agenda.own"
LONGEST = timedelta(hours=24)
WALK_IN = timedelta(minutes=15)  # who is at the desk now may have begun a moment ago (SQ-020)


class TooManyProposals(Invalid):
    key = "Propose {count} times at most"


class NothingProposed(Invalid):
    key = "Choose at least one time"


def check_agenda(session: Session, actor: Actor, practitioner_id: UUID) -> None:
    """A practitioner changes their own agenda, their secretary theirs, the desk everyone's. Raises NotYourAgenda."""
    check_keeps(session, actor, practitioner_id, everyones="booking.manage")


def _access(session: Session, actor: Actor, appointment_id: UUID) -> Appointment:
    found = access_appointment(session, appointment_id)
    check_agenda(session, actor, found.practitioner_id)
    return found


def _step(
    session: Session, actor: Actor, appointment_id: UUID, status: AppointmentStatus, kind: str, *, reason: str = ""
) -> AppointmentView:
    found = _access(session, actor, appointment_id)
    reason = reason.strip()[:500]
    values: dict[str, str] = {"reason": reason} if reason else {}
    if status == AppointmentStatus.CANCELLED:
        values["cancelled_by"] = "staff"
    become(session, found, status, **values)
    withdraw_proposals(session, found.id)
    record(
        session, found.id, kind=kind, by="staff", person_id=actor.person_id, **({"reason": reason} if reason else {})
    )
    at, client = found.starts_at, found.person_id
    tell(session, kind, found.id, found.practitioner_id, at, by="staff", client_id=client, reason=reason)
    return read_view(session, found.id)


@verb(DESK)
def accept(session: Session, actor: Actor, *, appointment_id: UUID) -> AppointmentView:
    """Confirm a request (MC-062). Raises NotFound, NotYourAgenda, WrongState."""
    return _step(session, actor, appointment_id, AppointmentStatus.BOOKED, "accepted")


@verb(DESK)
def decline(session: Session, actor: Actor, *, appointment_id: UUID, reason: str) -> AppointmentView:
    """Refuse a request; the client reads the reason."""
    return _step(session, actor, appointment_id, AppointmentStatus.DECLINED, "declined", reason=reason)


@verb(DESK)
def cancel(session: Session, actor: Actor, *, appointment_id: UUID, reason: str = "") -> AppointmentView:
    return _step(session, actor, appointment_id, AppointmentStatus.CANCELLED, "cancelled", reason=reason)


@verb(DESK)
def arrive(session: Session, actor: Actor, *, appointment_id: UUID) -> AppointmentView:
    return _step(session, actor, appointment_id, AppointmentStatus.ARRIVED, "arrived")


@verb(DESK)
def fulfil(session: Session, actor: Actor, *, appointment_id: UUID) -> AppointmentView:
    return _step(session, actor, appointment_id, AppointmentStatus.FULFILLED, "fulfilled")


@verb(DESK)
def mark_no_show(session: Session, actor: Actor, *, appointment_id: UUID) -> AppointmentView:
    """Raises WrongState before the appointment has begun."""
    if access_appointment(session, appointment_id).starts_at > clock.now():
        raise WrongState
    return _step(session, actor, appointment_id, AppointmentStatus.NOSHOW, "noshow")


@verb(DESK)
def reopen(session: Session, actor: Actor, *, appointment_id: UUID) -> AppointmentView:
    """Take back an arrival, an end or a no-show that was marked by mistake. Raises SlotTaken when the time is gone."""
    return _step(session, actor, appointment_id, AppointmentStatus.BOOKED, "reopened")


@verb(DESK)
def propose(
    session: Session, actor: Actor, *, appointment_id: UUID, local_starts: Sequence[datetime]
) -> AppointmentView:
    """Answer a request with other times (DI-045), in the practitioner's wall time.

    Raises NothingProposed, TooManyProposals, NoSuchTime, SlotNotOffered for a past one, SlotTaken for a busy one.
    """
    found = _access(session, actor, appointment_id)
    most = read_rules(session, found.tenant_id).proposals
    wanted = sorted(set(local_starts))
    if not wanted:
        raise NothingProposed(field="times")
    if len(wanted) > most:
        raise TooManyProposals(field="times", count=most)
    starts = [clock.from_local(wall, found.time_zone) for wall in wanted]
    length = found.ends_at - found.starts_at
    for start in starts:
        check_free(session, found.practitioner_id, start, start + length, but=found.id)
    become(session, found, AppointmentStatus.PROPOSED)
    withdraw_proposals(session, found.id)
    for start in starts:
        values = {"tenant_id": found.tenant_id, "id": new_id(), "appointment_id": found.id}
        session.execute(
            insert(AppointmentProposal).values(**values, starts_at=start, ends_at=start + length, status="open")
        )
    record(session, found.id, kind="proposed", by="staff", person_id=actor.person_id, count=str(len(starts)))
    tell(session, "proposed", found.id, found.practitioner_id, found.starts_at, by="staff", client_id=found.person_id)
    return read_view(session, found.id)


_OVERLAP = text("""
    SELECT 1 FROM appointment WHERE practitioner_id = :practitioner AND id IS DISTINCT FROM cast(:but AS uuid)
      AND starts_at > cast(:start AS timestamptz) - interval '1 day' AND starts_at < :end AND ends_at > :start
      AND status IN ('pending', 'proposed', 'booked', 'arrived', 'fulfilled')
    UNION ALL
    SELECT 1 FROM slot_hold WHERE practitioner_id = :practitioner AND expires_at > :now
      AND starts_at < :end AND ends_at > :start LIMIT 1""")


def check_free(
    session: Session, practitioner_id: UUID, start: datetime, end: datetime, *, but: UUID | None = None
) -> None:
    """Staff may book outside opening hours and within buffers, never twice nor over a client's form in progress.

    Raises SlotTaken, SlotNotOffered for a past time, EndsBeforeStart.
    """
    if end <= start or end - start > LONGEST:
        raise EndsBeforeStart(field="ends_at")
    if start <= clock.now() - WALK_IN:
        raise SlotNotOffered(field="starts_at")
    lock_practitioner(session, practitioner_id)
    values = {"practitioner": practitioner_id, "but": but, "start": start, "end": end, "now": clock.now()}
    if session.execute(_OVERLAP, values).first():
        raise SlotTaken(field="starts_at")


@verb(DESK)
def reschedule(
    session: Session,
    actor: Actor,
    *,
    appointment_id: UUID,
    local_start: datetime,
    minutes: int | None = None,
    practitioner_id: UUID | None = None,
    sequence: int | None = None,
) -> AppointmentView:
    """Move or resize by drag and drop or by form, in the practitioner's wall time; `practitioner_id` hands it over.

    `sequence`: what the mover saw; an appointment that changed meanwhile is not moved. The client is told.
    Raises NotFound, NotYourAgenda, WrongState, SlotTaken, SlotNotOffered, NoSuchTime, EndsBeforeStart.
    """
    found = _access(session, actor, appointment_id)
    if found.status not in MOVABLE or (sequence is not None and sequence != found.sequence):
        raise WrongState
    target = practitioner_id or found.practitioner_id
    check_agenda(session, actor, target)
    zone = session.scalar(select(col(Practitioner.time_zone)).where(col(Practitioner.id) == target))
    if zone is None:
        raise NotFound
    start = clock.from_local(local_start, zone)
    end = start + (timedelta(minutes=minutes) if minutes is not None else found.ends_at - found.starts_at)
    before = found.starts_at
    if (start, end, target) == (before, found.ends_at, found.practitioner_id):
        return read_view(session, found.id)
    check_free(session, target, start, end, but=found.id)
    move(session, found, starts_at=start, ends_at=end, time_zone=zone, practitioner_id=target)
    record(session, found.id, kind="moved", by="staff", person_id=actor.person_id, previous=before.isoformat())
    tell(session, "moved", found.id, target, start, by="staff", client_id=found.person_id, previous_starts_at=before)
    return read_view(session, found.id)


@verb(DESK)
def book_for(
    session: Session,
    actor: Actor,
    *,
    practitioner_id: UUID,
    service_id: UUID,
    patient_id: UUID,
    local_start: datetime,
    mode: str = "",
) -> AppointmentView:
    """The desk books for a patient, in the practitioner's wall time; outside opening hours if it must be.

    Raises NotFound, NotYourAgenda, SlotTaken, SlotNotOffered (past), NoSuchTime.
    """
    check_agenda(session, actor, practitioner_id)
    offered = read_offer(
        session, practitioner_id=practitioner_id, service_id=service_id, first=local_start.date(), days=1
    )
    patient = session.execute(
        select(col(Patient.id), col(Patient.person_id)).where(col(Patient.id) == patient_id)
    ).one_or_none()
    if patient is None:
        raise NotFound
    chosen = mode or offered.offer.modes[0]
    if chosen not in offered.offer.modes:
        raise SlotNotOffered(field="mode")
    start = clock.from_local(local_start, offered.zone)
    end = start + timedelta(minutes=offered.offer.duration)
    check_free(session, practitioner_id, start, end)
    booking = Booking(
        practitioner_id=practitioner_id,
        service_id=service_id,
        site_id=offered.site_id if chosen == Mode.IN_PERSON else None,
        patient_id=patient_id,
        person_id=patient.person_id,
        status=AppointmentStatus.BOOKED.value,
        mode=chosen,
        starts_at=start,
        ends_at=end,
        time_zone=offered.zone,
        price_minor=offered.price_minor,
        currency=offered.currency,
        source=Source.STAFF.value,
    )
    appointment_id = add(session, booking, kind="booked", by="staff", person_id=actor.person_id)
    return read_view(session, appointment_id)
