"""Coins bought by card, what a person wishes of their wallet, what the nightly look at Stripe found. DI-088..DI-091, DI-103."""

import enum
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from carehub.core.rls import Access, mine, platform, staff
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, required_moment, within_tenant, words


class PurchaseState(enum.StrEnum):
    OPEN = "open"
    BOUGHT = "bought"
    FAILED = "failed"  # refused by the bank, or never finished
    DISPUTED = "disputed"  # the payer's bank takes it back: what is left of the coins is frozen
    REFUNDED = "refunded"
    LOST = "lost"  # a dispute that the payer won


def _money(privileges: str) -> Access:
    return Access("ch_money", privileges)


class CoinPurchase(TenantOwned, table=True):
    """Coins at a price. `returned`: coins that went back with their money; `owed`: coins that went back and were spent already: the
    next coins fill them first."""

    __tablename__ = "coin_purchase"
    __table_args__ = (
        one_of("state", PurchaseState),
        within_tenant("payment_id", "payment"),
        CheckConstraint(
            "coins > 0 AND price_minor > 0 AND returned BETWEEN 0 AND coins AND frozen BETWEEN 0 AND coins"
            " AND owed BETWEEN 0 AND coins",
            name="bounds",
        ),
        Index("coin_purchase_of_person", "tenant_id", "person_id", text("id DESC")),
        Index("coin_purchase_owed", "tenant_id", "person_id", postgresql_where=text("owed > 0")),
        access(
            _money("SELECT, INSERT, UPDATE"),
            mine(),
            staff("SELECT"),
            platform("SELECT (tenant_id, id, coins, price_minor, currency, state, created_at)"),
        ),
    )

    person_id: UUID = Field(foreign_key="person.id")
    coins: int
    coin_minor: int
    price_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    automatic: bool = False
    state: str = Field(default=PurchaseState.OPEN, sa_type=Text)
    returned: int = 0
    frozen: int = 0  # taken back until a dispute is decided
    owed: int = 0
    payment_id: UUID | None = None
    created_at: Moment = required_moment()
    bought_at: Moment | None = moment(optional=True)


class WalletSettings(TenantOwned, table=True):
    """When a person wants to hear that coins run low, and whether a saved card then buys more by itself."""

    __tablename__ = "wallet_settings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id"),
        CheckConstraint("alert_below >= 0 AND top_up_coins > 0 AND month_limit_minor > 0", name="bounds"),
        access(
            _money("SELECT, INSERT, UPDATE"),
            mine(),
            staff("SELECT, DELETE"),
            Access("ch_worker", "SELECT (tenant_id, id, person_id, alert_below, top_up)", "true"),
        ),
    )

    person_id: UUID = Field(foreign_key="person.id")
    alert_below: int = 0  # coins; 0: never
    top_up: bool = False
    top_up_coins: int = 50
    month_limit_minor: int = Field(sa_type=BigInteger)
    low_since: Moment | None = moment(optional=True)  # told, and not more again since
    updated_at: Moment = moment()


class DifferenceKind(enum.StrEnum):
    STATUS = "status"  # a payment had not followed what Stripe has; it does now
    AMOUNT = "amount"
    UNKNOWN = "unknown"  # money at Stripe that no payment of ours asked for
    MISSING = "missing"  # a payment of ours that Stripe does not have


class PaymentDifference(TenantOwned, table=True):
    """What the nightly comparison with Stripe found. `ours` and `theirs` in minor units of `currency`."""

    __tablename__ = "payment_difference"
    __table_args__ = (
        one_of("kind", DifferenceKind),
        UniqueConstraint("tenant_id", "ref", "kind"),
        Index("payment_difference_newest", "tenant_id", text("id DESC")),
        access(_money("SELECT, INSERT, UPDATE"), staff("SELECT")),
    )

    day: date
    kind: str = Field(sa_type=Text)
    ref: str = Field(sa_type=Text)  # Stripe's name of it, or the payment's id
    payment_id: UUID | None = None
    ours: int = Field(default=0, sa_type=BigInteger)
    theirs: int = Field(default=0, sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    note: str = words()
    mended: bool = False
    created_at: Moment = required_moment()
