"""What an appointment costs besides its service's price: hours that cost less, codes, sessions bought together. MC-145..147, SQ-064."""

import enum
from datetime import date, time
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, SmallInteger, Text, UniqueConstraint, text
from sqlmodel import Field

from carehub.core.rls import anyone, booking, mine, staff
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, required_moment, within_tenant, words


class PriceRule(TenantOwned, table=True):
    """Between two hours of some weekdays a service costs `percent` more or, negative, less (SQ-064). Monday is 0."""

    __tablename__ = "price_rule"
    __table_args__ = (
        CheckConstraint("starts < ends", name="order"),
        CheckConstraint("percent BETWEEN -90 AND 100 AND percent <> 0", name="percent"),
        Index("price_rule_active", "tenant_id", postgresql_where=text("active")),
        within_tenant("service_id", "service", ondelete="CASCADE"),
        access(staff(), booking("SELECT"), audited=()),
    )

    name: str = Field(sa_type=Text)
    service_id: UUID | None = None  # none: every service
    weekdays: list[int] = Field(sa_type=ARRAY(SmallInteger))
    starts: time  # of the appointment's start, in the practitioner's wall time
    ends: time  # excluded
    percent: int
    valid_from: date | None = None
    valid_until: date | None = None  # inclusive
    active: bool = True
    created_at: Moment = moment()


class PromoCode(TenantOwned, table=True):
    """A code that takes a percentage or an amount off (MC-145, MC-146). Exactly one of `percent` and `amount_minor` is set."""

    __tablename__ = "promo_code"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        CheckConstraint(
            "(percent BETWEEN 1 AND 100 AND amount_minor IS NULL) OR (percent IS NULL AND amount_minor > 0)",
            name="takes",
        ),
        within_tenant("service_id", "service", ondelete="CASCADE"),
        access(staff(), booking("SELECT, UPDATE (used)"), audited=()),
    )

    code: str = Field(sa_type=Text)  # in capitals
    percent: int | None = None
    amount_minor: int | None = None
    service_id: UUID | None = None
    first_visit: bool = False  # only who has never had an appointment here
    valid_from: date | None = None
    valid_until: date | None = None  # inclusive
    per_person: int | None = None
    in_all: int | None = None
    used: int = 0  # times it counts now: given back when what it was used for is cancelled in time
    active: bool = True
    created_at: Moment = moment()


class Package(TenantOwned, table=True):
    """Several sessions of one service for less than one by one (MC-147)."""

    __table_args__ = (
        CheckConstraint("sessions BETWEEN 2 AND 50", name="sessions"),
        CheckConstraint("price_minor > 0", name="price"),
        within_tenant("service_id", "service", ondelete="CASCADE"),
        access(staff(), *anyone("SELECT", "active"), booking("SELECT"), audited=()),
    )

    name: str = Field(sa_type=Text)
    description: str = words()
    service_id: UUID
    sessions: int
    price_minor: int
    months: int | None = None  # from the purchase; none: without an end
    active: bool = True
    created_at: Moment = moment()


class SessionState(enum.StrEnum):
    FREE = "free"  # paid and not booked
    TAKEN = "taken"  # an appointment stands on it
    USED = "used"
    RETURNED = "returned"  # its money went back


class PackageSession(TenantOwned, table=True):
    """One paid session of a bought package. Its money waits in holds of its own (coins, money, or both) until it is used."""

    __tablename__ = "package_session"
    __table_args__ = (
        UniqueConstraint("tenant_id", "purchase_id", "seq"),
        one_of("state", SessionState),
        Index("package_session_of", "tenant_id", "person_id", "service_id", "state"),
        within_tenant("package_id", "package"),
        within_tenant("service_id", "service"),
        access(staff("SELECT, INSERT, UPDATE"), mine(), booking("SELECT, INSERT, UPDATE")),
    )

    package_id: UUID
    service_id: UUID
    person_id: UUID
    purchase_id: UUID  # all sessions of one purchase share it
    seq: int = Field(sa_type=SmallInteger)
    value_minor: int
    coins: int = 0
    coins_hold_id: UUID | None = None
    money_minor: int = 0
    money_hold_id: UUID | None = None
    payment_id: UUID | None = None  # that the money came by
    state: str = Field(default=SessionState.FREE, sa_type=Text)
    expires_at: Moment | None = moment(optional=True)
    created_at: Moment = required_moment()
