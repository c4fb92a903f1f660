"""What pages show of figures. Amounts in minor units of their currency, days as ISO 8601."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Bar:
    """One bucket of a chart. `height` in percent of the highest."""

    first: str
    value: int
    height: int


@dataclass(frozen=True)
class Figure:
    """One measure over a period: its sum, how it changed in percent (`known`: there was something before), and its course.

    `currency` empty: a count.
    """

    measure: str
    currency: str
    total: int
    change: int
    known: bool
    bars: list[Bar]


@dataclass(frozen=True)
class TenantLine:
    """What one organisation brought in a period."""

    id: str
    name: str
    currency: str
    bookings: int
    consultations: int
    transactions: int
    revenue: int
    commission: int


@dataclass(frozen=True)
class Statistics:
    """`unit` is what a bar stands for: day, week, month. `counted_at` empty: nothing was counted yet."""

    period: str = "30"
    first: str = ""
    last: str = ""
    unit: str = "day"
    counted_at: str = ""
    counts: list[Figure] = field(default_factory=list)
    amounts: list[Figure] = field(default_factory=list)
    tenants: list[TenantLine] = field(default_factory=list)
