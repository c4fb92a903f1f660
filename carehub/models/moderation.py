"""What is wrong with a public page: said by someone who read it, or found in its own words."""

import enum
from uuid import UUID

from sqlalchemy import ARRAY, Index, Text, text
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.rls import PERSON, TENANT, Access, platform, worker
from carehub.models.base import Moment, access, moment, one_of


class ReportKind(enum.StrEnum):
    UNTRUE = "untrue"  # a qualification that they do not have
    OFFENSIVE = "offensive"
    IMPERSONATION = "impersonation"
    SPAM = "spam"
    OTHER = "other"
    FOUND = "found"  # by itself, in the page's new words


class ReportState(enum.StrEnum):
    OPEN = "open"
    NO_FAULT = "no_fault"
    CHANGE = "change"  # they were asked to change it
    HIDDEN = "hidden"  # the projection leaves the profile out
    LIFTED = "lifted"  # it was hidden, and is shown again


class ContentReport(SQLModel, table=True):
    """One report about one page (DI-132). `subject_id` is a practitioner, or the organisation itself for its own page.

    The platform's own record, so no row of a tenant: an organisation sees what was decided about it, never who reported it.
    """

    __tablename__ = "content_report"
    __table_args__ = (
        one_of("kind", ReportKind),
        one_of("state", ReportState),
        Index(
            "content_report_once",
            "subject_id",
            "person_id",
            unique=True,
            postgresql_where=text("state = 'open' AND person_id IS NOT NULL"),
        ),
        Index("content_report_found", "subject_id", "digest", unique=True, postgresql_where=text("digest <> ''")),
        Index("content_report_of_person", "person_id", "created_at"),
        Index("content_report_recent", "created_at"),
        Index("content_report_hidden", "of_tenant", "subject_id", postgresql_where=text("state = 'hidden'")),
        access(
            Access(
                "ch_me",
                "SELECT (id, subject_id, person_id, kind, words, state, created_at), INSERT",
                f"person_id = {PERSON}",
                f"person_id = {PERSON} AND state = 'open' AND kind <> 'found'",
            ),
            Access(
                "ch_app",
                "SELECT (id, of_tenant, subject_id, kind, state, told, digest), INSERT",
                f"of_tenant = {TENANT}",
                f"of_tenant = {TENANT} AND state = 'open' AND kind = 'found' AND person_id IS NULL",
            ),
            worker("SELECT, UPDATE (person_id, words)"),  # erased with its person
            platform("SELECT, UPDATE (state, told, decided_by, decided_at)"),
            audited=("words", "told"),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    of_tenant: UUID = Field(foreign_key="tenant.id")
    subject_id: UUID
    person_id: UUID | None = Field(default=None, foreign_key="person.id")  # who reports it; none: found by itself
    kind: str = Field(sa_type=Text)
    words: str = Field(default="", sa_type=Text)
    found: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))  # "phone:biography"
    digest: str = Field(default="", sa_type=Text)  # of what was found: the same words are not found twice
    state: str = Field(default=ReportState.OPEN, sa_type=Text)
    told: str = Field(default="", sa_type=Text)  # the reviewer's words to the practitioner and the owners
    decided_by: UUID | None = Field(default=None, foreign_key="person.id")
    decided_at: Moment | None = moment(optional=True)
    created_at: Moment = moment()
