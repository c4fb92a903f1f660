"""Payments to bring up to date with Stripe, wallets that run low, the nightly comparison."""

from uuid import UUID

from celery import shared_task

from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.services import payments, subscriptions, wallet
from carehub.services.payments.reconciling import reconcile_all
from carehub.services.payments.webhooks import forget_webhooks


@shared_task(name="tasks.payments.work")
def work(kind: str, tenant_id: str, row_id: str) -> None:
    payments.work(kind, UUID(tenant_id), UUID(row_id))


@shared_task(name="tasks.payments.work_plan")
def work_plan(tenant_id: str) -> None:
    subscriptions.work(UUID(tenant_id))


@shared_task(name="tasks.payments.remind_plans")
def remind_plans() -> None:
    """Owners whose plan is not paid, or whose trial ends."""
    subscriptions.remind_all()


@shared_task(name="tasks.payments.look_at_wallets")
def look_at_wallets() -> None:
    """Wallets that ran low are told, or topped up."""
    wallet.look_at_wallets()


@shared_task(name="tasks.payments.reconcile")
def reconcile() -> None:
    """The night's comparison with Stripe; kept webhooks end after their time."""
    reconcile_all()
    subscriptions.reconcile_plans()
    with unit_of_work(system(), Role.WORKER) as session:
        forget_webhooks(session)
