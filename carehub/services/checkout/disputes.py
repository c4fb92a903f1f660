"""The payer's bank takes a payment back, until it is decided: the shares that were given for it follow, each time it changes its mind.

What was shared out goes back pro rata, from what the professional has not been paid yet; what they were paid already is owed, and the
next earnings fill it. Won, all of it comes again. Only what the dispute is now counts, so events may come in any order, or twice.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core.actor import system
from carehub.core.bus import announce
from carehub.models.checkout import Checkout, CheckoutPart, PartKind
from carehub.models.ledger import AccountKind
from carehub.models.payments import DisputeStatus
from carehub.models.pricing import SessionState
from carehub.services import payments
from carehub.services.checkout import rows
from carehub.services.ledger import release
from carehub.services.ledger.writing import Leg, books, post
from carehub.services.payments.scope import payments_of

TAKEN, GIVEN = "dispute", "dispute won"
GONE = (DisputeStatus.OPEN, DisputeStatus.LOST)  # the bank has the money

_DISPUTES = text(
    "SELECT id, amount, status FROM payment_dispute WHERE tenant_id = :tenant AND payment_id = :payment ORDER BY id"
)
_HOLDS = text("""
    SELECT hold_id FROM checkout_part WHERE tenant_id = :tenant AND payment_id = :payment AND hold_id IS NOT NULL
    UNION SELECT money_hold_id FROM package_session WHERE tenant_id = :tenant AND payment_id = :payment AND money_hold_id IS NOT NULL""")
_CAPTURED = text("""
    SELECT id, currency, captured, refunded, shares FROM ledger_hold
    WHERE tenant_id = :tenant AND id = ANY(:holds) AND state = 'captured' ORDER BY id""")
_POSTED = text("""
    SELECT count(DISTINCT t.id) AS times, coalesce(sum(e.amount) FILTER (WHERE e.kind = 'issued'), 0) AS amount
    FROM ledger_transaction t JOIN ledger_entry e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.id
    WHERE t.tenant_id = :tenant AND t.reference = :reference""")


@dataclass(frozen=True)
class Dispute:
    id: UUID
    amount: int
    status: DisputeStatus


def disputes_of(session: Session, payment_id: UUID) -> list[Dispute]:
    """As they are now; the payment's row is locked, so that whoever follows them takes turns."""
    with payments_of(session) as tenant_id:
        payments.lock_payment(session, payment_id=payment_id)
        found = session.execute(_DISPUTES, {"tenant": tenant_id, "payment": payment_id}).all()
    return [Dispute(row.id, int(row.amount), DisputeStatus(row.status)) for row in found]


def is_gone(session: Session, payment_id: UUID) -> bool:
    """Whether the payer's bank has the money: what is given back then goes by the bank's decision, not by a refund."""
    return any(one.status in GONE for one in disputes_of(session, payment_id))


def follow(session: Session, checkout: Checkout, payment_id: UUID) -> None:
    """Bring the books to what the disputes of a payment are now. Repeatable."""
    tenant_id = checkout.tenant_id
    for dispute in disputes_of(session, payment_id):
        left = dispute.amount if dispute.status in GONE else 0
        for hold in _captured(session, tenant_id, payment_id):
            wanted = min(left, hold.captured - hold.refunded)
            left -= wanted
            _bring(session, dispute, hold, wanted)
        _sessions(session, checkout, payment_id, dispute.status)
        if dispute.status == DisputeStatus.WON:
            _give_what_waited(session, checkout, payment_id, dispute)
    announce(session, "checkout", person_id=checkout.person_id)
    announce(session, "agenda")


def _captured(session: Session, tenant_id: UUID, payment_id: UUID) -> list[Row[Any]]:
    holds = list(session.scalars(_HOLDS, {"tenant": tenant_id, "payment": payment_id}))
    with books(session):
        return list(session.execute(_CAPTURED, {"tenant": tenant_id, "holds": holds}))


def _bring(session: Session, dispute: Dispute, hold: Row[Any], wanted: int) -> None:
    """Take from, or give to, each share until `wanted` of the hold is taken."""
    reference = f"dispute:{dispute.id}:{hold.id}"
    with books(session) as tenant_id:
        row = session.execute(_POSTED, {"tenant": tenant_id, "reference": reference}).one()
    posted = int(row.amount)
    if posted == wanted:
        return
    parts = shares_taken(hold.shares, hold.captured, hold.refunded + posted, hold.refunded + wanted)
    legs = [
        Leg(UUID(share["owner"]), AccountKind(share["kind"]), -part)
        for share, part in zip(hold.shares, parts, strict=True)
    ]
    post(
        session,
        key=f"{reference}:{row.times + 1}",
        kind=TAKEN if wanted > posted else GIVEN,
        legs=[*[leg for leg in legs if leg.amount], Leg(tenant_id, AccountKind.ISSUED, wanted - posted)],
        currency=hold.currency,
        reference=reference,
    )


def shares_taken(shares: list[dict[str, Any]], captured: int, before: int, after: int) -> list[int]:
    """What each share loses when what is taken of `captured` grows from `before` to `after` (gains, when it falls): as a refund
    reckons it, so that all of it taken and given again leaves each share as it was. The first one bears what rounding leaves."""
    others = [int(one["amount"]) * after // captured - int(one["amount"]) * before // captured for one in shares[1:]]
    return [after - before - sum(others), *others]


_AWAY = text("""
    UPDATE package_session SET state = :to WHERE tenant_id = :tenant AND payment_id = :payment AND state = :from
    RETURNING id, coins_hold_id, money_hold_id, money_minor""")
_WAITING = text("""
    SELECT s.id, s.coins_hold_id, s.money_hold_id, s.money_minor FROM package_session s
    WHERE s.tenant_id = :tenant AND s.payment_id = :payment AND s.state = 'returned'""")
_OPEN_HOLDS = text("SELECT id FROM ledger_hold WHERE tenant_id = :tenant AND id = ANY(:holds) AND state = 'open'")


def _sessions(session: Session, checkout: Checkout, payment_id: UUID, status: DisputeStatus) -> None:
    """Sessions that nobody used wait with their money: not offered while the bank has it, free again when it is won."""
    asked = {"tenant": checkout.tenant_id, "payment": payment_id}
    if status in GONE:
        session.execute(_AWAY, asked | {"from": SessionState.FREE.value, "to": SessionState.RETURNED.value})
    waiting = session.execute(_WAITING, asked).all()
    holds = [one for row in waiting for one in (row.coins_hold_id, row.money_hold_id) if one is not None]
    with books(session) as tenant_id:
        still = set(session.scalars(_OPEN_HOLDS, {"tenant": tenant_id, "holds": holds}))
    for row in waiting:
        if row.money_hold_id not in still:
            continue
        if status == DisputeStatus.WON:
            session.execute(_FREE, {"tenant": checkout.tenant_id, "id": row.id})
        elif status == DisputeStatus.LOST:
            _end_session(session, checkout, row)


_FREE = text("UPDATE package_session SET state = 'free' WHERE tenant_id = :tenant AND id = :id")


def _end_session(session: Session, checkout: Checkout, row: Row[Any]) -> None:
    """Its coins are its buyer's again; its money is with their bank."""
    if row.coins_hold_id is not None:
        release(session, row.coins_hold_id, person_id=checkout.person_id)
    release(session, row.money_hold_id, person_id=checkout.person_id)
    legs = [
        Leg(checkout.person_id, AccountKind.COINS, -row.money_minor),
        Leg(checkout.tenant_id, AccountKind.ISSUED, row.money_minor),
    ]
    reference = f"checkout:{checkout.id}"
    key = f"back:session:{row.id}:disputed"
    post(session, key=key, kind="card out", legs=legs, currency=checkout.currency, reference=reference)


def _give_what_waited(session: Session, checkout: Checkout, payment_id: UUID, dispute: Dispute) -> None:
    """An appointment that was cancelled while the bank had the money: now it can be refunded, and is."""
    part = next((one for one in rows.parts_of(session, checkout.id) if _is_card(one, payment_id)), None)
    if part is None or checkout.state not in ("captured", "released") or checkout.kind != "booking":
        return
    left = payments.left_of(session, payment_id=payment_id) - part.kept
    if left > 0:
        key = f"won:{dispute.id}"
        payments.refund_payment(session, system(checkout.tenant_id), payment_id=payment_id, amount=left, key=key)


def _is_card(part: CheckoutPart, payment_id: UUID) -> bool:
    return part.kind == PartKind.CARD and part.payment_id == payment_id
