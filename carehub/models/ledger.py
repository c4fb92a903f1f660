"""One double-entry ledger: accounts, transactions, entries, holds. DI-088..DI-104, docs/decisions/0020-ledger.md.

Nobody writes these tables but the functions of the migration (ledger_post, ledger_hold, ledger_capture, ledger_release,
ledger_refund), which run as their owner within the session's tenant; ch_money may call them.
"""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from carehub.core.rls import OWN_TENANT, Access, mine, staff
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, required_moment, within_tenant, words

NO_LOT = UUID(int=0)


class Booked(TenantOwned):
    """A row of the books. Its accounts prove the tenant: a reference of its own would have every move of an organisation lock
    that organisation's one row, and moves side by side would queue for it."""

    tenant_id: UUID = Field(primary_key=True)


class AccountKind(enum.StrEnum):
    """What stands on an account; whose it is follows from the kind."""

    COINS = "coins"  # a person's, bought
    BONUS = "bonus"  # a person's, given: each lot an account of its own, with its end
    HELD = "held"  # a person's, set aside until a service is done
    EARNING = "earning"  # a practitioner's share, not yet free to be paid out
    PAYABLE = "payable"  # a practitioner's share, free to be paid out
    PAYOUT = "payout"  # a practitioner's share, asked for and on its way
    REVENUE = "revenue"  # the organisation's share
    PLATFORM = "platform"  # CareHub's share
    ISSUED = "issued"  # the counterpart of every coin that exists: negative
    EXPIRED = "expired"  # bonus coins that nobody used
    ADJUSTMENT = "adjustment"  # the counterpart of corrections by hand
    TAX = "tax"  # what the organisation withheld for the state


OF_PERSONS = (AccountKind.COINS, AccountKind.BONUS, AccountKind.HELD)
OF_PRACTITIONERS = (AccountKind.EARNING, AccountKind.PAYABLE, AccountKind.PAYOUT)


class HoldState(enum.StrEnum):
    OPEN = "open"
    CAPTURED = "captured"
    RELEASED = "released"
    EXPIRED = "expired"


class AdjustmentState(enum.StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


def money() -> tuple[Access, ...]:
    """The ledger's own role reads; the functions write as the owner, whom FORCE binds to the session's tenant too."""
    return Access("ch_money", "SELECT"), Access("ch_owner", "SELECT, INSERT, UPDATE", OWN_TENANT)


class LedgerAccount(TenantOwned, table=True):
    """`balance` is what its entries sum to, kept by ledger_post and by nobody else; `floor` is how far it may fall."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("tenant_id", "owner_id", "kind", "currency", "lot", "shard"),
        one_of("kind", AccountKind),
        CheckConstraint("floor IS NULL OR balance >= floor", name="floor"),
        CheckConstraint("currency ~ '^[A-Z]{3,4}$'", name="currency"),
        # no index may look at the balance: a move then rewrites the row in its own page and touches no index
        Index("ledger_account_ending", "expires_at", postgresql_where=text("kind = 'bonus'")),
        access(
            *money(),
            staff("SELECT"),
            mine(column="owner_id"),
            Access("ch_worker", "SELECT (tenant_id, id, kind, balance, expires_at)", "true"),
        ),
    )

    owner_id: UUID  # a person, a practitioner, the tenant, or nobody (CareHub)
    kind: str = Field(sa_type=Text)
    currency: str = Field(sa_type=Text)  # COIN, or ISO 4217
    lot: UUID = Field(default=NO_LOT)
    shard: int = Field(default=0, sa_type=SmallInteger)
    balance: int = Field(default=0, sa_type=BigInteger)
    floor: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    expires_at: Moment | None = moment(optional=True)
    created_at: Moment = moment()


class LedgerTransaction(Booked, table=True):
    """One posting. `key` makes it happen once: the same key with the same request is answered, with another one refused."""

    __tablename__ = "ledger_transaction"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        Index("ledger_transaction_of", "tenant_id", "reference"),
        access(*money(), staff("SELECT")),
    )

    key: str = Field(sa_type=Text)
    request_hash: bytes = Field(sa_type=LargeBinary)
    kind: str = Field(sa_type=Text)
    reference: str = words()  # what it is for: "appointment:<id>"
    person_id: UUID | None = None  # who caused it
    memo: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    at: Moment = required_moment()


class LedgerEntry(SQLModel, table=True):
    """One leg. Never changed, never deleted; the entries of a transaction sum to zero in one currency."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        within_tenant("transaction_id", "ledger_transaction"),
        within_tenant("account_id", "ledger_account"),
        CheckConstraint("amount <> 0", name="amount"),
        Index("ledger_entry_of_account", "tenant_id", "account_id", text("transaction_id DESC")),
        Index("ledger_entry_of_owner", "tenant_id", "owner_id", "currency", text("transaction_id DESC")),
        access(*money(), staff("SELECT")),
    )

    tenant_id: UUID = Field(primary_key=True)
    transaction_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=SmallInteger)
    account_id: UUID
    owner_id: UUID
    kind: str = Field(sa_type=Text)  # of the account
    currency: str = Field(sa_type=Text)
    amount: int = Field(sa_type=BigInteger)
    balance_after: int = Field(sa_type=BigInteger)


class LedgerHold(Booked, table=True):
    """Set aside for a service: captured in full or in part, released, or expired, exactly once; then refunded at most up to
    what was captured. `sources` in the order in which they were drawn, with what each gave."""

    __tablename__ = "ledger_hold"
    __table_args__ = (
        within_tenant("held_id", "ledger_account"),
        one_of("state", HoldState),
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint(
            "amount > 0 AND captured BETWEEN 0 AND amount AND refunded BETWEEN 0 AND captured", name="bounds"
        ),
        Index("ledger_hold_open", "expires_at", postgresql_where=text("state = 'open'")),
        Index("ledger_hold_of", "tenant_id", "reference"),
        access(
            *money(),
            staff("SELECT"),
            Access("ch_worker", "SELECT (tenant_id, id, state, expires_at)", "true"),
        ),
    )

    key: str = Field(sa_type=Text)
    owner_id: UUID
    held_id: UUID
    currency: str = Field(sa_type=Text)
    sources: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    amounts: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    amount: int = Field(sa_type=BigInteger)
    captured: int = Field(default=0, sa_type=BigInteger)
    refunded: int = Field(default=0, sa_type=BigInteger)
    shares: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    state: str = Field(default=HoldState.OPEN, sa_type=Text)
    purpose: str = Field(sa_type=Text)
    reference: str = words()
    expires_at: datetime = Field(sa_type=TIMESTAMP(timezone=True), nullable=False)
    resolved_at: Moment | None = moment(optional=True)
    created_at: Moment = required_moment()


class SplitRule(TenantOwned, table=True):
    """Who gets what of a captured amount, from a moment on; the newest that has begun counts. Never changed, only followed."""

    __tablename__ = "split_rule"
    __table_args__ = (
        within_tenant("service_id", "service", ondelete="CASCADE"),
        CheckConstraint(
            "tenant_points BETWEEN 0 AND 10000 AND platform_points BETWEEN 0 AND 10000"
            " AND tenant_points + platform_points <= 10000",
            name="points",
        ),
        Index("split_rule_newest", "tenant_id", "service_id", text("valid_from DESC")),
        access(staff("SELECT, INSERT"), Access("ch_money", "SELECT"), audited=()),
    )

    service_id: UUID | None = None  # none: every service that has no rule of its own
    tenant_points: int = 2000  # hundredths of a per cent
    platform_points: int = 0
    valid_from: Moment = required_moment()
    created_by: UUID | None = None
    created_at: Moment = moment()


class LedgerAdjustment(TenantOwned, table=True):
    """A correction of a person's coins by hand: asked by one person with a reason, answered by another."""

    __tablename__ = "ledger_adjustment"
    __table_args__ = (
        one_of("state", AdjustmentState),
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("answered_by IS NULL OR answered_by <> asked_by", name="two_people"),
        access(staff("SELECT, INSERT, UPDATE"), audited=()),
    )

    owner_id: UUID
    amount: int = Field(sa_type=BigInteger)
    reason: str = Field(sa_type=Text)
    state: str = Field(default=AdjustmentState.ASKED, sa_type=Text)
    asked_by: UUID
    answered_by: UUID | None = None
    answered_at: Moment | None = moment(optional=True)
    created_at: Moment = moment()
