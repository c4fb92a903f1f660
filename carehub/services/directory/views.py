"""What the directory hands out: published facts only."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Start:
    """A free start: `at` is ISO in UTC, `time` the wall time in the practitioner's zone, `href` where it is booked."""

    at: str
    time: str
    href: str


@dataclass(frozen=True)
class Day:
    """One local day of free starts, filled up to three with empty places."""

    date: str
    starts: list[Start]
    rest: int  # free starts beyond those listed


@dataclass(frozen=True)
class Bar:
    """One day of the ribbon: `level` 0 (nothing free) to 4; `is_listed` when the day's hours are written out."""

    date: str
    free: int
    level: int
    is_listed: bool


@dataclass(frozen=True)
class Hit:
    """One practitioner in the list. Prices in minor units of `currency`; `distance` in metres, None without a place."""

    id: str
    number: int
    href: str
    name: str
    initials: str
    photo: str
    headline: str
    speciality: str  # msgid of the first speciality
    colour: int
    tenant: str
    tenant_name: str
    rating: float | None
    rating_count: int
    address: str
    city: str
    distance: int | None
    languages: list[str]  # msgids
    modes: list[str]
    verified: str
    price_minor: int | None
    currency: str
    accepts_new: bool
    next_at: str
    next_time: str  # wall time when it is today, else empty
    latitude: float | None
    longitude: float | None
    days: list[Day] = field(default_factory=list)
    ribbon: list[Bar] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """A page of hits. `total` is exact up to MOST_COUNTED, `is_more` says that there are more than it."""

    hits: list[Hit]
    total: int
    is_more: bool
    page: int
    pages: int
    corrected: str = ""  # the words searched instead of those typed, when a typo hid everything
    zone: str = ""  # the time zone of the hits when they share one


@dataclass(frozen=True)
class Suggestion:
    """One line under the search box: `kind` speciality, city or practitioner."""

    kind: str
    code: str
    label: str
    detail: str
    href: str
    weight: int
