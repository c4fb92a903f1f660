"""The part of a payment that a card gives. Its money comes into the payer's own account of the books, is held there as coins are, and
leaves it again when it goes back to the card: so the books say at each moment whose it is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.models.checkout import Checkout, CheckoutPart, PartKind
from carehub.models.ledger import AccountKind
from carehub.models.payments import PaymentStatus
from carehub.services import payments
from carehub.services.booking.queries import read_rules
from carehub.services.checkout import disputes, rows
from carehub.services.ledger import hold, release
from carehub.services.ledger.writing import Leg, post
from carehub.services.payments.errors import PaymentClosed
from carehub.services.payments.views import PaymentStep

RESERVED = timedelta(days=6)  # a bank forgets a reservation after seven
LIFE = timedelta(minutes=30)

_TITLE = text("""
    SELECT concat_ws(', ', coalesce(k.name, s.name), t.name) FROM checkout c JOIN tenant t ON t.id = c.tenant_id
    JOIN service s ON s.tenant_id = c.tenant_id AND s.id = c.service_id
    LEFT JOIN package k ON k.tenant_id = c.tenant_id AND k.id = c.package_id WHERE c.tenant_id = :tenant AND c.id = :id""")
_PAYMENT = text("UPDATE checkout_part SET payment_id = :payment WHERE tenant_id = :tenant AND id = :id")


@dataclass(frozen=True)
class Chosen:
    """What the payer chose: a saved card of theirs, or another one, which may be saved (DI-102)."""

    card_id: UUID | None = None
    save: bool = False


ANOTHER = Chosen()


def start(session: Session, actor: Actor, checkout: Checkout, amount: int, chosen: Chosen = ANOTHER) -> PaymentStep:
    """Ask for the card's part: reserved only where the appointment is settled before a bank forgets that, marked by somebody or not;
    else charged at once and given back where it must be. A saved card pays without being typed; where its bank asks, its holder
    confirms on the bank's page.

    Raises NotFound for a card that is not the payer's.
    """
    waits = timedelta(days=read_rules(session, checkout.tenant_id).done_days)
    soon = checkout.ends_at is not None and checkout.ends_at + waits - clock.now() < RESERVED
    capture: Literal["manual", "automatic"] = "manual" if soon else "automatic"
    title = session.scalar(_TITLE, {"tenant": checkout.tenant_id, "id": checkout.id})
    return payments.start_payment(
        session,
        actor,
        purpose=checkout.kind,
        subject_id=checkout.id,
        amount=amount,
        currency=checkout.currency,
        description=str(title),
        return_path=f"/me/checkout/{checkout.id}",
        capture=capture,
        method_id=chosen.card_id,
        save_card=chosen.save and chosen.card_id is None,
        life=LIFE,
    )


def add(session: Session, actor: Actor, checkout: Checkout, amount: int, chosen: Chosen) -> PaymentStep:
    """A new part that a card pays."""
    step = start(session, actor, checkout, amount, chosen)
    rows.add_part(
        session,
        checkout,
        kind=PartKind.CARD.value,
        currency=checkout.currency,
        amount=amount,
        payment_id=step.payment_id,
    )
    return step


def again(session: Session, actor: Actor, checkout: Checkout, part: CheckoutPart) -> PaymentStep:
    """Where the payer goes on with what is open, or begins anew (with any card) when the bank has refused."""
    assert part.payment_id is not None
    known = payments.step_again(session, payment_id=part.payment_id)
    if known is not None:
        return known
    step = start(session, actor, checkout, part.amount)
    if step.payment_id != part.payment_id:
        session.execute(_PAYMENT, {"tenant": part.tenant_id, "id": part.id, "payment": step.payment_id})
    return step


def take_in(session: Session, checkout: Checkout, part: CheckoutPart) -> UUID:
    """The money is there (or reserved): into the payer's account, and held for the appointment. The hold's id."""
    legs = [
        Leg(checkout.tenant_id, AccountKind.ISSUED, -part.amount),
        Leg(checkout.person_id, AccountKind.COINS, part.amount),
    ]
    reference = f"checkout:{checkout.id}"
    key = f"payment:{part.payment_id}"
    post(session, key=key, kind="card in", legs=legs, currency=part.currency, reference=reference)
    return hold(
        session,
        checkout.person_id,
        part.amount,
        key=f"part:{part.id}",
        purpose=checkout.kind,
        reference=reference,
        expires_at=(checkout.ends_at or clock.now()) + rows.KEEP_HOLDS,
        currency=part.currency,
    )


def send_back(session: Session, checkout: Checkout, part: CheckoutPart, amount: int, *, key: str) -> None:
    """`amount` leaves the payer's account for their card."""
    if amount > 0:
        out(session, checkout, part.currency, amount, key=key)


def out(session: Session, checkout: Checkout, currency: str, amount: int, *, key: str) -> None:
    """Money of the payer's that is free leaves the books. Once for each `key`."""
    legs = [
        Leg(checkout.person_id, AccountKind.COINS, -amount),
        Leg(checkout.tenant_id, AccountKind.ISSUED, amount),
    ]
    reference = f"checkout:{checkout.id}"
    post(session, key=f"back:{key}", kind="card out", legs=legs, currency=currency, reference=reference)


def tell_stripe(
    session: Session, checkout: Checkout, part: CheckoutPart, *, keep: int, back: int, key: str, reason: str = ""
) -> None:
    """What became of it: a reservation is captured (in part) or ended, what was charged is refunded. Raises PaymentClosed while the
    bank has not answered an earlier step."""
    actor = system(checkout.tenant_id)
    assert part.payment_id is not None
    state = payments.payment_state(session, actor, payment_id=part.payment_id).status
    if state == PaymentStatus.AUTHORISED:
        if keep:
            payments.capture_payment(session, actor, payment_id=part.payment_id, amount=keep)
        else:
            payments.cancel_payment(session, actor, payment_id=part.payment_id)
    elif back and not disputes.is_gone(session, part.payment_id):
        payments.refund_payment(session, actor, payment_id=part.payment_id, amount=back, key=key, reason=reason)


def give_up(session: Session, checkout: Checkout, part: CheckoutPart) -> None:
    """Before anything was booked. What the payer pays in the same instant comes back by itself."""
    if part.hold_id is not None:
        release(session, part.hold_id)
        send_back(session, checkout, part, part.amount, key=f"{part.id}:lost")
    if part.payment_id is None:
        return
    actor = system(checkout.tenant_id)
    try:
        payments.cancel_payment(session, actor, payment_id=part.payment_id)
    except PaymentClosed:
        key = f"{part.id}:lost"
        payments.refund_payment(session, actor, payment_id=part.payment_id, amount=part.amount, key=key)


def undo(session: Session, checkout: Checkout, payment_id: UUID) -> None:
    """Money that came for what is over or was given up: it goes back, and never stood in the books."""
    actor = system(checkout.tenant_id)
    try:
        payments.cancel_payment(session, actor, payment_id=payment_id)
    except PaymentClosed:
        amount = payments.payment_state(session, actor, payment_id=payment_id).captured
        payments.refund_payment(session, actor, payment_id=payment_id, amount=amount, key="too late")
