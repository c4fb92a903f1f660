"""Card payments through Stripe: what was asked, what became of it, saved cards, refunds, disputes. DI-089, DI-091, DI-097.

Rows are written in ch_money, within the tenant, by services.payments alone. A row is there before Stripe is asked; `due_at` says
when the worker looks at it next.
"""

import enum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.rls import Access, mine, platform, staff, worker
from carehub.models.base import (
    Moment,
    TenantOwned,
    access,
    moment,
    one_of,
    required_moment,
    sealed,
    within_tenant,
    words,
)


class PaymentStatus(enum.StrEnum):
    REQUIRES_PAYMENT = "requires_payment"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    AUTHORISED = "authorised"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially_refunded"


class PaymentMode(enum.StrEnum):
    PAYMENT = "payment"
    SETUP = "setup"  # nothing is paid: a card is saved


class Capture(enum.StrEnum):
    AUTOMATIC = "automatic"
    MANUAL = "manual"


class Wanted(enum.StrEnum):
    """What was decided and Stripe was not told yet."""

    NOTHING = ""
    CAPTURE = "capture"
    CANCEL = "cancel"


class RefundStatus(enum.StrEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class DisputeStatus(enum.StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


def _money() -> Access:
    return Access("ch_money", "SELECT, INSERT, UPDATE")


class PaymentCustomer(TenantOwned, table=True):
    """A person's name at one of the tenant's Stripe accounts; made with their first payment there."""

    __tablename__ = "payment_customer"
    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id", "account"),
        Index("payment_customer_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        access(
            _money(),
            staff("SELECT, DELETE"),
            Access("ch_worker", "SELECT (tenant_id, id, due_at), UPDATE (due_at)", "true"),
        ),
    )

    person_id: UUID = Field(foreign_key="person.id")
    account: str = Field(sa_type=Text)
    ref: str = words()
    due_at: Moment | None = moment(optional=True)  # a card was removed here and not yet there
    created_at: Moment = moment()


class PaymentMethod(TenantOwned, table=True):
    """A saved card: its brand, last four digits and end, nothing more. `removed_at`: gone for its owner."""

    __tablename__ = "payment_method"
    __table_args__ = (
        within_tenant("customer_id", "payment_customer", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "customer_id", "ref"),
        Index("payment_method_of", "tenant_id", "person_id"),
        access(_money(), mine(), staff("SELECT, DELETE")),
    )

    person_id: UUID = Field(foreign_key="person.id")
    customer_id: UUID
    ref: str = Field(sa_type=Text)
    brand: str = Field(sa_type=Text)
    last4: str = Field(sa_type=Text)
    exp_month: int = Field(sa_type=SmallInteger)
    exp_year: int = Field(sa_type=SmallInteger)
    is_default: bool = False
    removed_at: Moment | None = moment(optional=True)
    detached_at: Moment | None = moment(optional=True)  # Stripe knows that it was removed
    created_at: Moment = moment()


class Payment(TenantOwned, table=True):
    """One payment by card. `amount` in minor units; `account` names the keys that it was made with, for its whole life."""

    __table_args__ = (
        within_tenant("method_id", "payment_method"),
        one_of("status", PaymentStatus),
        one_of("mode", PaymentMode),
        one_of("capture", Capture),
        one_of("wanted", Wanted),
        CheckConstraint(
            "amount >= 0 AND captured BETWEEN 0 AND amount AND refunded BETWEEN 0 AND captured", name="bounds"
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("left(return_path, 1) = '/' AND left(return_path, 2) <> '//'", name="return_path"),
        Index("payment_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("payment_of_subject", "tenant_id", "purpose", "subject_id"),
        Index("payment_of_person", "tenant_id", "person_id", text("id DESC")),
        Index("payment_intent", "intent_ref", postgresql_where=text("intent_ref <> ''")),
        access(
            _money(),
            staff("SELECT"),
            mine("SELECT"),
            Access("ch_worker", "SELECT (tenant_id, id, account, intent_ref, status, due_at), UPDATE (due_at)", "true"),
            platform(
                "SELECT (tenant_id, id, purpose, mode, amount, currency, status, captured, refunded, paid_with, created_at,"
                " paid_at)"
            ),
        ),
    )

    person_id: UUID | None = Field(default=None, foreign_key="person.id")  # none: a guest
    purpose: str = Field(sa_type=Text)  # whose effects it has: coins, booking, package, invoice, plan
    subject_id: UUID
    mode: str = Field(default=PaymentMode.PAYMENT, sa_type=Text)
    amount: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))  # the purpose's own
    return_path: str = Field(sa_type=Text)
    capture: str = Field(default=Capture.AUTOMATIC, sa_type=Text)
    save_card: bool = False
    off_session: bool = False  # nobody is there to confirm it
    method_id: UUID | None = None
    key: UUID = Field(default_factory=new_id)  # what Stripe knows every attempt of this payment by
    account: str = Field(sa_type=Text)
    session_ref: str = words()
    intent_ref: str = words()
    charge_ref: str = words()
    status: str = Field(default=PaymentStatus.REQUIRES_PAYMENT, sa_type=Text)
    captured: int = Field(default=0, sa_type=BigInteger)
    refunded: int = Field(default=0, sa_type=BigInteger)
    fee: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))  # in the account's currency
    paid_with: str = words()  # "visa 4242"
    decline: str = words()  # Stripe's code
    wanted: str = words()
    wanted_amount: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    attempts: int = 0  # that Stripe did not answer, in a row
    revision: int = 0  # grows with each answer taken over: who asked before that asks again
    due_at: Moment | None = moment(optional=True)
    expires_at: Moment = required_moment()  # of what the payer did not finish
    paid_at: Moment | None = moment(optional=True)
    created_at: Moment = required_moment()


class PaymentRefund(TenantOwned, table=True):
    """Money that goes back the way it came. `ref` empty: Stripe was not told yet."""

    __tablename__ = "payment_refund"
    __table_args__ = (
        within_tenant("payment_id", "payment"),
        one_of("status", RefundStatus),
        UniqueConstraint("tenant_id", "payment_id", "key"),
        CheckConstraint("amount > 0", name="amount"),
        Index("payment_refund_ref", "tenant_id", "ref"),
        access(
            _money(),
            staff("SELECT"),
            platform("SELECT (tenant_id, id, payment_id, amount, status, created_at)"),  # a reason is free text
        ),
    )

    payment_id: UUID
    key: str = Field(sa_type=Text)
    amount: int = Field(sa_type=BigInteger)
    reason: str = words()
    status: str = Field(default=RefundStatus.PENDING, sa_type=Text)
    ref: str = words()
    asked_by: UUID | None = None  # none: made at Stripe
    created_at: Moment = required_moment()


class PaymentDispute(TenantOwned, table=True):
    """The payer's bank takes a payment back, until it is decided."""

    __tablename__ = "payment_dispute"
    __table_args__ = (
        within_tenant("payment_id", "payment"),
        one_of("status", DisputeStatus),
        UniqueConstraint("tenant_id", "ref"),
        access(
            _money(),
            staff("SELECT"),
            platform("SELECT (tenant_id, id, payment_id, amount, status, evidence_by, created_at)"),
        ),
    )

    payment_id: UUID
    ref: str = Field(sa_type=Text)
    amount: int = Field(sa_type=BigInteger)
    reason: str = words()
    status: str = Field(default=DisputeStatus.OPEN, sa_type=Text)
    evidence_by: Moment | None = moment(optional=True)
    created_at: Moment = required_moment()


class PaymentWebhookEvent(SQLModel, table=True):
    """What Stripe told, as it came, once each: encrypted, for it names payers. Kept a while, so that it can be taken again."""

    __tablename__ = "payment_webhook_event"
    __table_args__ = (
        UniqueConstraint("account", "ref"),
        Index("payment_webhook_event_at", "received_at"),
        access(worker(), platform("SELECT (id, account, ref, kind, received_at, taken_at)")),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    account: str = Field(sa_type=Text)  # "platform", or the tenant whose own account it is
    ref: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    payload: bytes = sealed("payment_webhook_event.payload")
    received_at: Moment = required_moment()
    taken_at: Moment | None = moment(optional=True)
