"""Paid by use: messages that are charged when answered, calls that are charged by the second. DI-019, DI-020, DI-063, DI-064."""

import enum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from carehub.core.rls import OWN_TENANT, Access, anyone, booking, mine, platform, staff
from carehub.models.base import (
    Moment,
    TenantOwned,
    access,
    moment,
    one_of,
    required_moment,
    sealed,
    within_tenant,
    words,
)


class MeteredKind(enum.StrEnum):
    MESSAGE = "message"  # a text, paid when answered
    VIDEO_MESSAGE = "video_message"  # a recorded video, paid when answered
    CALL = "call"  # a minute of a live call


class UsePrice(TenantOwned, table=True):
    """What a practitioner asks for one use, in coins (DI-019). No row: it is not offered."""

    __tablename__ = "use_price"
    __table_args__ = (
        UniqueConstraint("tenant_id", "practitioner_id", "kind"),
        one_of("kind", MeteredKind),
        CheckConstraint("coins BETWEEN 1 AND 100000", name="coins"),
        within_tenant("practitioner_id", "practitioner", ondelete="CASCADE"),
        access(staff(), *anyone(), booking("SELECT"), audited=()),
    )

    practitioner_id: UUID
    kind: str = Field(sa_type=Text)
    coins: int


class UseState(enum.StrEnum):
    OPEN = "open"  # set aside: unanswered, or the call has not ended
    PAID = "paid"
    RELEASED = "released"  # no answer came in time, or nothing was used


class PaidMessage(TenantOwned, table=True):
    """The money of one message. What is written belongs to messaging; `message_id` is its name there."""

    __tablename__ = "paid_message"
    __table_args__ = (
        UniqueConstraint("tenant_id", "message_id"),
        one_of("kind", MeteredKind),
        one_of("state", UseState),
        Index("paid_message_waiting", "answer_by", postgresql_where=text("state = 'open'")),
        within_tenant("practitioner_id", "practitioner"),
        access(
            staff("SELECT, UPDATE"),
            mine(),
            booking("SELECT, INSERT"),
            Access("ch_worker", "SELECT (tenant_id, id, state, answer_by)", "true"),
            platform("SELECT (tenant_id, id, practitioner_id, kind, coins, state, answer_by, resolved_at, created_at)"),
        ),
    )

    message_id: UUID
    practitioner_id: UUID
    person_id: UUID = Field(foreign_key="person.id")
    kind: str = Field(sa_type=Text)
    coins: int
    hold_id: UUID
    state: str = Field(default=UseState.OPEN, sa_type=Text)
    answer_by: Moment = required_moment()
    resolved_at: Moment | None = moment(optional=True)
    client_name: str = words()  # as they signed it, for who answers
    created_at: Moment = required_moment()


class Side(enum.StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"


class MessageText(TenantOwned, table=True):
    """What a client asked, and what they were answered. It may speak of health: only ch_care reads it; asking only adds."""

    __tablename__ = "message_text"
    __table_args__ = (
        UniqueConstraint("tenant_id", "message_id", "side"),
        one_of("side", Side),
        access(
            Access("ch_care", "SELECT, INSERT, DELETE", OWN_TENANT),
            booking("INSERT"),
            clinical=True,
            audited=("body",),
        ),
    )

    message_id: UUID
    person_id: UUID = Field(foreign_key="person.id")  # the client, of both sides
    side: str = Field(sa_type=Text)
    body: bytes = sealed("message.body")
    created_at: Moment = required_moment()


class PaidCall(TenantOwned, table=True):
    """The money of one call: each consent of the client adds minutes and a hold; the server's clock says what was used."""

    __tablename__ = "paid_call"
    __table_args__ = (
        one_of("state", UseState),
        CheckConstraint("per_minute > 0 AND minutes >= minimum AND minimum >= 1", name="minutes"),
        Index("paid_call_open", "created_at", postgresql_where=text("state = 'open'")),
        within_tenant("practitioner_id", "practitioner"),
        access(
            staff("SELECT, UPDATE"),
            mine(),
            booking("SELECT, INSERT, UPDATE"),
            Access("ch_worker", "SELECT (tenant_id, id, state, started_at, minutes, created_at)", "true"),
        ),
    )

    practitioner_id: UUID
    person_id: UUID = Field(foreign_key="person.id")
    per_minute: int  # coins
    minimum: int  # minutes that count whatever was used
    minutes: int  # agreed to so far: the call ends there
    coins: int = 0  # taken in the end
    state: str = Field(default=UseState.OPEN, sa_type=Text)
    started_at: Moment | None = moment(optional=True)
    ended_at: Moment | None = moment(optional=True)
    created_at: Moment = required_moment()


class PaidCallHold(TenantOwned, table=True):
    """What the client set aside for a call, in the order in which they agreed to it."""

    __tablename__ = "paid_call_hold"
    __table_args__ = (
        UniqueConstraint("tenant_id", "call_id", "consent"),
        within_tenant("call_id", "paid_call"),
        access(staff("SELECT"), booking("SELECT, INSERT")),
    )

    call_id: UUID
    consent: str = Field(sa_type=Text)  # the key of one agreement: a double click is one
    minutes: int
    coins: int
    hold_id: UUID
    created_at: Moment = required_moment()
