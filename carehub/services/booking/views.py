"""What booking hands out: frozen, small, without rows. Times are ISO 8601; `local_` ones are wall time in `time_zone`."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SlotView:
    starts_at: str  # UTC, with offset
    local: str  # wall time in the practitioner's zone: 2026-11-21T11:15
    modes: list[str]


@dataclass(frozen=True)
class DayView:
    day: str  # 2026-11-21
    slots: list[SlotView]


@dataclass(frozen=True)
class QuestionView:
    id: str
    kind: str
    label: str
    choices: list[str]
    required: bool


@dataclass(frozen=True)
class OfferView:
    """A service as a client books it at one practitioner."""

    id: str
    name: str
    description: str
    duration_minutes: int
    price_minor: int
    currency: str
    modes: list[str]
    questions: list[QuestionView] = field(default_factory=list)
    late_minor: int = 0  # what cancelling late, and not coming, cost by the tenant's policy
    no_show_minor: int = 0


@dataclass(frozen=True)
class PractitionerOffers:
    """All that the booking panel needs about a practitioner."""

    tenant: str
    tenant_name: str
    practitioner_id: str
    practitioner: str
    slug: str
    time_zone: str
    confirmation: str
    accepts_new: bool
    guests: bool
    cancel_hours: int
    offers: list[OfferView]
    free_hours: int = 0  # before which cancelling costs nothing
    codes: bool = False  # promotions are going on


@dataclass(frozen=True)
class HoldView:
    """A slot kept for whoever has the token. The token goes to the holder only, never to a log.

    The ticket may stand in an address (the way through sign-in): it does not book, it only takes the same hold again.
    """

    token: str
    ticket: str
    tenant: str
    starts_at: str
    ends_at: str
    local_start: str
    time_zone: str
    mode: str
    service_id: str
    expires_at: str
    seconds: int


@dataclass(frozen=True)
class ProposalView:
    id: str
    starts_at: str
    local_start: str


@dataclass(frozen=True)
class AppointmentView:
    """One appointment, for its client and for staff. Who may read it was decided by the verb that hands it out."""

    id: str
    tenant: str  # slug
    tenant_name: str
    practitioner_id: str
    practitioner: str
    practitioner_slug: str
    colour: int
    service_id: str
    service: str
    patient_id: str
    patient: str
    status: str
    mode: str
    starts_at: str
    ends_at: str
    local_start: str
    local_end: str
    time_zone: str
    price_minor: int
    currency: str
    source: str
    reason: str
    cancelled_by: str
    address: str
    sequence: int
    tenant_phone: str = ""
    cancel_hours: int = 0  # the client's windows; zero where staff reads
    move_hours: int = 0
    can_cancel: bool = False
    can_move: bool = False
    proposals: list[ProposalView] = field(default_factory=list)
    service_names: dict[str, str] = field(default_factory=dict)  # by locale, over `service`


@dataclass(frozen=True)
class BookedView:
    appointment: AppointmentView
    manage_token: str


@dataclass(frozen=True)
class HistoryView:
    at: str
    kind: str
    by: str
    name: str
    details: dict[str, str]
    acting_for: str = ""  # the practitioner in whose name they did it


@dataclass(frozen=True)
class AnswerView:
    label: str
    answer: str
    labels: dict[str, str] = field(default_factory=dict)  # by locale, over `label`


@dataclass(frozen=True)
class AppointmentDetail:
    """The agenda's drawer."""

    appointment: AppointmentView
    history: list[HistoryView]
    email: str
    phone: str
    visits: int  # of this patient here, this one included
    last_visit: str
    next_statuses: list[str]
    can_change: bool


@dataclass(frozen=True)
class OpeningView:
    practitioner_id: str
    local_start: str
    local_end: str


@dataclass(frozen=True)
class ColumnView:
    """A practitioner as the agenda shows them."""

    id: str
    name: str
    colour: int
    time_zone: str
    own: bool


@dataclass(frozen=True)
class AgendaView:
    first: str
    last: str
    time_zone: str
    columns: list[ColumnView]
    appointments: list[AppointmentView]
    openings: list[OpeningView]


@dataclass(frozen=True)
class RuleView:
    """One weekly opening. Monday is 0; times are "09:00" in the practitioner's zone; `modes` empty: all of the service's."""

    id: str
    weekday: int
    starts: str
    ends: str
    modes: list[str]
    valid_from: str
    valid_until: str


@dataclass(frozen=True)
class HoursBlock:
    """A painted stretch of one day: weekly (of the typical week), extra (that day only), closed (absence) or holiday."""

    id: str
    kind: str
    local_start: str
    local_end: str
    label: str = ""
    modes: list[str] = field(default_factory=list)
    exception_id: str = ""


@dataclass(frozen=True)
class TakenView:
    """An appointment among the open hours; `outside` when no opening holds it any more."""

    id: str
    patient: str
    local_start: str
    local_end: str
    outside: bool


@dataclass(frozen=True)
class AvailabilityView:
    practitioner_id: str
    practitioner: str
    colour: int
    time_zone: str
    first: str
    weekly: list[RuleView]
    blocks: list[HoursBlock]
    taken: list[TakenView]
    open_minutes: int  # of the days shown
    modes: list[str]  # those that the practitioner's services know


@dataclass(frozen=True)
class AffectedView:
    """What a change of hours would leave outside: how many in the coming half year, and the first five."""

    count: int
    first: list[TakenView]


@dataclass(frozen=True)
class PatientHit:
    """A patient as a search shows them. `note` tells two of the same name apart."""

    id: str
    name: str
    birth_date: str
    note: str


@dataclass(frozen=True)
class PatientView:
    id: str
    given_name: str
    family_name: str
    email: str
    phone: str
    birth_date: str
    locale: str
    has_account: bool
    created_at: str
    visits: int
    missed: int
    last_visit: str
    next_visit: str  # wall time of that appointment
    appointments: list[AppointmentView]  # the latest 50
    pseudonym: bool = False  # names are not theirs in law; who they are opens to those who care for them
    bio: str = ""
    interests: list[str] = field(default_factory=list)
    portrait: str = ""  # address of their picture; empty: none


@dataclass(frozen=True)
class DeskOffer:
    """A service as staff books it, those that are not public included."""

    id: str
    name: str
    duration_minutes: int
    modes: list[str]
    price_minor: int
    currency: str


@dataclass(frozen=True)
class FrameView:
    """Whom the agenda may show, and whether its reader may change any of it."""

    time_zone: str
    columns: list[ColumnView]
    may_change: bool


@dataclass(frozen=True)
class RailBlock:
    """One appointment, or the half-hour of a whole practice. `share` of the strip's height, 0 to 100."""

    local_start: str
    local_end: str
    colour: int
    share: int


@dataclass(frozen=True)
class RailView:
    """The day in one strip. `next_` is empty when nothing comes any more today."""

    time_zone: str
    today: str
    next_patient: str
    next_start: str
    next_at: str  # the same moment, aware
    next_id: str
    count: int
    blocks: list[RailBlock]
