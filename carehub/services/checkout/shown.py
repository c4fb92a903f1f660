"""How an appointment was paid online, for the organisation's people. DI-097."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.verbs import verb
from carehub.models.checkout import CheckoutState
from carehub.models.payments import PaymentStatus
from carehub.services.checkout import disputes, rows
from carehub.services.checkout.views import PaidOnline, PaidWith
from carehub.services.payments.scope import payments_of

_PAID = text("""
    SELECT id, state, price_minor, total_minor, kept_minor, currency FROM checkout
    WHERE tenant_id = :tenant AND appointment_id = :appointment""")
_CARD = text("SELECT paid_with, status FROM payment WHERE tenant_id = :tenant AND id = :id")


@verb("booking.read|agenda.own")
def paid_with(session: Session, actor: Actor, *, appointment_id: UUID) -> PaidOnline | None:
    """What an appointment was paid with online and what became of it; None when nothing was."""
    row = session.execute(_PAID, {"tenant": actor.tenant_id, "appointment": appointment_id}).one_or_none()
    if row is None:
        return None
    parts = rows.parts_of(session, row.id)
    payment = next((one.payment_id for one in parts if one.payment_id is not None), None)
    card, gone, waits = "", False, False
    if payment is not None:
        with payments_of(session) as tenant_id:
            known = session.execute(_CARD, {"tenant": tenant_id, "id": payment}).one()
        card, waits = known.paid_with, row.state == CheckoutState.CAPTURED and known.status == PaymentStatus.AUTHORISED
        gone = disputes.is_gone(session, payment)
    left = {CheckoutState.HELD: row.total_minor, CheckoutState.CAPTURED: row.kept_minor}.get(row.state, 0)
    return PaidOnline(
        state=row.state,
        price_minor=row.price_minor,
        total_minor=row.total_minor,
        kept_minor=row.kept_minor,
        left_minor=0 if gone or waits else int(left),
        currency=row.currency,
        card=card,
        disputed=gone,
        parts=[PaidWith(one.kind, one.currency, one.amount, one.kept) for one in parts],
    )
