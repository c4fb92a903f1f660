"""A tenant's subscription row: read by its staff, written in ch_money."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.models.subscriptions import PlanSubscription
from carehub.models.tenancy import TenantPlan

_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


@contextmanager
def own_transaction(tenant_id: UUID) -> Iterator[Session]:
    """A transaction of the worker's own, before or after Stripe was asked."""
    with unit_of_work(system(tenant_id), Role.MONEY) as session:
        yield session


@contextmanager
def books(session: Session, tenant_id: UUID) -> Iterator[None]:
    """ch_money in the tenant, within a verb that has authorised."""
    if session.info["role"] == Role.MONEY.value:
        yield
        return
    with tenant_scope(session, Role.MONEY, tenant_id):
        yield


def find(session: Session, tenant_id: UUID) -> PlanSubscription | None:
    return session.scalar(
        select(PlanSubscription)
        .where(col(PlanSubscription.tenant_id) == tenant_id)
        .execution_options(populate_existing=True)
    )


def locked(session: Session, tenant_id: UUID) -> PlanSubscription:
    """The tenant's row in ch_money, made at need, locked until the end of the transaction."""
    query = (
        select(PlanSubscription)
        .where(col(PlanSubscription.tenant_id) == tenant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalar(query)
    if found is None:
        session.execute(_TURN, {"what": f"plan {tenant_id}"})
        found = session.scalar(query)
    if found is None:
        found = PlanSubscription(tenant_id=tenant_id, id=new_id(), created_at=clock.now())
        session.add(found)
        session.flush()
    return found


def plan_row(session: Session, tenant_id: UUID) -> TenantPlan | None:
    return session.scalar(
        select(TenantPlan).where(col(TenantPlan.tenant_id) == tenant_id).execution_options(populate_existing=True)
    )
