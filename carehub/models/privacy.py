"""What people decide about their data, what they ask for, who read it, how long it stays, and what went wrong with it."""

import enum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.rls import OWN_TENANT, PERSON, Access, anyone, auth, booking, mine, platform, staff, worker
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, required_moment, sealed, within_tenant

_OWN_FILES = f"patient_id = ANY(ARRAY(SELECT id FROM patient WHERE person_id = {PERSON}))"  # noqa: S608


class Purpose(enum.StrEnum):
    """What a person says yes or no to. `ACCOUNT` and `BOOKING` are given by the act itself and end with it."""

    ACCOUNT = "account"
    BOOKING = "booking"
    PLATFORM_NEWS = "platform_news"
    TENANT_NEWS = "tenant_news"


class Consent(TenantOwned, table=True):
    """One decision: what was asked in which words, when, from where. Append-only; the last one of a purpose holds.

    Of the platform's own purposes `tenant_id` is the platform's. Nothing here is changed when consent is withdrawn: that is
    another row.
    """

    __table_args__ = (
        one_of("purpose", Purpose),
        within_tenant("patient_id", "patient", ondelete="CASCADE"),
        Index("consent_of_person", "tenant_id", "person_id", "purpose", "at"),
        Index("consent_by_person", "person_id", "at"),
        Index("consent_of_patient", "tenant_id", "patient_id", "at"),
        access(
            staff("SELECT, INSERT, UPDATE (address, patient_id), DELETE"),
            mine("SELECT, INSERT"),
            booking("INSERT"),
            auth("SELECT, INSERT"),
            platform("SELECT (tenant_id, id, purpose, granted, at, version)"),
        ),
    )

    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    patient_id: UUID | None = None  # of someone without an account, or as the tenant's staff noted it
    purpose: str = Field(sa_type=Text)
    granted: bool
    at: Moment = moment()
    version: str = Field(default="", sa_type=Text)  # of the text that was agreed to
    wording: str = Field(default="", sa_type=Text)  # the words that were shown
    source: str = Field(default="", sa_type=Text)  # sign_up, booking, privacy_centre, staff
    address: str = Field(default="", sa_type=Text)  # on the network
    by_person: UUID | None = Field(default=None, foreign_key="person.id")  # staff who noted it


class RequestKind(enum.StrEnum):
    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    OBJECTION = "objection"


class RequestStatus(enum.StrEnum):
    OPEN = "open"
    DONE = "done"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class RightsRequest(TenantOwned, table=True):
    """What a person asks of an organisation, or (erasure of the account) of the platform, by its own tenant's id.

    `due_at`: a month for an organisation's answer; the end of the cooling-off for an account.
    """

    __tablename__ = "rights_request"
    __table_args__ = (
        one_of("kind", RequestKind),
        one_of("status", RequestStatus),
        Index("rights_request_due", "tenant_id", "status", "due_at"),
        Index("rights_request_of_person", "person_id", "asked_at"),
        access(
            staff(),
            mine("SELECT, INSERT, UPDATE (status, closed_at)"),
            worker("SELECT, UPDATE (status, closed_at, kept)"),
            platform(
                "SELECT (tenant_id, id, person_id, kind, status, asked_at, due_at, closed_at), INSERT,"
                " UPDATE (status, closed_at)"
            ),
        ),
    )

    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    patient_id: UUID | None = None  # no reference: the request outlives the file that it had erased
    kind: str = Field(sa_type=Text)
    status: str = Field(default=RequestStatus.OPEN, sa_type=Text)
    said: bytes | None = sealed("rights_request.said", optional=True)  # the person's words
    answer: bytes | None = sealed("rights_request.answer", optional=True)
    asked_at: Moment = moment()
    due_at: Moment = required_moment()
    closed_at: Moment | None = moment(optional=True)
    closed_by: UUID | None = Field(default=None, foreign_key="person.id")
    kept: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB)  # [{tenant, reason}]: what the law kept


class DataExport(SQLModel, table=True):
    """A person's data, gathered once: an encrypted file in the storage, for a week."""

    __tablename__ = "data_export"
    __table_args__ = (
        Index("data_export_of_person", "person_id", "asked_at"),
        access(mine("SELECT, INSERT"), worker(), platform("SELECT (id, person_id, asked_at, ready_at, expires_at)")),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: UUID = Field(foreign_key="person.id")
    asked_at: Moment = moment()
    ready_at: Moment | None = moment(optional=True)
    expires_at: Moment = required_moment()
    json_size: int = 0  # bytes, as downloaded
    pdf_size: int = 0


class RecordAccess(TenantOwned, table=True):
    """Someone of the staff opened a person's file or answers. Append-only; the person reads it."""

    __tablename__ = "record_access"
    __table_args__ = (
        within_tenant("patient_id", "patient", ondelete="CASCADE"),
        Index("record_access_of_patient", "tenant_id", "patient_id", "at"),
        access(
            staff("SELECT, INSERT, DELETE"),
            Access("ch_care", "SELECT, INSERT", OWN_TENANT),
            Access("ch_me", "SELECT", _OWN_FILES),
            platform("SELECT (tenant_id, id, at, what)"),
        ),
    )

    patient_id: UUID
    person_id: UUID | None = Field(default=None, foreign_key="person.id")  # who read
    role: str = Field(default="", sa_type=Text)
    what: str = Field(sa_type=Text)
    at: Moment = moment()


class DataClass(enum.StrEnum):
    """What a retention rule speaks of."""

    FILES = "files"  # people who have not come for long, with all that is kept of them
    CANCELLED = "cancelled"  # appointments that never took place
    MESSAGES = "messages"  # what was sent, and notices
    INVITATIONS = "invitations"
    ACCESSES = "accesses"  # who opened whose file


class RetentionRule(TenantOwned, table=True):
    """How many months a tenant keeps a class of data. No row: as long as the legal minimum says, then until asked."""

    __tablename__ = "retention_rule"
    __table_args__ = (
        UniqueConstraint("tenant_id", "data_class"),
        one_of("data_class", DataClass),
        CheckConstraint("months BETWEEN 1 AND 600", name="months"),
        access(staff(), worker("SELECT"), audited=()),
    )

    data_class: str = Field(sa_type=Text)
    months: int
    ran_at: Moment | None = moment(optional=True)
    ran_count: int = 0


class BreachRisk(enum.StrEnum):
    NONE = "none"
    RISK = "risk"
    HIGH = "high"


class DataBreach(TenantOwned, table=True):
    """A breach of personal data (GDPR 33, law 09-08): what happened, who was told, within 72 hours of its discovery.

    Of the platform itself `tenant_id` is the platform's.
    """

    __tablename__ = "data_breach"
    __table_args__ = (
        one_of("risk", BreachRisk),
        Index("data_breach_recent", "tenant_id", "discovered_at"),
        access(
            staff("SELECT, INSERT, UPDATE"),
            worker("SELECT"),
            platform("SELECT, INSERT, UPDATE"),
            audited=("nature", "measures"),
        ),
    )

    title: str = Field(sa_type=Text)
    nature: str = Field(default="", sa_type=Text)  # what happened, which data, the likely consequences
    measures: str = Field(default="", sa_type=Text)
    risk: str = Field(default=BreachRisk.RISK, sa_type=Text)
    people: int = 0  # about how many are concerned
    discovered_at: Moment = required_moment()
    authority_told_at: Moment | None = moment(optional=True)
    people_told_at: Moment | None = moment(optional=True)
    closed_at: Moment | None = moment(optional=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")  # who opened it
    created_at: Moment = moment()


class LegalKind(enum.StrEnum):
    PRIVACY = "privacy"
    TERMS = "terms"
    IMPRINT = "imprint"


class LegalText(TenantOwned, table=True):
    """A version of a tenant's legal page in one language. Published once and never changed: consents point at it."""

    __tablename__ = "legal_text"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "locale", "version"),
        one_of("kind", LegalKind),
        access(staff("SELECT, INSERT"), *anyone(), booking("SELECT")),
    )

    kind: str = Field(sa_type=Text)
    locale: str = Field(sa_type=Text)
    version: int
    body: str = Field(sa_type=Text)
    published_at: Moment = moment()
    published_by: UUID | None = Field(default=None, foreign_key="person.id")
