"""An appointment that was paid online gets its invoice by itself, marked as paid, once (MC-078, CD-099)."""

import logging
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.errors import CareHubError
from carehub.core.outbox import Event
from carehub.core.permissions import Module
from carehub.models.billing import BillingDocument, DocumentKind, DocumentState, PaymentMethod
from carehub.models.booking import Appointment, AppointmentStatus
from carehub.models.checkout import Checkout, CheckoutPart, CheckoutState, PartKind
from carehub.services.billing.appointments import draft_of
from carehub.services.billing.content import access_document, tenant_of
from carehub.services.billing.documents import defaults_of
from carehub.services.billing.issuing import issue_draft
from carehub.services.billing.payments import owed, receive
from carehub.services.ledger.writing import COIN

log = logging.getLogger(__name__)
_METHODS = {PartKind.COINS: PaymentMethod.COINS, PartKind.CARD: PaymentMethod.CARD}
_DONE = (
    AppointmentStatus.FULFILLED,
    AppointmentStatus.ARRIVED,
    AppointmentStatus.BOOKED,
)  # the last two: nobody marked it


def invoice_what_was_paid(session: Session, event: Event) -> None:
    """The whole price of an appointment was taken: its invoice is issued with what paid it. Where the organisation wants it, may
    issue (its legal data are there) and has none for it yet; otherwise nothing happens, and the desk does as before. Repeatable."""
    found = session.scalar(select(Checkout).where(col(Checkout.id) == UUID(event.payload["checkout_id"])))
    if found is None or not _whole(session, found):
        return
    locked = select(Appointment).where(col(Appointment.id) == found.appointment_id).with_for_update()
    appointment = session.scalar(locked)
    if appointment is None or appointment.status not in _DONE or _known(session, appointment.id):
        return
    step = session.begin_nested()
    try:
        _issue(session, found, appointment)
    except CareHubError as refusal:
        step.rollback()
        log.info("no invoice by itself in %s: %s", found.tenant_id, type(refusal).__name__)
    else:
        step.commit()


def _whole(session: Session, found: Checkout) -> bool:
    tenant = tenant_of(session, found.tenant_id)
    return (
        Module.BILLING.value in tenant.modules
        and defaults_of(session, found.tenant_id).invoice_paid
        and found.state == CheckoutState.CAPTURED
        and found.price_minor > 0
        and found.kept_minor >= found.price_minor
    )


def _known(session: Session, appointment_id: UUID) -> bool:
    d = BillingDocument
    query = select(col(d.id)).where(col(d.appointment_id) == appointment_id, col(d.kind) == DocumentKind.INVOICE)
    return session.scalar(query) is not None


def _issue(session: Session, found: Checkout, appointment: Appointment) -> None:
    actor = system(found.tenant_id)
    parts = session.scalars(
        select(CheckoutPart).where(col(CheckoutPart.checkout_id) == found.id, col(CheckoutPart.kept) > 0)
    ).all()
    if not parts or any(PartKind(one.kind) not in _METHODS for one in parts):
        return  # a session of a package was paid with its package
    made = access_document(session, draft_of(session, appointment, actor, price_minor=found.price_minor), lock=True)
    issue_draft(session, made, actor)
    assert made.state == DocumentState.ISSUED
    day = clock.today(tenant_of(session, found.tenant_id).time_zone)
    for part in parts:
        worth = part.kept * (found.coin_minor if part.currency == COIN else 1)
        amount = min(worth, owed(made))  # the last coin may be worth more than what was left
        if amount > 0:
            receive(session, made, amount, _METHODS[PartKind(part.kind)], day, key=f"checkout:{part.id}")
