"""Practitioners, their services, open hours and questions: what a practice offers. Names follow FHIR where it has one."""

import enum
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ARRAY, TIMESTAMP, CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from carehub.core.rls import PERSON, Access, anyone, booking, staff
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, within_tenant
from carehub.models.identity import RegistrationKind

_PUBLISHED = "visibility = 'published' AND active"
# what a person says of themselves is read from the projection (directory_profile), which knows who may see which part
_NAMED = (
    "SELECT (tenant_id, id, person_id, slug, honorific, given_name, family_name, headline, specialities, photo_file_id, colour,"
    " site_id, time_zone, confirmation, visibility, accepts_new, works_on_holidays, rating_sum, rating_count, position, active)"
)
OWN_APPOINTMENTS = f"SELECT {{}} FROM appointment WHERE person_id = {PERSON}"  # noqa: S608 -- a client keeps seeing whom they booked


class Visibility(enum.StrEnum):
    """Who finds a practitioner (MC-013): anyone, signed-in professionals, nobody."""

    PUBLISHED = "published"
    PROFESSIONALS = "professionals"
    HIDDEN = "hidden"


class Audience(enum.StrEnum):
    """For whom a part of a profile is (DI-013, DI-023)."""

    PUBLIC = "public"
    PROFESSIONALS = "professionals"
    PRIVATE = "private"


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
            Access("ch_public", _NAMED, _PUBLISHED),
            Access("ch_me", _NAMED, f"({_PUBLISHED}) OR id = ANY(ARRAY({OWN_APPOINTMENTS.format('practitioner_id')}))"),
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
    certifications: str = Field(default="", sa_type=Text)  # one a line, as diplomas
    diplomas: str = Field(default="", sa_type=Text)
    approach: str = Field(default="", sa_type=Text)
    video_url: str = Field(default="", sa_type=Text)
    links: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)  # network -> address
    gallery: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB)  # {"file": id, "caption": text}
    shares: dict[str, str] = Field(
        default_factory=dict, sa_type=JSONB
    )  # part -> Audience; else services/profiles' default
    practising_since: int | None = None  # year
    photo_file_id: UUID | None = None
    colour: int = 1  # 1 to 8, the `cat-` classes
    site_id: UUID | None = None
    time_zone: str = Field(default="Europe/Paris", sa_type=Text)
    confirmation: str = Field(default=ConfirmationMode.INSTANT, sa_type=Text)
    visibility: str = Field(default=Visibility.HIDDEN, sa_type=Text)
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


class Prepay(enum.StrEnum):
    """What is paid when a service is booked online; the rest is paid on the day."""

    RULE = "rule"  # what the organisation's booking rules say
    NONE = "none"
    DEPOSIT = "deposit"
    FULL = "full"


class Service(TenantOwned, table=True):
    """What can be booked (FHIR HealthcareService). Durations in minutes, price in the tenant's currency's minor unit."""

    __table_args__ = (
        CheckConstraint("duration_minutes BETWEEN 5 AND 1440", name="duration"),
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("buffer_before >= 0 AND buffer_after >= 0", name="buffers"),
        CheckConstraint("cardinality(modes) > 0", name="modes"),
        one_of("prepay", Prepay),
        CheckConstraint("deposit_percent BETWEEN 1 AND 100", name="deposit_percent"),
        access(
            staff(),
            Access("ch_public", "SELECT", "active"),
            Access("ch_me", "SELECT", f"active OR id = ANY(ARRAY({OWN_APPOINTMENTS.format('service_id')}))"),
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
    prepay: str = Field(default=Prepay.RULE, sa_type=Text, sa_column_kwargs={"server_default": "rule"})
    deposit_percent: int | None = None  # of a deposit; none: the organisation's
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
