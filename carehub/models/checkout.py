"""Paying for something: what was quoted, what it is paid with, what became of it. DI-046, DI-064, MC-077."""

import enum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from carehub.core.rls import Access, booking, mine, platform, staff
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


class CheckoutKind(enum.StrEnum):
    BOOKING = "booking"
    PACKAGE = "package"


class CheckoutState(enum.StrEnum):
    OPEN = "open"  # the person chooses
    PAYING = "paying"  # coins are set aside, the card's answer is awaited
    HELD = "held"  # booked: all is set aside
    CAPTURED = "captured"  # the appointment is done, or its fee was taken
    RELEASED = "released"  # given back in full
    LOST = "lost"  # the time was taken meanwhile; given back in full
    EXPIRED = "expired"  # never finished; given back in full


class PartKind(enum.StrEnum):
    COINS = "coins"
    CARD = "card"
    SESSION = "session"  # of a package


ALIVE = "state IN ('open', 'paying')"


class Checkout(TenantOwned, table=True):
    """`price_minor` is what it costs, `due_minor` what is paid now; `kept_minor` of it is the organisation's once it is settled."""

    __table_args__ = (
        one_of("kind", CheckoutKind),
        one_of("state", CheckoutState),
        CheckConstraint("due_minor BETWEEN 0 AND price_minor AND kept_minor BETWEEN 0 AND total_minor", name="amounts"),
        Index("checkout_alive", "expires_at", postgresql_where=text(ALIVE)),
        Index("checkout_of_appointment", "tenant_id", "appointment_id"),
        Index("checkout_held", "ends_at", postgresql_where=text("state = 'held'")),
        Index("checkout_of_person", "person_id"),
        UniqueConstraint("tenant_id", "slot_hold_id"),
        within_tenant("practitioner_id", "practitioner"),
        within_tenant("service_id", "service"),
        within_tenant("promo_id", "promo_code"),
        within_tenant("package_id", "package"),
        access(
            staff("SELECT, UPDATE"),
            mine("SELECT (tenant_id, id, person_id, state, kind, expires_at)"),
            booking("SELECT, INSERT, UPDATE"),
            Access("ch_worker", "SELECT (tenant_id, id, state, kind, expires_at, ends_at)", "true"),
            platform("SELECT (tenant_id, id, kind, price_minor, due_minor, kept_minor, currency, state, created_at)"),
        ),
    )

    kind: str = Field(sa_type=Text)
    person_id: UUID = Field(foreign_key="person.id")
    practitioner_id: UUID | None = None
    service_id: UUID
    package_id: UUID | None = None
    slot_hold_id: UUID | None = None  # the kept time, until it is an appointment
    form: bytes | None = sealed("checkout.form", optional=True)  # until the appointment is written
    starts_at: Moment | None = moment(optional=True)
    ends_at: Moment | None = moment(optional=True)
    mode: str = words()
    promo_id: UUID | None = None
    use_session: bool = True
    price_minor: int
    due_minor: int
    total_minor: int = 0  # what all its parts are worth
    kept_minor: int = 0
    currency: str = Field(sa_type=Text)
    coin_minor: int  # what a coin was worth when it was quoted
    lines: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    state: str = Field(default=CheckoutState.OPEN, sa_type=Text)
    appointment_id: UUID | None = None
    expires_at: Moment = required_moment()
    created_at: Moment = required_moment()


class CheckoutPart(TenantOwned, table=True):
    """What one means of payment gives: `amount` in its own units (coins, or minor units of money), set aside in `hold_id`."""

    __tablename__ = "checkout_part"
    __table_args__ = (
        one_of("kind", PartKind),
        CheckConstraint("amount > 0 AND kept BETWEEN 0 AND amount", name="amounts"),
        Index("checkout_part_of", "tenant_id", "checkout_id"),
        Index("checkout_part_payment", "tenant_id", "payment_id"),
        within_tenant("checkout_id", "checkout"),
        within_tenant("session_id", "package_session"),
        access(staff("SELECT, UPDATE, DELETE"), booking("SELECT, INSERT, UPDATE, DELETE")),
    )

    checkout_id: UUID
    kind: str = Field(sa_type=Text)
    currency: str = Field(sa_type=Text)
    amount: int = Field(sa_type=BigInteger)
    kept: int = Field(default=0, sa_type=BigInteger)
    hold_id: UUID | None = None
    payment_id: UUID | None = None
    session_id: UUID | None = None
    created_at: Moment = required_moment()
