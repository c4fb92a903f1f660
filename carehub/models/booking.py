"""Practitioners, services, availability, appointments: what is booked. Names follow FHIR where it has one."""

import enum
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, TIMESTAMP, CheckConstraint, Computed, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlmodel import Field

from carehub.core.rls import ALL, OWN_TENANT, PERSON, Access, anyone, booking, mine, staff, worker
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, required_moment, within_tenant
from carehub.models.identity import RegistrationKind

_PUBLISHED = "visibility = 'published' AND active"
_OWN_APPOINTMENTS = f"SELECT {{}} FROM appointment WHERE person_id = {PERSON}"  # noqa: S608 -- a client keeps seeing whom they booked


class Visibility(enum.StrEnum):
    PUBLISHED = "published"
    HIDDEN = "hidden"


class ConfirmationMode(enum.StrEnum):
    INSTANT = "instant"
    REQUEST = "request"


class Practitioner(TenantOwned, table=True):
    """Someone who receives people: practitioner, expert, coach or partner. May have no account (person_id null)."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "slug"),
        one_of("visibility", Visibility),
        one_of("confirmation", ConfirmationMode),
        one_of("registration_kind", RegistrationKind),
        within_tenant("site_id", "site"),
        access(
            staff(),
            Access("ch_public", "SELECT", _PUBLISHED),
            Access(
                "ch_me", "SELECT", f"({_PUBLISHED}) OR id = ANY(ARRAY({_OWN_APPOINTMENTS.format('practitioner_id')}))"
            ),
            booking("SELECT"),
            audited=(),
        ),
    )

    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    slug: str = Field(sa_type=Text)
    honorific: str = Field(default="", sa_type=Text)  # Dr, Pr
    given_name: str = Field(sa_type=Text)
    family_name: str = Field(sa_type=Text)
    headline: str = Field(default="", sa_type=Text)
    biography: str = Field(default="", sa_type=Text)
    specialities: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    languages: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))  # ISO 639-1
    registration_kind: str = Field(default=RegistrationKind.NONE, sa_type=Text)
    registration_number: str = Field(default="", sa_type=Text)
    certifications: str = Field(default="", sa_type=Text)
    practising_since: int | None = None  # year
    photo_file_id: UUID | None = None
    colour: int = 1  # 1 to 8, the `cat-` classes
    site_id: UUID | None = None
    time_zone: str = Field(default="Europe/Paris", sa_type=Text)
    confirmation: str = Field(default=ConfirmationMode.INSTANT, sa_type=Text)
    visibility: str = Field(default=Visibility.PUBLISHED, sa_type=Text)
    accepts_new: bool = True
    works_on_holidays: bool = False
    rating_sum: int = 0  # of reviews, 1 to 5 each; the reviews domain keeps it
    rating_count: int = 0
    position: int = 0
    active: bool = True
    created_at: Moment = moment()


class Mode(enum.StrEnum):
    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"


class Service(TenantOwned, table=True):
    """What can be booked (FHIR HealthcareService). Durations in minutes, price in the tenant's currency's minor unit."""

    __table_args__ = (
        CheckConstraint("duration_minutes BETWEEN 5 AND 1440", name="duration"),
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("buffer_before >= 0 AND buffer_after >= 0", name="buffers"),
        CheckConstraint("cardinality(modes) > 0", name="modes"),
        access(
            staff(),
            Access("ch_public", "SELECT", "active"),
            Access("ch_me", "SELECT", f"active OR id = ANY(ARRAY({_OWN_APPOINTMENTS.format('service_id')}))"),
            booking("SELECT"),
            audited=(),
        ),
    )

    name: str = Field(sa_type=Text)
    names: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)  # by locale, over `name`
    description: str = Field(default="", sa_type=Text)
    duration_minutes: int
    price_minor: int
    modes: list[str] = Field(sa_type=ARRAY(Text))
    buffer_before: int = 0
    buffer_after: int = 0
    minimum_notice: int = 120  # minutes before the start until which it can be booked online
    horizon_days: int = 60
    daily_cap: int | None = None  # appointments of this service a practitioner takes in a day
    slot_step: int | None = None  # minutes between offered starts; none: the duration
    is_public: bool = True  # false: only staff book it
    position: int = 0
    active: bool = True
    created_at: Moment = moment()


class ServicePractitioner(TenantOwned, table=True):
    """Who offers a service, at a price or length of their own if not the service's."""

    __tablename__ = "service_practitioner"
    __table_args__ = (
        UniqueConstraint("tenant_id", "service_id", "practitioner_id"),
        Index("service_practitioner_by_practitioner", "tenant_id", "practitioner_id"),
        within_tenant("service_id", "service", ondelete="CASCADE"),
        within_tenant("practitioner_id", "practitioner", ondelete="CASCADE"),
        access(staff(), *anyone(), booking("SELECT")),
    )

    service_id: UUID
    practitioner_id: UUID
    price_minor: int | None = None
    duration_minutes: int | None = None


class AvailabilityRule(TenantOwned, table=True):
    """Weekly opening in the practitioner's own time zone. Monday is 0."""

    __tablename__ = "availability_rule"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("starts < ends", name="order"),
        Index("availability_rule_by_practitioner", "tenant_id", "practitioner_id"),
        within_tenant("practitioner_id", "practitioner", ondelete="CASCADE"),
        within_tenant("site_id", "site"),
        access(staff(), booking("SELECT"), audited=()),
    )

    practitioner_id: UUID
    weekday: int
    starts: time
    ends: time  # the same day; 23:59 reads as midnight
    site_id: UUID | None = None
    modes: list[str] | None = Field(default=None, sa_type=ARRAY(Text))  # none: all of the service's
    valid_from: date | None = None
    valid_until: date | None = None  # inclusive


class ExceptionKind(enum.StrEnum):
    CLOSED = "closed"
    OPEN = "open"


class AvailabilityException(TenantOwned, table=True):
    """Closed (absence, holiday) or opened besides the weekly rules, in the practitioner's wall time."""

    __tablename__ = "availability_exception"
    __table_args__ = (
        one_of("kind", ExceptionKind),
        CheckConstraint("starts < ends", name="order"),
        Index("availability_exception_by_practitioner", "tenant_id", "practitioner_id", "starts"),
        within_tenant("practitioner_id", "practitioner", ondelete="CASCADE"),
        access(staff(), booking("SELECT (tenant_id, id, practitioner_id, kind, starts, ends, site_id)"), audited=()),
    )

    practitioner_id: UUID
    kind: str = Field(sa_type=Text)
    starts: datetime = Field(sa_type=TIMESTAMP)
    ends: datetime = Field(sa_type=TIMESTAMP)
    site_id: UUID | None = None
    reason: str = Field(default="", sa_type=Text)  # for staff only


class QuestionKind(enum.StrEnum):
    TEXT = "text"
    PARAGRAPH = "paragraph"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"


class IntakeQuestion(TenantOwned, table=True):
    """Asked when a service is booked. `labels` and `choices` are by locale, with the tenant's own as fallback."""

    __tablename__ = "intake_question"
    __table_args__ = (
        one_of("kind", QuestionKind),
        Index("intake_question_by_service", "tenant_id", "service_id", "position"),
        within_tenant("service_id", "service", ondelete="CASCADE"),
        access(staff(), booking("SELECT"), audited=()),
    )

    service_id: UUID
    position: int = 0
    kind: str = Field(default=QuestionKind.TEXT, sa_type=Text)
    label: str = Field(sa_type=Text)
    labels: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    choices: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    required: bool = False
    active: bool = True


class Patient(TenantOwned, table=True):
    """A tenant's patient or client (FHIR Patient). E-mail and phone are encrypted with the tenant's key (CD-130)."""

    __table_args__ = (
        Index("patient_by_name", "tenant_id", "family_name", "given_name", "id"),
        Index("patient_by_norm", "tenant_id", "norm"),
        Index("patient_by_email", "tenant_id", "email_index"),
        Index("patient_by_phone", "tenant_id", "phone_index"),
        Index(
            "patient_of_person", "tenant_id", "person_id", unique=True, postgresql_where=text("person_id IS NOT NULL")
        ),
        access(
            staff(),
            mine(),
            Access(
                "ch_auth", "SELECT (tenant_id, id, person_id, email_index)", "person_id IS NULL"
            ),  # whose guest was it
            booking(
                "SELECT (tenant_id, id, person_id, given_name, family_name, email_index, email, locale), INSERT,"
                " UPDATE (person_id, phone, phone_index)"
            ),
            audited=("email", "phone", "email_index", "phone_index", "birth_date"),
        ),
    )

    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    given_name: str = Field(sa_type=Text)
    family_name: str = Field(sa_type=Text)
    email: bytes | None = Field(default=None, sa_type=LargeBinary)
    email_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    birth_date: date | None = None
    locale: str = Field(default="fr", sa_type=Text)
    created_at: Moment = moment()
    norm: str = Field(  # what a search by name compares
        sa_type=Text,
        default=None,
        sa_column_args=(Computed("f_norm(given_name || ' ' || family_name)", persisted=True),),
    )


class AppointmentStatus(enum.StrEnum):
    """FHIR Appointment.status, with `declined` for a request that the practitioner refused."""

    PENDING = "pending"  # requested, the practitioner has not answered
    PROPOSED = "proposed"  # the practitioner proposed other times, the client has not answered
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    NOSHOW = "noshow"
    CANCELLED = "cancelled"
    DECLINED = "declined"


BUSY = (
    AppointmentStatus.PENDING,
    AppointmentStatus.PROPOSED,
    AppointmentStatus.BOOKED,
    AppointmentStatus.ARRIVED,
    AppointmentStatus.FULFILLED,
)
_BUSY_SQL = "status IN ('pending', 'proposed', 'booked', 'arrived', 'fulfilled')"


class Source(enum.StrEnum):
    ONLINE = "online"
    GUEST = "guest"
    STAFF = "staff"
    API = "api"


class Appointment(TenantOwned, table=True):
    """One booking. The exclusion constraint is the last word against double booking; local time and zone survive tz updates."""

    __table_args__ = (
        one_of("status", AppointmentStatus),
        one_of("mode", Mode),
        one_of("source", Source),
        CheckConstraint("starts_at < ends_at", name="order"),
        ExcludeConstraint(
            ("tenant_id", "="),
            ("practitioner_id", "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            where=text(_BUSY_SQL),
            using="gist",
            name="appointment_no_overlap",
        ),
        Index("appointment_agenda", "tenant_id", "practitioner_id", "starts_at"),
        Index(
            "appointment_busy",
            *("tenant_id", "practitioner_id", "starts_at"),
            postgresql_include=["ends_at", "service_id", "id"],
            postgresql_where=text(_BUSY_SQL),
        ),
        Index("appointment_by_day", "tenant_id", "starts_at"),
        Index("appointment_by_status", "tenant_id", "status", "starts_at"),
        Index("appointment_of_person", "person_id", "starts_at"),
        Index("appointment_of_patient", "tenant_id", "patient_id", "starts_at"),
        within_tenant("practitioner_id", "practitioner"),
        within_tenant("service_id", "service"),
        within_tenant("site_id", "site"),
        within_tenant("patient_id", "patient"),
        access(staff(), mine(), booking("SELECT, INSERT, UPDATE"), audited=()),
    )

    practitioner_id: UUID
    service_id: UUID
    site_id: UUID | None = None
    patient_id: UUID
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    status: str = Field(sa_type=Text)
    mode: str = Field(sa_type=Text)
    starts_at: Moment = required_moment()
    ends_at: Moment = required_moment()
    local_start: datetime = Field(sa_type=TIMESTAMP)  # wall time in time_zone
    time_zone: str = Field(sa_type=Text)
    price_minor: int
    currency: str = Field(sa_type=Text)
    source: str = Field(default=Source.ONLINE, sa_type=Text)
    cancelled_by: str = Field(default="", sa_type=Text)  # client, staff, system
    reason: str = Field(default="", sa_type=Text)  # of a refusal or cancellation, as told to the other side
    sequence: int = 0  # grows at each change that the calendar file must announce (RFC 5545)
    created_at: Moment = moment()
    updated_at: Moment = moment()


class ProposalStatus(enum.StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class AppointmentProposal(TenantOwned, table=True):
    """Another time that the practitioner proposes for a requested appointment (DI-045)."""

    __tablename__ = "appointment_proposal"
    __table_args__ = (
        one_of("status", ProposalStatus),
        Index("appointment_proposal_by_appointment", "tenant_id", "appointment_id"),
        within_tenant("appointment_id", "appointment", ondelete="CASCADE"),
        access(
            staff(),
            booking("SELECT, UPDATE (status)"),
            Access("ch_me", "SELECT", f"appointment_id = ANY(ARRAY({_OWN_APPOINTMENTS.format('id')}))"),
        ),
    )

    appointment_id: UUID
    starts_at: Moment = required_moment()
    ends_at: Moment = required_moment()
    status: str = Field(default=ProposalStatus.OPEN, sa_type=Text)
    created_at: Moment = moment()


class AppointmentEvent(TenantOwned, table=True):
    """An appointment's history: who did what, when. Append-only."""

    __tablename__ = "appointment_event"
    __table_args__ = (
        Index("appointment_event_by_appointment", "tenant_id", "appointment_id", "at"),
        within_tenant("appointment_id", "appointment", ondelete="CASCADE"),
        access(staff("SELECT, INSERT"), booking("INSERT")),
    )

    appointment_id: UUID
    at: Moment = moment()
    kind: str = Field(sa_type=Text)  # requested, booked, accepted, declined, proposed, moved, cancelled, arrived, ...
    by: str = Field(default="", sa_type=Text)  # client, staff, system
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


class SlotHold(TenantOwned, table=True):
    """A slot kept for someone who fills the form. Lapses by itself; booking takes it away."""

    __tablename__ = "slot_hold"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("slot_hold_by_practitioner", "tenant_id", "practitioner_id", "starts_at"),
        Index("slot_hold_expiry", "tenant_id", "expires_at"),
        within_tenant("practitioner_id", "practitioner", ondelete="CASCADE"),
        within_tenant("service_id", "service", ondelete="CASCADE"),
        access(staff(), booking(ALL), worker("SELECT, DELETE")),
    )

    practitioner_id: UUID
    service_id: UUID
    mode: str = Field(sa_type=Text)
    starts_at: Moment = required_moment()
    ends_at: Moment = required_moment()
    token_hash: bytes = Field(sa_type=LargeBinary, unique=False)
    expires_at: Moment = required_moment()
    created_at: Moment = moment()


class IntakeAnswer(TenantOwned, table=True):
    """What a client answered, encrypted. Clinical: only ch_care reads it; a booking may only write it."""

    __tablename__ = "intake_answer"
    __table_args__ = (
        Index("intake_answer_by_appointment", "tenant_id", "appointment_id"),
        within_tenant("appointment_id", "appointment", ondelete="CASCADE"),
        within_tenant("question_id", "intake_question"),
        access(
            Access("ch_care", "SELECT, INSERT", OWN_TENANT),
            booking("INSERT"),
            clinical=True,
            audited=("answer",),
        ),
    )

    appointment_id: UUID
    question_id: UUID | None = None  # none: the free note of the booking form
    answer: bytes = Field(sa_type=LargeBinary)
    created_at: Moment = moment()
