"""Stripe is asked here, between two transactions and never within one: read what is wanted, ask, take over the answer.

Every call carries a key made of the row's id, so whoever dies in between, the next one (the payer's own page, the worker, the
webhook, the night) makes the same call and gets the same object.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.crypto import PERSONS, decrypt
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.integrations import stripe
from carehub.integrations.stripe import CardDeclined, StripeDown, StripeRefused, StripeTrouble
from carehub.models.payments import Payment, PaymentMethod, PaymentMode, PaymentRefund, RefundStatus, Wanted
from carehub.models.payments import PaymentStatus as Status
from carehub.services.payments import asking
from carehub.services.payments.accounts import key_of
from carehub.services.payments.applying import apply
from carehub.services.payments.asking import Order, Payer, Refund
from carehub.services.payments.errors import PaymentsDown, PaymentsOff
from carehub.services.payments.rules import OPEN, Seen
from carehub.services.payments.saved import customer_of, mark_detached
from carehub.services.payments.scope import locked, own_transaction

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)  # longer than the slowest chain of answers
LONGEST_WAIT = timedelta(hours=1)
ATTEMPTS = 5  # when others take over an answer at the same time


@dataclass(frozen=True)
class Settled:
    """Where a payment stands after Stripe was asked; `address`: where the payer must go now."""

    status: str
    return_path: str
    address: str = ""


def settle(tenant_id: UUID, payment_id: UUID, *, begin: bool = False) -> Settled:
    """Bring one payment up to date with Stripe, and tell Stripe what is wanted of it. `begin`: the payer stands there, so a payment
    that Stripe does not know yet is begun.

    Raises PaymentsDown when Stripe does not answer: it is tried again later by itself. Raises NotFound.
    """
    for _ in range(ATTEMPTS):
        order = _read(tenant_id, payment_id, begin=begin)
        seen = _seen(order)
        with own_transaction(tenant_id) as session:
            row = apply(session, tenant_id, payment_id, seen, revision=order.revision, tried=order.wanted)
            if row is not None:
                return Settled(row.status, row.return_path, seen.address if row.status in OPEN else "")
    raise PaymentsDown


def return_path(tenant_id: UUID, payment_id: UUID) -> str:
    """Where the payer came from. Raises NotFound."""
    with own_transaction(tenant_id) as session:
        return locked(session, tenant_id, payment_id).return_path


def _seen(order: Order) -> Seen:
    """What Stripe has now. Raises PaymentsDown, and puts the payment off."""
    try:
        return _asked(order)
    except CardDeclined as refusal:  # before Stripe had a payment to show
        return Seen(Status.FAILED, decline=refusal.code or "generic_decline")
    except StripeRefused as refusal:
        log.error("payment %s: Stripe refused a call: %s", order.id, refusal)
        if not order.known:
            return Seen(Status.FAILED, decline="not_available")
        _put_off(order.tenant_id, order.id)
        raise PaymentsDown from refusal
    except (StripeDown, PaymentsOff) as error:
        _put_off(order.tenant_id, order.id)
        raise PaymentsDown from error


def _read(tenant_id: UUID, payment_id: UUID, *, begin: bool) -> Order:
    with own_transaction(tenant_id) as session:
        row = locked(session, tenant_id, payment_id)
        customer = method = ""
        customer_id = None
        if row.person_id is not None:
            known = customer_of(session, tenant_id, row.person_id, row.account)
            customer, customer_id = known.ref, known.id
        if row.method_id is not None:
            method = session.get_one(PaymentMethod, (tenant_id, row.method_id)).ref
        over = row.expires_at <= clock.now() and row.status in (Status.REQUIRES_PAYMENT, Status.REQUIRES_ACTION)
        return Order(
            tenant_id=tenant_id,
            id=payment_id,
            account=row.account,
            purpose=row.purpose,
            setup=row.mode == PaymentMode.SETUP,
            amount=row.amount,
            currency=row.currency.lower(),
            description=row.description,
            capture=row.capture,
            save_card=row.save_card,
            off_session=row.off_session,
            key=str(row.key),
            status=row.status,
            session=row.session_ref,
            intent=row.intent_ref,
            method=method,
            customer=customer,
            payer=_payer(row.person_id, customer_id),
            wanted=Wanted.CANCEL if over else Wanted(row.wanted),
            wanted_amount=row.wanted_amount,
            begin=begin or row.off_session,
            revision=row.revision,
            refunds=_refunds(session, row),
        )


def _refunds(session: Session, row: Payment) -> list[Refund]:
    """Those that Stripe was not told, or has not decided."""
    waiting = select(PaymentRefund).where(
        col(PaymentRefund.tenant_id) == row.tenant_id,
        col(PaymentRefund.payment_id) == row.id,
        col(PaymentRefund.status) == RefundStatus.PENDING,
    )
    return [Refund(str(one.id), one.amount, one.ref) for one in session.scalars(waiting)]


_PERSON = text("SELECT given_name, family_name, email, locale FROM person WHERE id = :person")


def _payer(person_id: UUID | None, customer_id: UUID | None) -> Payer | None:
    if person_id is None:
        return None
    with unit_of_work(system(), Role.WORKER, aside=True) as session:
        row = session.execute(_PERSON, {"person": person_id}).one()
    email = decrypt(PERSONS, "person.email", row.email)
    return Payer(str(customer_id), f"{row.given_name} {row.family_name}".strip(), email, row.locale)


def _asked(order: Order) -> Seen:
    """The calls of one order; the answer as it is after them."""
    if not order.known and not order.begin and order.wanted != Wanted.CANCEL:
        return Seen(Status(order.status))
    if not order.known and order.wanted == Wanted.CANCEL:
        return Seen(Status.CANCELED)
    api = stripe.account(key_of(order.tenant_id, order.account))
    if order.payer is not None and not order.customer:
        order = _with_customer(api, order)
    return asking.carry_out(api, order)


def _with_customer(api: Any, order: Order) -> Order:
    """Make the payer's customer, and remember it before anything hangs on it."""
    ref = asking.make_customer(api, order)
    assert order.payer is not None
    with own_transaction(order.tenant_id) as session:
        row = locked(session, order.tenant_id, order.id)
        assert row.person_id is not None
        known = customer_of(session, order.tenant_id, row.person_id, row.account)
        known.ref = known.ref or ref
        return order.with_customer(known.ref)


_PUT_OFF = text("""
    UPDATE payment SET attempts = attempts + 1,
        due_at = cast(:now AS timestamptz) + least(power(2, attempts) * interval '2 seconds', cast(:most AS interval))
    WHERE tenant_id = :tenant AND id = :id""")


def _put_off(tenant_id: UUID, payment_id: UUID) -> None:
    with own_transaction(tenant_id) as session:
        values = {"now": clock.now(), "most": LONGEST_WAIT, "tenant": tenant_id, "id": payment_id}
        session.execute(_PUT_OFF, values)


_LEASE = text("""
    UPDATE payment SET due_at = :until WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM payment WHERE due_at <= :now ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING tenant_id, id""")
_LEASE_CARDS = text("""
    UPDATE payment_customer SET due_at = :until WHERE (tenant_id, id) IN (
        SELECT tenant_id, id FROM payment_customer WHERE due_at <= :now ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING tenant_id, id""")


def lease_due(*, most: int = 100) -> list[tuple[str, UUID, UUID]]:
    """Take what is due for LEASE: ("payment" or "cards", tenant, row). A row whose worker died comes back when the lease ends."""
    with unit_of_work(system(), Role.WORKER) as session:
        values = {"now": clock.now(), "until": clock.now() + LEASE, "most": most}
        found = [("payment", row.tenant_id, row.id) for row in session.execute(_LEASE, values)]
        return found + [("cards", row.tenant_id, row.id) for row in session.execute(_LEASE_CARDS, values)]


def work(kind: str, tenant_id: UUID, row_id: UUID) -> bool:
    """One leased row. False: Stripe did not answer; it comes again by itself."""
    try:
        if kind == "cards":
            detach(tenant_id, row_id)
        else:
            settle(tenant_id, row_id)
    except PaymentsDown:
        return False
    return True


def work_due(*, rounds: int = 100) -> int:
    """Everything due, here and now: tests and the command line. Answers how many rows were brought up to date."""
    done = 0
    for _ in range(rounds):
        due = lease_due()
        if not due:
            return done
        done += sum(work(*one) for one in due)
    return done


_REMOVED = text("""
    SELECT m.ref, c.account FROM payment_method m JOIN payment_customer c ON c.tenant_id = m.tenant_id AND c.id = m.customer_id
    WHERE m.tenant_id = :tenant AND m.customer_id = :customer AND m.removed_at IS NOT NULL AND m.detached_at IS NULL""")
_DONE_CARDS = text("UPDATE payment_customer SET due_at = NULL WHERE tenant_id = :tenant AND id = :customer")


def detach(tenant_id: UUID, customer_id: UUID) -> None:
    """Tell Stripe which cards their holder removed. Raises PaymentsDown."""
    values = {"tenant": tenant_id, "customer": customer_id}
    with own_transaction(tenant_id) as session:
        gone = session.execute(_REMOVED, values).all()
    try:
        for one in gone:
            asking.detach_card(stripe.account(key_of(tenant_id, one.account)), one.ref)
    except (StripeTrouble, PaymentsOff) as error:
        raise PaymentsDown from error
    with own_transaction(tenant_id) as session:
        mark_detached(session, tenant_id, [one.ref for one in gone])
        session.execute(_DONE_CARDS, values)
