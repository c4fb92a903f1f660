"""Proving who a practitioner is: what they claim, the documents behind it, who opened one."""

import enum
from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field

from carehub.core.rls import platform, staff, worker
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, sealed, within_tenant


class VerificationStatus(enum.StrEnum):
    DRAFT = "draft"  # documents were added, nothing was sent
    SUBMITTED = "submitted"  # waits for the reviewer
    MORE = "more"  # the reviewer asks for something else
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Verification(TenantOwned, table=True):
    """One claim of one practitioner. `approved` outlives a new submission of the same claim, until `expires_on` (its last day)."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "practitioner_id", "kind"),
        one_of("status", VerificationStatus),
        within_tenant("practitioner_id", "practitioner", ondelete="CASCADE"),
        Index("verification_waiting", "submitted_at", postgresql_where=text("status = 'submitted'")),
        Index("verification_expiring", "expires_on", postgresql_where=text("approved")),
        access(
            staff(),
            worker("SELECT (tenant_id, id, practitioner_id, kind, status, approved, expires_on, reminded_at)"),
            platform("SELECT, UPDATE (status, approved, expires_on, reason, decided_at, decided_by, reminded_at)"),
            audited=("number", "statement"),
        ),
    )

    practitioner_id: UUID
    kind: str = Field(sa_type=Text)  # of services/verification/kinds.py
    status: str = Field(default=VerificationStatus.DRAFT, sa_type=Text)
    number: bytes | None = sealed("verification.number", optional=True)
    statement: bytes | None = sealed("verification.statement", optional=True)  # what they add in words
    approved: bool = False
    expires_on: date | None = None
    reason: str = Field(default="", sa_type=Text)  # the reviewer's words to the practitioner
    submitted_by: UUID | None = Field(default=None, foreign_key="person.id")
    submitted_at: Moment = moment()
    decided_by: UUID | None = Field(default=None, foreign_key="person.id")  # none: a machine could tell
    decided_at: Moment | None = moment(optional=True)
    reminded_at: Moment | None = moment(optional=True)


class VerificationDocument(TenantOwned, table=True):
    """An uploaded proof. Its bytes are in the storage under `key`, encrypted with a key of their own, which the tenant's seals:
    so a rotation of keys writes rows anew, not files."""

    __tablename__ = "verification_document"
    __table_args__ = (
        Index("verification_document_of", "tenant_id", "verification_id"),
        within_tenant("verification_id", "verification", ondelete="CASCADE"),
        access(staff("SELECT, INSERT, DELETE"), platform("SELECT"), audited=("name", "sha256", "content_key")),
    )

    verification_id: UUID
    key: str = Field(sa_type=Text)
    content_key: bytes = sealed("verification.content_key", secret=True)
    name: str = Field(default="", sa_type=Text)
    content_type: str = Field(sa_type=Text)
    size: int  # bytes before encryption
    sha256: str = Field(sa_type=Text)
    uploaded_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: Moment = moment()


class VerificationRead(TenantOwned, table=True):
    """Someone opened a document. Written before its bytes are handed out; nothing changes or deletes a row."""

    __tablename__ = "verification_read"
    __table_args__ = (
        Index("verification_read_of", "tenant_id", "document_id"),
        access(staff("SELECT, INSERT"), platform("SELECT, INSERT")),
    )

    document_id: UUID  # the row outlives the document
    practitioner_id: UUID
    kind: str = Field(sa_type=Text)
    person_id: UUID = Field(foreign_key="person.id")
    by: str = Field(sa_type=Text)  # owner or reviewer
    at: Moment = moment()
