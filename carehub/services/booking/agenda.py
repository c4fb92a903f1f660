"""What staff reads: the agenda between two days, the board, one appointment's drawer. MC-060, MC-064."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import decrypt, decrypt_optional
from carehub.core.db import tenant_scope
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.booking import Appointment, AppointmentStatus, IntakeAnswer, Patient
from carehub.models.practice import IntakeQuestion
from carehub.models.tenancy import Tenant
from carehub.services.booking.queries import appointments, read_proposals, read_view, view_of
from carehub.services.booking.rules import ALLOWED, Schedule, booking_rules, openings, public_holidays
from carehub.services.booking.slots import read_exceptions, read_weekly
from carehub.services.booking.views import (
    AgendaView,
    AnswerView,
    AppointmentDetail,
    AppointmentView,
    ColumnView,
    HistoryView,
    OpeningView,
)
from carehub.services.privacy.accesses import note_access

READ = "booking.read|agenda.own"
MOST_DAYS = 45
MOST_ROWS = 2000

_COLUMNS = text("""
    SELECT p.id, p.honorific, p.given_name, p.family_name, p.colour, p.time_zone, p.works_on_holidays, p.person_id,
           (SELECT jsonb_agg(jsonb_build_array(weekday, starts, ends, modes, valid_from, valid_until))
              FROM availability_rule r WHERE r.tenant_id = p.tenant_id AND r.practitioner_id = p.id) AS weekly,
           (SELECT jsonb_agg(jsonb_build_array(kind, starts, ends)) FROM availability_exception e
             WHERE e.tenant_id = p.tenant_id AND e.practitioner_id = p.id
               AND e.ends >= :first AND e.starts < :last) AS exceptions
    FROM practitioner p WHERE p.active ORDER BY p.position, p.family_name, p.given_name, p.id""")


def only_own(actor: Actor) -> bool:
    return not (actor.is_system or actor.may("booking.read"))


def narrowed(actor: Actor, asked: frozenset[UUID] | None) -> frozenset[UUID] | None:
    """The practitioners asked for (None: all), less those whose agenda the actor may not see."""
    if not only_own(actor):
        return asked
    return actor.agendas if asked is None else actor.agendas & asked


@verb(READ)
def agenda(
    session: Session,
    actor: Actor,
    *,
    first: date,
    days: int,
    practitioner_ids: frozenset[UUID] | None = None,
    with_cancelled: bool = False,
) -> AgendaView:
    """Appointments and opening hours of `days` days (45 at most) from `first`, for the practitioners asked for.

    Times are each practitioner's wall time. Without booking.read one sees one's own column, and those one acts for.
    """
    days = min(max(days, 1), MOST_DAYS)
    last = first + timedelta(days=days)
    rows = session.execute(_COLUMNS, {"first": first, "last": last}).all()
    if only_own(actor):
        rows = [row for row in rows if row.id in actor.agendas]
    tenant = session.execute(select(col(Tenant.time_zone), col(Tenant.country), col(Tenant.booking_rules))).one()
    shown = [row for row in rows if practitioner_ids is None or row.id in practitioner_ids]
    return AgendaView(
        first=first.isoformat(),
        last=(last - timedelta(days=1)).isoformat(),
        time_zone=tenant.time_zone,
        columns=[_column(row, actor) for row in rows],
        appointments=_between(session, first, last, [row.id for row in shown], with_cancelled),
        openings=_openings(shown, first, days, tenant),
    )


def _column(row: Row[Any], actor: Actor) -> ColumnView:
    name = " ".join(part for part in (row.honorific, row.given_name, row.family_name) if part)
    return ColumnView(str(row.id), name, row.colour, row.time_zone, row.id in actor.agendas)


def _between(session: Session, first: date, last: date, ids: list[UUID], with_cancelled: bool) -> list[AppointmentView]:
    # a day's margin: practitioners may live in zones to either side of UTC
    start = datetime.combine(first, time(), UTC) - timedelta(days=1)
    end = datetime.combine(last, time(), UTC) + timedelta(days=1)
    a = Appointment
    statement = appointments().where(
        col(a.practitioner_id).in_(ids),
        col(a.starts_at) >= start,
        col(a.starts_at) < end,
        col(a.local_start) >= datetime.combine(first, time()),
        col(a.local_start) < datetime.combine(last, time()),
    )
    if not with_cancelled:
        statement = statement.where(col(a.status).notin_(["cancelled", "declined"]))
    rows = session.execute(statement.order_by(col(a.starts_at), col(a.id)).limit(MOST_ROWS)).all()
    return [view_of(row) for row in rows]


def _openings(rows: list[Row[Any]], first: date, days: int, tenant: Row[Any]) -> list[OpeningView]:
    observed = booking_rules(tenant.booking_rules).observe_holidays
    years = {first.year, (first + timedelta(days=days)).year}
    closed = frozenset().union(*(public_holidays(tenant.country, year) for year in years)) if observed else frozenset()
    found: list[OpeningView] = []
    for row in rows:
        schedule = Schedule(
            row.time_zone,
            tuple(read_weekly(row.weekly)),
            tuple(read_exceptions(row.exceptions)),
            frozenset() if row.works_on_holidays else closed,
        )
        for day in (first + timedelta(days=n) for n in range(days)):
            for opening in openings(schedule, day):
                found.append(OpeningView(str(row.id), _wall(opening.start, schedule), _wall(opening.end, schedule)))
    return found


def _wall(moment: datetime, schedule: Schedule) -> str:
    return clock.to_local(moment, schedule.zone).replace(tzinfo=None).isoformat(timespec="minutes")


@verb(READ)
def board(
    session: Session, actor: Actor, *, days: int = 30, practitioner_ids: frozenset[UUID] | None = None
) -> list[AppointmentView]:
    """Pending, confirmed and cancelled appointments of the coming `days`, for the board (MC-064); 200 a column at most."""
    now, a = clock.now(), Appointment
    lanes = (
        ("pending", "proposed"),
        ("booked", "arrived"),
        ("cancelled", "declined"),
    )
    wanted = narrowed(actor, practitioner_ids)
    found: list[AppointmentView] = []
    for statuses in lanes:
        statement = appointments().where(
            col(a.status).in_(statuses),
            col(a.starts_at) >= now - timedelta(hours=12),
            col(a.starts_at) < now + timedelta(days=min(max(days, 1), 90)),
        )
        if wanted is not None:
            statement = statement.where(col(a.practitioner_id).in_(wanted))
        found += [view_of(row) for row in session.execute(statement.order_by(col(a.starts_at)).limit(200))]
    return found


_HISTORY = text("""
    SELECT e.at, e.kind, e.by, e.details, coalesce(p.given_name || ' ' || p.family_name, '') AS name,
           concat_ws(' ', nullif(d.honorific, ''), d.given_name, d.family_name) AS acting_for
    FROM appointment_event e LEFT JOIN person p ON p.id = e.person_id
    LEFT JOIN practitioner d ON d.tenant_id = e.tenant_id AND d.id = cast(e.details ->> 'acting_for' AS uuid)
    WHERE e.appointment_id = :id ORDER BY e.at DESC, e.id DESC LIMIT 50""")
_VISITS = text("""
    SELECT count(*) FILTER (WHERE status IN ('fulfilled', 'arrived', 'booked')) AS visits,
           max(starts_at) FILTER (WHERE status = 'fulfilled' AND starts_at < :before) AS last
    FROM appointment WHERE patient_id = :patient AND starts_at <= :before""")


@verb(READ)
def detail(session: Session, actor: Actor, *, appointment_id: UUID) -> AppointmentDetail:
    """All that the drawer shows but the answers, which only the records service reads. Raises NotFound."""
    view = read_view(session, appointment_id)
    if only_own(actor) and UUID(view.practitioner_id) not in actor.agendas:
        raise NotFound
    patient_id = UUID(view.patient_id)
    patient = session.execute(
        select(col(Patient.email), col(Patient.phone), col(Patient.tenant_id), col(Patient.legal_name)).where(
            col(Patient.id) == patient_id
        )
    ).one()
    contact = (actor.is_system or actor.may("patients.read")) and patient.legal_name is None
    visits = session.execute(_VISITS, {"patient": patient_id, "before": datetime.fromisoformat(view.starts_at)}).one()
    history = [
        HistoryView(
            row.at.isoformat(),
            row.kind,
            row.by,
            row.name,
            {key: str(value) for key, value in row.details.items()},
            row.acting_for,
        )
        for row in session.execute(_HISTORY, {"id": appointment_id})
    ]
    own = actor.may("agenda.own") and UUID(view.practitioner_id) in actor.agendas
    return AppointmentDetail(
        appointment=view,
        history=history,
        email=decrypt_optional(patient.tenant_id, "patient.email", patient.email) if contact else "",
        phone=decrypt_optional(patient.tenant_id, "patient.phone", patient.phone) if contact else "",
        visits=visits.visits,
        last_visit=visits.last.isoformat() if visits.last else "",
        next_statuses=sorted(ALLOWED[view.status]),
        can_change=own or actor.may("booking.manage"),
    )


@verb("intake.read")
def answers(session: Session, actor: Actor, *, appointment_id: UUID) -> list[AnswerView]:
    """What the client answered when booking: to the appointment's own practitioner only, through ch_care.

    Raises NotFound, NotAllowed.
    """
    found = session.execute(
        select(col(Appointment.practitioner_id), col(Appointment.tenant_id), col(Appointment.patient_id)).where(
            col(Appointment.id) == appointment_id
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    if found.practitioner_id != actor.practitioner_id:
        raise NotAllowed
    asked = select(col(IntakeQuestion.id), col(IntakeQuestion.label), col(IntakeQuestion.labels))
    questions = {row.id: (row.label, row.labels) for row in session.execute(asked)}
    with tenant_scope(session, Role.CARE, found.tenant_id):
        rows = session.execute(
            select(col(IntakeAnswer.question_id), col(IntakeAnswer.answer))
            .where(col(IntakeAnswer.appointment_id) == appointment_id)
            .order_by(col(IntakeAnswer.created_at), col(IntakeAnswer.id))
        ).all()
    if rows:
        note_access(session, actor, found.patient_id, "answers")
    return [
        AnswerView(label, decrypt(found.tenant_id, "intake.answer", answer), labels)
        for question, answer in rows
        for label, labels in [questions.get(question, ("", {}))]
    ]


@verb(READ)
def next_up(
    session: Session, actor: Actor, *, practitioner_ids: frozenset[UUID] | None = None
) -> AppointmentView | None:
    """The next appointment of today, for the day rail."""
    wanted = narrowed(actor, practitioner_ids)
    a = Appointment
    statement = appointments().where(
        col(a.starts_at) > clock.now(),
        col(a.starts_at) < clock.now() + timedelta(hours=16),
        col(a.status).in_([AppointmentStatus.BOOKED.value, AppointmentStatus.ARRIVED.value]),
    )
    if wanted is not None:
        statement = statement.where(col(a.practitioner_id).in_(wanted))
    row = session.execute(statement.order_by(col(a.starts_at)).limit(1)).one_or_none()
    if row is None:
        return None
    return view_of(row, proposals=read_proposals(session, [row[0].id]).get(row[0].id, ()))
