"""A person leaves: what they had still booked is cancelled, and the other side is told."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.models.booking import Appointment, AppointmentStatus
from carehub.services.booking.rules import MOVABLE
from carehub.services.booking.write import become, record, tell, withdraw_proposals


def cancel_coming(session: Session, appointment_ids: list[UUID]) -> int:
    """Cancel those of them that are still to come, in the name of the client, whatever the cancellation window says.

    The session is in ch_app of their tenant; the caller has authorised it. Answers how many.
    """
    coming = session.scalars(
        select(Appointment).where(
            col(Appointment.id).in_(appointment_ids),
            col(Appointment.starts_at) > clock.now(),
            col(Appointment.status).in_([status.value for status in MOVABLE]),
        )
    ).all()
    for found in coming:
        become(session, found, AppointmentStatus.CANCELLED, cancelled_by="client")
        withdraw_proposals(session, found.id)
        record(session, found.id, kind="cancelled", by="client", person_id=None)
        tell(
            session,
            "cancelled",
            found.id,
            found.practitioner_id,
            found.starts_at,
            by="client",
            client_id=found.person_id,
        )
    return len(coming)
