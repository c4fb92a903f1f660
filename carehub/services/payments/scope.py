"""Whoever works on payment rows does it as ch_money, within one tenant."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import system
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.errors import NotFound
from carehub.core.roles import Role
from carehub.models.payments import Payment


@contextmanager
def payments_of(session: Session) -> Iterator[UUID]:
    """ch_money in the session's own tenant, for as long as it takes; the tenant's id."""
    tenant_id = UUID(session.info["tenant"])
    if session.info["role"] == Role.MONEY.value:
        yield tenant_id
        return
    with tenant_scope(session, Role.MONEY, tenant_id):
        yield tenant_id


@contextmanager
def own_transaction(tenant_id: UUID) -> Iterator[Session]:
    """A transaction of the worker's own, before or after Stripe was asked."""
    with unit_of_work(system(tenant_id), Role.MONEY) as session:
        yield session


def locked(session: Session, tenant_id: UUID, payment_id: UUID) -> Payment:
    """The payment's row, locked until the end of the transaction. Raises NotFound."""
    found = session.scalar(
        select(Payment)
        .where(col(Payment.tenant_id) == tenant_id, col(Payment.id) == payment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
