"""What the command palette finds of booking: patients, their appointments, and the glance at one of them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import case, func, literal_column
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.i18n import N_
from carehub.core.verbs import verb
from carehub.models.booking import Appointment
from carehub.services.booking.agenda import READ, only_own
from carehub.services.booking.patients_desk import read_patient, search_patients
from carehub.services.booking.queries import appointments, view_of
from carehub.services.booking.views import AppointmentView
from carehub.services.palette import APPOINTMENTS, PEOPLE, Entry, provide

LATEST = 4
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WRITTEN = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?")


@dataclass(frozen=True)
class Glance:
    """A patient in the palette's pane: enough to know whom one is about to open."""

    id: str
    name: str
    phone: str
    created_at: str
    visits: int
    last_visit: str
    next_visit: str  # wall time of that appointment
    latest: list[AppointmentView]


def day_of(text: str, today: date) -> date | None:
    """The day that `text` writes: 2026-11-24, 24/11/2026, or 24/11 of the year in which it is nearest to `today`."""
    iso, written = _ISO.fullmatch(text.strip()), _WRITTEN.fullmatch(text.strip())
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if written and written[3]:
            return date(int(written[3]), int(written[2]), int(written[1]))
        if written:
            years = (date(today.year + step, int(written[2]), int(written[1])) for step in (-1, 0, 1))
            return min(years, key=lambda day: abs(day - today))
    except ValueError:
        return None
    return None


@provide(PEOPLE)
@verb("patients.read")
def palette_patients(session: Session, actor: Actor, *, text: str, limit: int) -> list[Entry]:
    """Patients for the command palette, by a part of the name, a whole e-mail or a phone."""
    found = search_patients(session, actor, q=text)[:limit]
    return [
        Entry(
            N_("{Clients}"),
            one.name,
            f"/w/{actor.tenant}/patients/{one.id}",
            initials=_initials(one.name),
            person=one.id,
        )
        for one in found
    ]


@provide(APPOINTMENTS)
@verb(READ)
def palette_appointments(session: Session, actor: Actor, *, text: str, limit: int) -> list[Entry]:
    """Appointments of a day, or of whoever is named so: what comes first, then what is past, the nearest first.

    Without booking.read only those of one's own agenda.
    """
    a, now = Appointment, clock.now()
    day = day_of(text, now.date())
    statement = appointments().where(col(a.status).notin_(["cancelled", "declined"]))
    if day is not None:
        begins = datetime.combine(day, time())
        near = datetime.combine(day, time(), UTC)  # the index knows UTC: a day's margin holds every zone
        statement = statement.where(
            col(a.starts_at).between(near - timedelta(days=1), near + timedelta(days=2)),
            col(a.local_start) >= begins,
            col(a.local_start) < begins + timedelta(days=1),
        ).order_by(col(a.starts_at), col(a.id))
    else:
        plain = text.replace("\\", "").replace("%", "").replace("_", " ").strip()
        if len(plain) < 2:
            return []
        named = literal_column("patient.norm").like(func.concat("%", func.f_norm(plain), "%"))
        statement = statement.where(named).order_by(
            case((col(a.ends_at) >= now, 0), else_=1),
            func.abs(func.extract("epoch", col(a.starts_at) - now)),
            col(a.id),
        )
    if only_own(actor):
        statement = statement.where(col(a.practitioner_id).in_(actor.agendas))
    return [_found(view_of(row), actor) for row in session.execute(statement.limit(limit))]


@verb("patients.read")
def glance(session: Session, actor: Actor, *, patient_id: UUID) -> Glance:
    """A patient's facts and latest appointments. Raises NotFound."""
    found = read_patient(session, actor, patient_id=patient_id)
    return Glance(
        id=found.id,
        name=f"{found.given_name} {found.family_name}",
        phone=found.phone,
        created_at=found.created_at,
        visits=found.visits,
        last_visit=found.last_visit,
        next_visit=found.next_visit,
        latest=found.appointments[:LATEST],
    )


def _found(view: AppointmentView, actor: Actor) -> Entry:
    return Entry(
        N_("Appointments"),
        view.patient,
        f"/w/{actor.tenant}/agenda?date={view.local_start[:10]}&open={view.id}",
        icon="calendar-days",
        at=view.local_start,
        person=view.patient_id,
    )


def _initials(name: str) -> str:
    return "".join(part[0] for part in name.split()[:2]).upper()
