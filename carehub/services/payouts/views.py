"""What pages show of earnings and payouts. Amounts in minor units of `currency`, dates as ISO 8601."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ServiceEarning:
    name: str  # of the service; empty for a use, which `purpose` names
    purpose: str
    count: int
    share_minor: int


@dataclass(frozen=True)
class Week:
    first: str
    share_minor: int


@dataclass(frozen=True)
class Check:
    """One condition of a payout: `ok`, or what lacks."""

    kind: str  # identity, bank, tax
    ok: bool
    note: str = ""


@dataclass(frozen=True)
class PayoutView:
    id: str
    number: str
    practitioner: str
    currency: str
    gross_minor: int
    vat_minor: int
    withheld_minor: int
    net_minor: int
    without_vat_minor: int
    vat_points: int
    withholding_points: int
    coins: int
    coin_minor: int
    money_minor: int
    regime: str
    holder: str
    iban_hint: str
    state: str
    reason: str
    two_people: bool
    own: bool  # of who looks: somebody else must approve it
    first_by: str
    second_by: str
    batch_id: str
    batch: str
    created_at: str
    paid_at: str
    checks: list[Check] = field(default_factory=list)
    services: list[ServiceEarning] = field(default_factory=list)


@dataclass(frozen=True)
class EarningsView:
    """`paid_minor` is what clients paid this month, `commission_minor` what was kept of it, `share_minor` the rest. `available_minor`
    can be asked for now; `maturing_minor` becomes so `days` after the service; `held_minor` waits for the service itself."""

    practitioner: str
    currency: str
    month: str
    paid_minor: int
    commission_minor: int
    share_minor: int
    available_minor: int
    maturing_minor: int
    held_minor: int
    held_count: int
    on_its_way_minor: int
    days: int
    minimum_minor: int
    coin_minor: int
    regime: str
    without_vat_minor: int
    vat_minor: int
    withheld_minor: int
    net_minor: int
    vat_points: int
    withholding_points: int
    iban_hint: str
    services: list[ServiceEarning] = field(default_factory=list)
    weeks: list[Week] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    payouts: list[PayoutView] = field(default_factory=list)
    done_ever: int = 0  # consultations that took place, ever and this month (DI-022)
    done_month: int = 0
    ever_paid_minor: int = 0  # all that clients paid for them, and the share of it
    ever_share_minor: int = 0


@dataclass(frozen=True)
class YearLine:
    practitioner: str
    currency: str
    count: int
    gross_minor: int
    vat_minor: int
    withheld_minor: int
    net_minor: int


@dataclass(frozen=True)
class TaxRuleView:
    """A rate that counts today. `own`: the organisation's, over the country's."""

    kind: str
    country: str
    per_cent: str
    valid_from: str
    own: bool


@dataclass(frozen=True)
class PaymentFile:
    name: str
    content: bytes
    media_type: str
