"""What other domains ask of payments, within their own transaction and tenant. Stripe is asked later, by `driving`.

Nothing here decides whether it is allowed: the verb that calls does. Amounts in minor units of the currency.
"""

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.models.payments import Payment, PaymentMethod, PaymentMode, PaymentRefund, RefundStatus, Wanted
from carehub.models.payments import PaymentStatus as Status
from carehub.services.payments.accounts import present_account
from carehub.services.payments.errors import MoreThanCaptured, PaymentAmountInvalid, PaymentClosed, PaymentUnderWay
from carehub.services.payments.rules import LABELS, OPEN, PAID, amount_fits, decline_label
from carehub.services.payments.scope import locked, payments_of
from carehub.services.payments.tokens import pay_path
from carehub.services.payments.views import PaymentStep, PaymentView

LIFE = timedelta(hours=1)  # of a payment that nobody finishes
_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


def start_payment(
    session: Session,
    actor: Actor,
    *,
    purpose: str,
    subject_id: UUID,
    amount: int,
    currency: str,
    description: str,
    return_path: str,
    capture: Literal["automatic", "manual"] = "automatic",
    save_card: bool = False,
    method_id: UUID | None = None,
    person_id: UUID | None = None,
    off_session: bool = False,
    life: timedelta = LIFE,
    facts: dict[str, Any] | None = None,
) -> PaymentStep:
    """Ask for `amount` for a subject, in the session's tenant. The answer's `address` is opened as a whole page: it leads to
    Stripe's page, to the bank's confirmation, or straight back to `return_path?payment=<id>`. DI-089, DI-102.

    Once for a subject: asked again while it is open or paid, it answers the same payment; asked with another amount or card while
    it is open, the earlier one is given up. `method_id`: a saved card of the payer; with `off_session` the worker charges it at
    once, without anybody there. `capture="manual"` reserves the amount (`payment.authorised`), until `capture_payment` or
    `cancel_payment`. `facts` is for the purpose's own handlers. What nobody finishes is canceled after `life`.

    Raises PaymentAmountInvalid, PaymentsOff, NotFound for a card that is not the payer's, PaymentUnderWay, PaymentClosed when the
    subject is paid already with another amount.
    """
    if not amount_fits(amount, currency):
        raise PaymentAmountInvalid(field="amount")
    payer = person_id or actor.person_id
    with payments_of(session) as tenant_id:
        session.execute(_TURN, {"what": f"payment {tenant_id} {purpose} {subject_id}"})
        asked: dict[str, Any] = {"amount": amount, "currency": currency, "method_id": method_id, "capture": capture}
        earlier = _earlier(session, tenant_id, purpose, subject_id, asked)
        if earlier is not None:
            return step_of(earlier)
        if method_id is not None:
            _check_method(session, tenant_id, payer, method_id)
        now = clock.now()
        row = Payment(
            tenant_id=tenant_id,
            id=new_id(),
            person_id=payer,
            purpose=purpose,
            subject_id=subject_id,
            mode=PaymentMode.PAYMENT,
            description=description[:200],
            return_path=return_path,
            save_card=save_card and payer is not None,
            off_session=off_session,
            account=present_account(session, tenant_id),
            facts=facts or {},
            expires_at=now + life,
            due_at=now if off_session else now + life,
            created_at=now,
            **asked,
        )
        session.add(row)
        session.flush()
        if off_session:
            wake(session)
        return step_of(row)


def _earlier(
    session: Session, tenant_id: UUID, purpose: str, subject_id: UUID, asked: dict[str, Any]
) -> Payment | None:
    """The payment that this one would repeat; one that it replaces is given up."""
    row = session.scalar(
        select(Payment)
        .where(
            col(Payment.tenant_id) == tenant_id,
            col(Payment.purpose) == purpose,
            col(Payment.subject_id) == subject_id,
            col(Payment.wanted) != Wanted.CANCEL,
            col(Payment.status).not_in((Status.FAILED, Status.CANCELED)),
        )
        .order_by(col(Payment.id).desc())
        .limit(1)
        .with_for_update()
    )
    if row is None or all(getattr(row, name) == value for name, value in asked.items()):
        return row
    if row.status not in OPEN:
        raise PaymentClosed
    if row.status == Status.PROCESSING:
        raise PaymentUnderWay
    _give_up(session, row)
    return None


def _give_up(session: Session, row: Payment) -> None:
    row.wanted, row.due_at = Wanted.CANCEL, clock.now()
    wake(session)


def _check_method(session: Session, tenant_id: UUID, payer: UUID | None, method_id: UUID) -> None:
    found = session.scalar(
        select(col(PaymentMethod.id)).where(
            col(PaymentMethod.tenant_id) == tenant_id,
            col(PaymentMethod.id) == method_id,
            col(PaymentMethod.person_id) == payer,
            col(PaymentMethod.removed_at).is_(None),
        )
    )
    if found is None:
        raise NotFound


def step_of(row: Payment) -> PaymentStep:
    """An open payment has an address, any other is done with."""
    is_open = row.status in OPEN and not row.off_session
    return PaymentStep(row.id, row.status, pay_path(row.tenant_id, row.id) if is_open else "")


def step_again(session: Session, *, payment_id: UUID) -> PaymentStep | None:
    """Where the payer goes on with a payment that is open; None when it is not (any more). Raises NotFound."""
    with payments_of(session) as tenant_id:
        step = step_of(locked(session, tenant_id, payment_id))
    return step if step.address else None


_REFUSED = text("""
    SELECT status, decline FROM payment WHERE tenant_id = :tenant AND purpose = :purpose AND subject_id = :subject
    ORDER BY id DESC LIMIT 1""")


def last_decline(session: Session, *, purpose: str, subject_id: UUID) -> str:
    """Why the bank refused the newest payment of a subject, a msgid; empty when it did not (SQ-154)."""
    with payments_of(session) as tenant_id:
        asked = {"tenant": tenant_id, "purpose": purpose, "subject": subject_id}
        row = session.execute(_REFUSED, asked).one_or_none()
    return decline_label(row.decline or "generic_decline") if row is not None and row.status == Status.FAILED else ""


def wake(session: Session) -> None:
    """The worker looks at what is due as soon as this is committed."""
    session.info["emitted"] = True


def capture_payment(session: Session, _actor: Actor, *, payment_id: UUID, amount: int | None = None) -> None:
    """Take what is reserved, or `amount` of it; the rest goes back at once. The worker tells Stripe; `payment.succeeded` follows.

    Once: asked again for the same it does nothing. Raises PaymentClosed when nothing is reserved (any more), NotFound.
    """
    with payments_of(session) as tenant_id:
        row = locked(session, tenant_id, payment_id)
        wanted = row.amount if amount is None else amount
        if not 1 <= wanted <= row.amount:
            raise PaymentAmountInvalid(field="amount")
        if wanted == (row.wanted_amount if row.wanted == Wanted.CAPTURE else row.captured):
            return
        if row.status != Status.AUTHORISED or row.wanted:
            raise PaymentClosed
        row.wanted, row.wanted_amount, row.due_at = Wanted.CAPTURE, wanted, clock.now()
        wake(session)


def cancel_payment(session: Session, _actor: Actor, *, payment_id: UUID) -> None:
    """Give up what was not captured: the reservation ends, the hosted page closes; `payment.canceled` follows. What the payer
    paid in the same instant goes back. Once. Raises PaymentClosed for what is captured: that is refunded. NotFound."""
    with payments_of(session) as tenant_id:
        row = locked(session, tenant_id, payment_id)
        if row.status in (Status.CANCELED, Status.FAILED) or row.wanted == Wanted.CANCEL:
            return
        if row.status in PAID or row.wanted == Wanted.CAPTURE:
            raise PaymentClosed
        _give_up(session, row)


def refund_payment(
    session: Session, actor: Actor, *, payment_id: UUID, amount: int, key: str = "", reason: str = ""
) -> UUID:
    """Send `amount` of what was paid back the way it came; the refund's id. The worker tells Stripe; `payment.refunded` follows.

    Once for each `key` (empty: each call is a refund of its own). All refunds together never exceed what was captured.
    Raises PaymentClosed for what is not paid, MoreThanCaptured, PaymentAmountInvalid, NotFound.
    """
    if amount < 1:
        raise PaymentAmountInvalid(field="amount")
    with payments_of(session) as tenant_id:
        row = locked(session, tenant_id, payment_id)
        made = session.scalar(
            select(col(PaymentRefund.id)).where(
                col(PaymentRefund.tenant_id) == tenant_id,
                col(PaymentRefund.payment_id) == payment_id,
                col(PaymentRefund.key) == key,
            )
        )
        if key and made is not None:
            return made
        if row.status not in PAID:
            raise PaymentClosed
        left = row.captured - refunded_or_asked(session, row)
        if amount > left:
            raise MoreThanCaptured(field="amount", left=left)
        return add_refund(session, row, amount, key=key, reason=reason, asked_by=actor.person_id)


def add_refund(
    session: Session, row: Payment, amount: int, *, key: str, reason: str, asked_by: UUID | None = None
) -> UUID:
    """The refund's row, for the worker."""
    refund_id = new_id()
    session.add(
        PaymentRefund(
            tenant_id=row.tenant_id,
            id=refund_id,
            payment_id=row.id,
            key=key or str(refund_id),
            amount=amount,
            reason=reason[:500],
            asked_by=asked_by,
            created_at=clock.now(),
        )
    )
    row.due_at = clock.now()
    session.flush()
    wake(session)
    return refund_id


def refunded_or_asked(session: Session, row: Payment) -> int:
    """Of a payment, in minor units: what went back and what will."""
    total = session.scalar(
        select(func.coalesce(func.sum(col(PaymentRefund.amount)), 0)).where(
            col(PaymentRefund.tenant_id) == row.tenant_id,
            col(PaymentRefund.payment_id) == row.id,
            col(PaymentRefund.status) != RefundStatus.FAILED,
        )
    )
    return max(int(total or 0), row.refunded)


def lock_payment(session: Session, *, payment_id: UUID) -> None:
    """Whoever acts on what a payment is now takes turns, until the end of the transaction. Raises NotFound."""
    with payments_of(session) as tenant_id:
        locked(session, tenant_id, payment_id)


def left_of(session: Session, *, payment_id: UUID) -> int:
    """Of what was captured: what neither went back nor will, in minor units. Raises NotFound."""
    with payments_of(session) as tenant_id:
        row = locked(session, tenant_id, payment_id)
        return row.captured - refunded_or_asked(session, row)


def payment_state(session: Session, _actor: Actor, *, payment_id: UUID) -> PaymentView:
    """As the session's role may see it: the tenant's staff, or the payer. Raises NotFound."""
    row = session.scalar(select(Payment).where(col(Payment.id) == payment_id).execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return view_of(row)


def view_of(row: Payment) -> PaymentView:
    return PaymentView(
        id=str(row.id),
        purpose=row.purpose,
        subject_id=str(row.subject_id),
        amount=row.amount,
        currency=row.currency,
        description=row.description,
        status=row.status,
        label=LABELS[row.status],
        captured=row.captured,
        refunded=row.refunded,
        paid_with=row.paid_with,
        decline=decline_label(row.decline),
        created_at=row.created_at.isoformat(),
        paid_at=row.paid_at.isoformat() if row.paid_at else "",
    )


def told(row: Payment) -> dict[str, Any]:
    """What every event of a payment says."""
    return {"payment_id": str(row.id), "purpose": row.purpose, "subject_id": str(row.subject_id)}


def tell(session: Session, row: Payment, kind: str, **more: Any) -> None:
    outbox.emit(session, kind, **told(row), **more)
