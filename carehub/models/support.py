"""The support desk: what people ask of the platform, and what it answers."""

import enum
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.rls import PERSON, Access, mine, platform, worker
from carehub.models.base import Moment, access, moment, one_of


class TicketCategory(enum.StrEnum):
    TECHNICAL = "technical"
    ACCOUNT = "account"
    BILLING = "billing"
    PRIVACY = "privacy"
    OTHER = "other"


class TicketState(enum.StrEnum):
    OPEN = "open"  # the desk is waited for
    ANSWERED = "answered"  # the person is
    SOLVED = "solved"


_OWN_TICKET = "ticket_id IN (SELECT id FROM support_ticket WHERE person_id = " + PERSON + ")"  # noqa: S608


class SupportTicket(SQLModel, table=True):
    """A person's question (DI-138), for themselves or for an organisation on whose staff they are."""

    __tablename__ = "support_ticket"
    __table_args__ = (
        one_of("category", TicketCategory),
        one_of("state", TicketState),
        Index("support_ticket_of_person", "person_id", "updated_at"),
        Index("support_ticket_recent", "updated_at"),
        access(
            mine("SELECT, INSERT, UPDATE (state, updated_at)"),
            worker("SELECT, DELETE"),  # erased with its person
            platform("SELECT, UPDATE (state, assignee_id, updated_at)"),
            audited=("subject",),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: UUID = Field(foreign_key="person.id")
    of_tenant: UUID | None = Field(default=None, foreign_key="tenant.id")
    category: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    state: str = Field(default=TicketState.OPEN, sa_type=Text)
    assignee_id: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: Moment = moment()
    updated_at: Moment = moment()


class SupportMessage(SQLModel, table=True):
    """One thing that was said about a ticket. Append-only."""

    __tablename__ = "support_message"
    __table_args__ = (
        Index("support_message_of_ticket", "ticket_id", "created_at"),
        access(
            Access("ch_me", "SELECT, INSERT", _OWN_TICKET, f"{_OWN_TICKET} AND NOT from_desk AND author_id = {PERSON}"),
            worker("SELECT, DELETE"),
            Access("ch_platform", "SELECT, INSERT", "true", "from_desk"),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    ticket_id: UUID = Field(foreign_key="support_ticket.id")
    author_id: UUID | None = Field(default=None, foreign_key="person.id")
    from_desk: bool = False
    body: str = Field(sa_type=Text)
    created_at: Moment = moment()
