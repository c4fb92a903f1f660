"""What the directory hands out: published facts only."""

from dataclasses import dataclass, field

from carehub.services.profiles.views import Presented


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
    verified: str  # msgid of what CareHub has checked, empty: nothing
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


@dataclass(frozen=True)
class ServiceView:
    """A service anyone may book. `name` in the tenant's own words, `names` by locale over it; the price in minor units."""

    id: str
    name: str
    names: dict[str, str]
    description: str
    minutes: int
    price_minor: int
    modes: list[str]


@dataclass(frozen=True)
class Place:
    """Where people are received."""

    name: str
    address: str
    postcode: str
    city: str
    country: str
    latitude: float | None
    longitude: float | None
    phone: str
    notes: str


@dataclass(frozen=True)
class Opening:
    """One weekday (Monday is 0) and the hours on which someone receives, as "09:00"; several spans are one list."""

    weekday: int
    spans: list[str]


@dataclass(frozen=True)
class Profile:
    """One practitioner's public page."""

    hit: Hit
    biography: str
    since: int | None
    registration: str  # the register and the number as published: "RPPS 10101010101"
    specialities: list[str]  # msgids
    speciality_codes: list[str]
    services: list[ServiceView]
    places: list[Place]
    zone: str
    confirms_at_once: bool
    country: str
    locale: str
    for_all: bool  # False: for signed-in professionals only, so not booked online
    more: Presented | None = None
    asks: str = ""  # where a question is asked, for who answers them for coins


@dataclass(frozen=True)
class HomeBlockView:
    """A block of an organisation's page, in its owner's order. `title` and `text` are a text's."""

    kind: str
    title: str = ""
    text: str = ""


@dataclass(frozen=True)
class TenantHome:
    """An organisation's public page."""

    id: str
    slug: str
    name: str
    kind: str
    tagline: str
    about: str
    phone: str
    website: str
    logo: str
    locale: str
    currency: str
    country: str
    zone: str
    practitioners: list[Hit]
    services: list[ServiceView]
    places: list[Place]
    openings: list[Opening]
    blocks: list[HomeBlockView]

    def shows(self, kind: str) -> bool:
        return any(one.kind == kind for one in self.blocks)


@dataclass(frozen=True)
class BoardBlock:
    """A free start on the landing's day board: `at` is its place from 0 to 100 % of the hours drawn."""

    time: str
    href: str
    at: float


@dataclass(frozen=True)
class BoardRow:
    name: str
    initials: str
    colour: int
    photo: str
    speciality: str
    headline: str
    city: str
    href: str
    blocks: list[BoardBlock]


@dataclass(frozen=True)
class IndexEntry:
    """A link of the landing's index: `label` is a msgid for a speciality, a name for a city."""

    label: str
    href: str
    weight: int


@dataclass(frozen=True)
class IndexGroup:
    label: str
    links: list[IndexEntry]


@dataclass(frozen=True)
class Landing:
    """Live figures only: who is published, who is free today and when. `hours` are the board's, `now` the mark's place in it."""

    published: int
    free_today: int
    organisations: int
    board: list[BoardRow]
    board_city: str
    board_day: str
    hours: list[int]
    now_time: str
    now: float | None
    groups: list[IndexGroup]
    cities: list[IndexEntry]
