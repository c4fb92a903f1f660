"""What tenants pay CareHub for: their subscription as Stripe has it, and its invoices. SQ-125..128, SQ-131, MC-096, MC-097.

Rows are written in ch_money, within the tenant, by services.subscriptions alone. Stripe's state is the truth; a row is what of it
was seen last, what is wanted of it, and when the worker looks at it next (`due_at`).
"""

import enum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from carehub.core.rls import Access, platform, staff
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, required_moment, words
from carehub.models.tenancy import PlanCode


class PlanState(enum.StrEnum):
    """Stripe's own words; NONE: there is no subscription."""

    NONE = "none"
    INCOMPLETE = "incomplete"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    PAUSED = "paused"
    CANCELED = "canceled"


class PlanInvoiceState(enum.StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


def _money() -> Access:
    return Access("ch_money", "SELECT, INSERT, UPDATE")


class PlanSubscription(TenantOwned, table=True):
    """A tenant's subscription at the platform's Stripe account. Amounts in minor units of the plans' currency."""

    __tablename__ = "plan_subscription"
    __table_args__ = (
        UniqueConstraint("tenant_id"),
        one_of("state", PlanState),
        one_of("plan", PlanCode),
        CheckConstraint("discount BETWEEN 0 AND 100", name="discount"),
        Index("plan_subscription_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("plan_subscription_customer", "customer_ref", postgresql_where=text("customer_ref <> ''")),
        access(
            _money(),
            staff("SELECT"),
            Access(
                "ch_worker",
                "SELECT (tenant_id, id, customer_ref, state, trial_ends_at, past_due_since, told, due_at), UPDATE (due_at)",
                "true",
            ),
            platform(
                "SELECT (tenant_id, id, state, plan, addons, trial_used_at, trial_ends_at, period_ends_at, cancels, discount,"
                " past_due_since, next_minor, created_at)"
            ),
        ),
    )

    customer_ref: str = words()
    subscription_ref: str = words()
    session_ref: str = words()  # Stripe's page that the owner was sent to
    state: str = Field(default=PlanState.NONE, sa_type=Text)
    plan: str = Field(default=PlanCode.FREE, sa_type=Text)
    addons: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    trial_used_at: Moment | None = moment(optional=True)  # once per tenant
    trial_ends_at: Moment | None = moment(optional=True)
    period_ends_at: Moment | None = moment(optional=True)
    cancels: bool = False  # when its period ends
    card: str = words()  # "visa 4242"
    discount: int = Field(default=0, sa_type=SmallInteger)  # per cent, as Stripe has it
    next_minor: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))  # of the next invoice
    past_due_since: Moment | None = moment(optional=True)
    told: int = Field(default=0, sa_type=SmallInteger)  # steps of the reminders that were sent
    trial_told: bool = False  # that it ends soon
    wanted: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False)
    )  # services.subscriptions
    decline: str = words()  # Stripe's code of the last refusal
    attempts: int = 0  # that Stripe did not answer, in a row
    revision: int = 0  # grows with each answer taken over: who asked before that asks again
    due_at: Moment | None = moment(optional=True)
    created_at: Moment = required_moment()


class PlanInvoice(TenantOwned, table=True):
    """One invoice of a subscription, as Stripe made it."""

    __tablename__ = "plan_invoice"
    __table_args__ = (
        UniqueConstraint("tenant_id", "ref"),
        one_of("state", PlanInvoiceState),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        Index("plan_invoice_newest", "tenant_id", text("issued_at DESC")),
        access(
            _money(),
            staff("SELECT"),
            platform("SELECT (tenant_id, id, number, state, total_minor, currency, issued_at)"),
        ),
    )

    ref: str = Field(sa_type=Text)
    number: str = words()
    state: str = Field(sa_type=Text)
    total_minor: int = Field(sa_type=BigInteger)  # below 0: credit for the next ones
    due_minor: int = Field(sa_type=BigInteger)
    paid_minor: int = Field(sa_type=BigInteger)
    discount_minor: int = Field(default=0, sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    lines: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)  # what, amount, proration, from, until
    from_at: Moment = required_moment()
    until_at: Moment = required_moment()
    issued_at: Moment = required_moment()
    paid_at: Moment | None = moment(optional=True)
    next_attempt_at: Moment | None = moment(optional=True)
