"""What the schedule does to payments: those that nobody finished end, those that nobody marked are done. Each runs twice unharmed."""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlmodel import col, select

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import CareHubError
from carehub.core.permissions import SYSTEM
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.booking import Appointment, AppointmentStatus
from carehub.models.checkout import CheckoutState
from carehub.services.booking.queries import read_rules
from carehub.services.booking.rules import BookingRules
from carehub.services.checkout import rows
from carehub.services.checkout.settling import abandon, is_over, settle

log = logging.getLogger(__name__)
BATCH = 500

_OVER = text("""
    SELECT tenant_id, id FROM checkout WHERE state IN ('open', 'paying') AND expires_at <= :now ORDER BY expires_at LIMIT :batch""")
_UNMARKED = text("""
    SELECT c.tenant_id, c.id FROM checkout c JOIN tenant t ON t.id = c.tenant_id
    WHERE c.state = 'held' AND c.ends_at <= :now
      AND c.ends_at + coalesce((t.booking_rules ->> 'done_days')::int, :usual) * interval '1 day' <= :now
    ORDER BY c.ends_at LIMIT :batch""")


def end_all() -> int:
    """How many ended or were settled, each in a transaction of its own."""
    with unit_of_work(system(), Role.WORKER) as session:
        now = clock.now()
        over = session.execute(_OVER, {"now": now, "batch": BATCH}).all()
        usual = BookingRules().done_days
        unmarked = session.execute(_UNMARKED, {"now": now, "usual": usual, "batch": BATCH}).all()
    done = 0
    for found, verb_of in ((over, end_checkout), (unmarked, settle_unmarked)):
        for tenant_id, checkout_id in found:
            try:
                perform(verb_of, system(tenant_id), checkout_id=checkout_id)
                done += 1
            except CareHubError as error:
                log.info("not ended: %s", type(error).__name__)
    return done


@verb(SYSTEM, role=Role.APP)
def end_checkout(session: Session, _actor: Actor, *, checkout_id: UUID) -> None:
    """One whose time is over and that nobody paid: what was set aside goes back."""
    found = rows.access_checkout(session, checkout_id)
    if found.state in (CheckoutState.OPEN, CheckoutState.PAYING) and is_over(found):
        abandon(session, found, CheckoutState.EXPIRED)


@verb(SYSTEM, role=Role.APP)
def settle_unmarked(session: Session, _actor: Actor, *, checkout_id: UUID) -> None:
    """Days after its end, as many as the organisation says, nobody told that the appointment did not take place: it is paid."""
    found = rows.access_checkout(session, checkout_id)
    appointment = session.scalar(select(Appointment).where(col(Appointment.id) == found.appointment_id))
    waited = timedelta(days=read_rules(session, found.tenant_id).done_days)
    if found.state != CheckoutState.HELD or appointment is None or appointment.ends_at > clock.now() - waited:
        return
    if appointment.status in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED):
        settle(session, found, found.total_minor, practitioner_id=appointment.practitioner_id)
    else:  # a request that nobody answered
        settle(session, found, 0, practitioner_id=appointment.practitioner_id)
