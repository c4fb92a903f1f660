"""What Stripe says becomes ours: status, refunds, disputes, cards; each change tells its event once, whatever the order."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.ids import new_id
from carehub.models.payments import (
    DisputeStatus,
    Payment,
    PaymentDispute,
    PaymentMode,
    PaymentRefund,
    RefundStatus,
    Wanted,
)
from carehub.models.payments import PaymentStatus as Status
from carehub.services.payments.rules import EVENTS, OPEN, PAID, Seen
from carehub.services.payments.saved import keep_card
from carehub.services.payments.scope import locked
from carehub.services.payments.starting import add_refund, refunded_or_asked, tell

LOOK_AGAIN = timedelta(minutes=10)  # at what the payer has not finished: the webhook may never come
LOOK_LATER = timedelta(hours=6)  # at what is with the bank, or reserved
REFUND_STATES = {
    "succeeded": RefundStatus.SUCCEEDED, "failed": RefundStatus.FAILED, "canceled": RefundStatus.FAILED,
}  # fmt: skip
DISPUTE_STATES = {"won": DisputeStatus.WON, "lost": DisputeStatus.LOST, "warning_closed": DisputeStatus.WON}


def apply(
    session: Session, tenant_id: UUID, payment_id: UUID, seen: Seen, *, revision: int, tried: Wanted
) -> Payment | None:
    """Take over what Stripe has, under the row's lock. Repeatable: what is known already tells nothing again.

    None when another answer was taken over since `revision`: this one may be older. `tried` is what Stripe was asked to do.
    """
    row = locked(session, tenant_id, payment_id)
    if row.revision != revision:
        return None
    row.revision += 1
    before, given_up = row.status, row.wanted == Wanted.CANCEL
    row.session_ref, row.intent_ref = seen.session or row.session_ref, seen.intent or row.intent_ref
    row.charge_ref, row.fee = seen.charge or row.charge_ref, seen.fee if seen.fee is not None else row.fee
    row.captured, row.refunded = max(row.captured, seen.captured), seen.refunded
    row.status, row.decline, row.attempts = seen.status, seen.decline, 0
    if seen.card is not None:
        row.paid_with = f"{seen.card.brand} {seen.card.last4}".strip()
        if seen.card.customer and row.person_id is not None and seen.status in (*PAID, Status.AUTHORISED):
            keep_card(session, row, seen.card)
    _settle_wish(session, row, given_up=given_up)
    if row.mode == PaymentMode.PAYMENT:
        _tell_change(session, row, before, given_up=given_up)
    for one in seen.refunds:
        _apply_refund(session, row, one)
    for one in seen.disputes:
        _apply_dispute(session, row, one)
    session.flush()
    row.due_at = _next_look(session, row, tried)
    session.flush()
    return row


def _settle_wish(session: Session, row: Payment, *, given_up: bool) -> None:
    """A wish that was fulfilled, or that can no longer be. What was paid although it was given up goes back."""
    if row.status in OPEN or row.status == Status.AUTHORISED:
        return
    if given_up and row.status in PAID and row.captured > refunded_or_asked(session, row):
        left = row.captured - refunded_or_asked(session, row)
        add_refund(session, row, left, key="given-up", reason="canceled meanwhile")
    row.wanted = Wanted.NOTHING


def _tell_change(session: Session, row: Payment, before: str, *, given_up: bool) -> None:
    now_paid = row.status in PAID and row.paid_at is None
    if now_paid:
        row.paid_at = clock.now()
    if now_paid and given_up:
        tell(session, row, "payment.canceled")
    elif now_paid:
        tell(session, row, "payment.succeeded")
    elif row.status != before and row.status in EVENTS and row.status not in PAID:
        tell(session, row, EVENTS[row.status])


def _apply_refund(session: Session, row: Payment, told: dict[str, Any]) -> None:
    """One that we asked for (its metadata names it), or that was made at Stripe."""
    state = REFUND_STATES.get(str(told.get("status")), RefundStatus.PENDING)
    known = _refund_of(session, row, told)
    if known is None:
        known = PaymentRefund(
            tenant_id=row.tenant_id,
            id=new_id(),
            payment_id=row.id,
            key=str(told["id"]),
            amount=int(told["amount"]),
            ref=str(told["id"]),
            created_at=clock.now(),
        )
        session.add(known)
    before, known.ref = known.status, str(told["id"])
    known.status = state
    if state == RefundStatus.SUCCEEDED and before != state:
        tell(session, row, "payment.refunded", refund_id=str(known.id), amount=known.amount)
    elif state == RefundStatus.FAILED and before != state:
        tell(session, row, "payment.refund_failed", refund_id=str(known.id), amount=known.amount)


def _refund_of(session: Session, row: Payment, told: dict[str, Any]) -> PaymentRefund | None:
    ours = str((told.get("metadata") or {}).get("refund_id") or "")
    for one in session.scalars(
        select(PaymentRefund).where(
            col(PaymentRefund.tenant_id) == row.tenant_id, col(PaymentRefund.payment_id) == row.id
        )
    ):
        if one.ref == told["id"] or str(one.id) == ours:
            return one
    return None


def _apply_dispute(session: Session, row: Payment, told: dict[str, Any]) -> None:
    state = DISPUTE_STATES.get(str(told.get("status")), DisputeStatus.OPEN)
    known = session.scalar(
        select(PaymentDispute).where(
            col(PaymentDispute.tenant_id) == row.tenant_id, col(PaymentDispute.ref) == told["id"]
        )
    )
    due = (told.get("evidence_details") or {}).get("due_by")
    if known is None:
        known = PaymentDispute(
            tenant_id=row.tenant_id,
            id=new_id(),
            payment_id=row.id,
            ref=str(told["id"]),
            amount=int(told["amount"]),
            reason=str(told.get("reason") or "")[:100],
            status=state,
            evidence_by=datetime.fromtimestamp(int(due), UTC) if due else None,
            created_at=clock.now(),
        )
        session.add(known)
        session.flush()
    elif known.status == state:
        return
    known.status = state
    tell(session, row, "payment.disputed", dispute_id=str(known.id), amount=known.amount, state=state.value)


def _next_look(session: Session, row: Payment, tried: Wanted) -> datetime | None:
    """At once at what was decided while Stripe was asked."""
    now = clock.now()
    refund = _pending_refund(session, row)
    if (row.wanted and row.wanted != tried) or refund == "":
        return now
    if row.wanted or refund:
        return now + LOOK_AGAIN
    if row.status in (Status.REQUIRES_PAYMENT, Status.REQUIRES_ACTION):
        return min(now + LOOK_AGAIN, row.expires_at) if row.expires_at > now else now + LOOK_AGAIN
    if row.status in (Status.PROCESSING, Status.AUTHORISED):
        return now + LOOK_LATER
    return None


def _pending_refund(session: Session, row: Payment) -> str | None:
    """Stripe's name of one that is not decided; empty when Stripe was not told of it."""
    return session.scalar(
        select(col(PaymentRefund.ref))
        .where(
            col(PaymentRefund.tenant_id) == row.tenant_id,
            col(PaymentRefund.payment_id) == row.id,
            col(PaymentRefund.status) == RefundStatus.PENDING,
        )
        .order_by(col(PaymentRefund.ref))
        .limit(1)
    )
