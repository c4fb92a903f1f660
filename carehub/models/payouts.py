"""What practitioners earned is paid to them: asked, approved, sent, or come back. DI-093..DI-098."""

import enum
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from carehub.core.rls import Access, platform, staff
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


class PayoutState(enum.StrEnum):
    ASKED = "asked"
    SECOND = "second"  # one approved; another person must too
    APPROVED = "approved"
    SENT = "sent"  # in a payment file
    PAID = "paid"
    REFUSED = "refused"
    FAILED = "failed"  # the bank did not take it
    RETURNED = "returned"  # it came back after it was paid


class TaxKind(enum.StrEnum):
    VAT = "vat"
    WITHHOLDING = "withholding"


class TaxRegime(enum.StrEnum):
    """Of a practitioner, by their approved tax status (DI-094, DI-095)."""

    VAT = "vat"  # charges VAT, nothing is withheld
    WITHHOLDING = "withholding"  # charges VAT, and tax is withheld
    EXEMPT = "exempt"


class TaxRule(TenantOwned, table=True):
    """A rate of the organisation's own, from a day on, over what services/payouts knows of its country."""

    __tablename__ = "tax_rule"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "country", "valid_from"),
        one_of("kind", TaxKind),
        CheckConstraint("points BETWEEN 0 AND 10000", name="points"),
        access(staff(), audited=()),
    )

    kind: str = Field(sa_type=Text)
    country: str = Field(sa_type=Text)
    points: int  # hundredths of a per cent
    valid_from: date
    created_at: Moment = moment()


class PayoutBatch(TenantOwned, table=True):
    """Payouts sent together in one file, once."""

    __tablename__ = "payout_batch"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        access(staff("SELECT, INSERT, UPDATE"), audited=()),
    )

    number: str = Field(sa_type=Text)
    currency: str = Field(sa_type=Text)
    count: int
    total_minor: int = Field(sa_type=BigInteger)
    pay_on: date
    made_by: UUID | None = None
    created_at: Moment = required_moment()


class Payout(TenantOwned, table=True):
    """`gross_minor` is the practitioner's share; `statement` how it became `net_minor`, with the rates of its day."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        one_of("state", PayoutState),
        one_of("regime", TaxRegime),
        CheckConstraint("gross_minor > 0 AND net_minor BETWEEN 0 AND gross_minor", name="amounts"),
        Index("payout_of", "tenant_id", "practitioner_id", "created_at"),
        Index("payout_by_state", "tenant_id", "state"),
        within_tenant("practitioner_id", "practitioner"),
        within_tenant("batch_id", "payout_batch"),
        access(
            staff("SELECT, INSERT, UPDATE"),
            Access("ch_money", "SELECT"),
            platform(
                "SELECT (tenant_id, id, number, practitioner_id, currency, gross_minor, net_minor, state, created_at)"
            ),
            audited=("iban", "holder"),
        ),
    )

    number: str = Field(sa_type=Text)
    practitioner_id: UUID
    currency: str = Field(sa_type=Text)
    coins: int = Field(default=0, sa_type=BigInteger)
    coin_minor: int = 0
    money_minor: int = Field(default=0, sa_type=BigInteger)
    gross_minor: int = Field(sa_type=BigInteger)
    vat_minor: int = Field(default=0, sa_type=BigInteger)
    withheld_minor: int = Field(default=0, sa_type=BigInteger)
    net_minor: int = Field(sa_type=BigInteger)
    regime: str = Field(sa_type=Text)
    statement: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    holder: str = words()
    iban: bytes = sealed("payout.iban")
    iban_hint: str = words()  # the last four
    state: str = Field(default=PayoutState.ASKED, sa_type=Text)
    reason: str = words()
    batch_id: UUID | None = None
    asked_by: UUID | None = None
    first_by: UUID | None = None
    second_by: UUID | None = None
    two_people: bool = False
    created_at: Moment = required_moment()
    decided_at: Moment | None = moment(optional=True)
    paid_at: Moment | None = moment(optional=True)
