"""What the console shows of a tenant's subscription: its state and amounts, no card, no name at Stripe."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.models.subscriptions import PlanState, PlanSubscription
from carehub.services.subscriptions.rules import STATE_LABELS
from carehub.services.tenancy.plans import PLAN_CURRENCY


@dataclass(frozen=True)
class ConsoleSubscription:
    """`label` is a msgid. Moments ISO 8601, empty: none; `next_minor` below 0: no invoice comes."""

    state: str = "none"
    label: str = STATE_LABELS[PlanState.NONE]
    trial_ends_at: str = ""
    period_ends_at: str = ""
    cancels: bool = False
    past_due_since: str = ""
    next_minor: int = -1
    discount: int = 0
    currency: str = PLAN_CURRENCY


_COLUMNS = ("state", "trial_ends_at", "period_ends_at", "cancels", "past_due_since", "next_minor", "discount")


def console_subscription(session: Session, tenant_id: UUID) -> ConsoleSubscription:
    """For ch_platform, which reads these columns and no others."""
    columns = [col(getattr(PlanSubscription, name)) for name in _COLUMNS]
    row = session.execute(select(*columns).where(col(PlanSubscription.tenant_id) == tenant_id)).one_or_none()
    if row is None:
        return ConsoleSubscription()
    state, trial, period, cancels, since, next_minor, discount = row
    return ConsoleSubscription(
        state=state,
        label=STATE_LABELS[state],
        trial_ends_at=trial.isoformat() if trial else "",
        period_ends_at=period.isoformat() if period else "",
        cancels=cancels,
        past_due_since=since.isoformat() if since else "",
        next_minor=-1 if next_minor is None else next_minor,
        discount=discount,
    )
