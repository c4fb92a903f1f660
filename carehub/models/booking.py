"""Patients, appointments, holds and answers: what is booked. Names follow FHIR where it has one."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TIMESTAMP, CheckConstraint, Computed, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlmodel import Field

from carehub.core.rls import ALL, OWN_TENANT, Access, booking, mine, platform, staff, worker
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, required_moment, sealed, within_tenant
from carehub.models.practice import OWN_APPOINTMENTS, Mode


class Patient(TenantOwned, table=True):
    """A tenant's patient or client (FHIR Patient). E-mail and phone are encrypted with the tenant's key (CD-130).

    `legal_name` is set for who goes by a pseudonym (MC-011): given and family name hold it then, and contact is not shown.
    """

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
                "SELECT (tenant_id, id, person_id, given_name, family_name, email_index, email, locale, created_at), INSERT,"
                " UPDATE (person_id, phone, phone_index)"
            ),
            platform("SELECT (tenant_id, id, person_id, created_at)"),  # counted, never named
            audited=("email", "phone", "email_index", "phone_index", "birth_date", "legal_name"),
        ),
    )

    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    given_name: str = Field(sa_type=Text)
    family_name: str = Field(sa_type=Text)
    email: bytes | None = sealed("patient.email", optional=True)
    email_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone: bytes | None = sealed("patient.phone", optional=True)
    phone_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    birth_date: date | None = None
    legal_name: bytes | None = sealed("patient.legal_name", optional=True)
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
        access(
            staff(),
            mine(),
            booking("SELECT, INSERT, UPDATE"),
            platform("SELECT (tenant_id, id, practitioner_id, status, mode, source, starts_at, ends_at, created_at)"),
            audited=(),
        ),
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
            Access("ch_me", "SELECT", f"appointment_id = ANY(ARRAY({OWN_APPOINTMENTS.format('id')}))"),
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
        access(
            staff("SELECT, INSERT"), booking("INSERT"), platform("SELECT (tenant_id, id, appointment_id, at, kind, by)")
        ),
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
            Access("ch_care", "SELECT, INSERT, DELETE", OWN_TENANT),
            booking("INSERT"),
            clinical=True,
            audited=("answer",),
        ),
    )

    appointment_id: UUID
    question_id: UUID | None = None  # none: the free note of the booking form
    answer: bytes = sealed("intake.answer")
    created_at: Moment = moment()
