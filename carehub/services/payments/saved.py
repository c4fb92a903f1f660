"""Saved cards: their brand, last four digits and end. The number never comes here. DI-089, DI-102."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.ids import new_id
from carehub.models.payments import Payment, PaymentCustomer, PaymentMethod
from carehub.services.payments.rules import Card


def customer_of(session: Session, tenant_id: UUID, person_id: UUID, account: str) -> PaymentCustomer:
    """The person's row at an account, made at need; `ref` is empty until Stripe has made theirs."""
    found = session.scalar(
        select(PaymentCustomer)
        .where(
            col(PaymentCustomer.tenant_id) == tenant_id,
            col(PaymentCustomer.person_id) == person_id,
            col(PaymentCustomer.account) == account,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        found = PaymentCustomer(
            tenant_id=tenant_id, id=new_id(), person_id=person_id, account=account, created_at=clock.now()
        )
        session.add(found)
        session.flush()
    return found


def keep_card(session: Session, payment: Payment, card: Card) -> None:
    """Remember a card that its holder let be saved. The first one is the default. A removed one stays removed."""
    assert payment.person_id is not None
    customer = customer_of(session, payment.tenant_id, payment.person_id, payment.account)
    if customer.ref != card.customer:
        return
    cards = _cards(session, customer)
    known = next((one for one in cards if one.ref == card.ref), None)
    if known is not None:
        known.exp_month, known.exp_year = card.exp_month, card.exp_year
        return
    session.add(
        PaymentMethod(
            tenant_id=payment.tenant_id,
            id=new_id(),
            person_id=payment.person_id,
            customer_id=customer.id,
            ref=card.ref,
            brand=card.brand,
            last4=card.last4,
            exp_month=card.exp_month,
            exp_year=card.exp_year,
            is_default=not any(one.is_default and one.removed_at is None for one in cards),
            created_at=clock.now(),
        )
    )


def _cards(session: Session, customer: PaymentCustomer) -> list[PaymentMethod]:
    return list(
        session.scalars(
            select(PaymentMethod).where(
                col(PaymentMethod.tenant_id) == customer.tenant_id, col(PaymentMethod.customer_id) == customer.id
            )
        )
    )


def mark_detached(session: Session, tenant_id: UUID, refs: list[str]) -> None:
    session.execute(
        update(PaymentMethod)
        .where(col(PaymentMethod.tenant_id) == tenant_id, col(PaymentMethod.ref).in_(refs))
        .values(detached_at=clock.now())
        .execution_options(synchronize_session=False)
    )
