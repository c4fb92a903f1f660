"""What the directory does when something happened elsewhere. Registered by importing this module (tasks/ does)."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.outbox import Event, handles
from carehub.services.directory import projection

APPOINTMENT_EVENTS = tuple(
    f"appointment.{what}"
    for what in ("requested", "booked", "declined", "proposed", "moved", "cancelled", "noshow", "fulfilled")
)
# Two events of one practitioner are handled one after the other: the later one must read what the earlier one left.
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('directory ' || :id, 0))")


def _practitioner(session: Session, event: Event) -> UUID:
    found = UUID(event.payload["practitioner_id"])
    session.execute(_ALONE, {"id": str(found)})
    return found


@handles("directory.changed")
def practitioner_changed(session: Session, event: Event) -> None:
    projection.refresh_practitioner(session, _practitioner(session, event))


@handles("availability.changed")
def availability_changed(session: Session, event: Event) -> None:
    projection.refresh_slots(session, _practitioner(session, event))


def appointment_changed(session: Session, event: Event) -> None:
    projection.refresh_slots(session, _practitioner(session, event))


for _kind in APPOINTMENT_EVENTS:
    handles(_kind)(appointment_changed)


@handles("tenant.changed")
def tenant_changed(session: Session, _event: Event) -> None:
    projection.refresh_tenant(session)
