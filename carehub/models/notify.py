"""Notifications: rules, deliveries, and the person's own centre."""

import enum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.rls import Access, booking, mine, platform, staff, worker
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, required_moment, sealed, words


class Channel(enum.StrEnum):
    EMAIL = "email"
    SMS = "sms"  # a text message, by SMS or WhatsApp
    PUSH = "push"  # to the browsers that a person subscribed
    IN_APP = "in_app"


class Audience(enum.StrEnum):
    CLIENT = "client"
    PRACTITIONER = "practitioner"


class NotificationRule(TenantOwned, table=True):
    """A tenant's change to the default rules: a channel switched off, another lead time."""

    __tablename__ = "notification_rule"
    __table_args__ = (
        UniqueConstraint("tenant_id", "event", "audience", "channel"),
        one_of("audience", Audience),
        one_of("channel", Channel),
        access(staff(), audited=()),
    )

    event: str = Field(sa_type=Text)
    audience: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    enabled: bool = True
    offsets: list[int] | None = Field(default=None, sa_type=JSONB)  # minutes before the start, for reminders


class MessageTemplate(TenantOwned, table=True):
    """A tenant's own words of a message, in one language. Variables stand between braces."""

    __tablename__ = "message_template"
    __table_args__ = (
        UniqueConstraint("tenant_id", "event", "audience", "channel", "locale"),
        one_of("audience", Audience),
        one_of("channel", Channel),
        access(staff(), audited=()),
    )

    event: str = Field(sa_type=Text)
    audience: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    locale: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    body: str = Field(default="", sa_type=Text)


class MessageDefault(SQLModel, table=True):
    """The platform's words of a message, in one language: sent where a tenant has none of its own (CD-119)."""

    __tablename__ = "message_default"
    __table_args__ = (
        UniqueConstraint("event", "audience", "channel", "locale"),
        one_of("audience", Audience),
        one_of("channel", Channel),
        access(Access("ch_app", "SELECT", "true"), platform("SELECT, INSERT, UPDATE, DELETE"), audited=()),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    event: str = Field(sa_type=Text)
    audience: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    locale: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    body: str = Field(default="", sa_type=Text)
    changed_at: Moment = moment()


class DeliveryStatus(enum.StrEnum):
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"  # the carrier said that it arrived
    FAILED = "failed"  # given up after the last attempt, or the carrier could not deliver it
    WITHDRAWN = "withdrawn"  # the appointment moved or was cancelled before it was due, or its channel was closed


class Delivery(TenantOwned, table=True):
    """One message to one person by one channel. `dedupe_key` makes it happen once; the row tells what became of it."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "dedupe_key"),
        one_of("status", DeliveryStatus),
        one_of("channel", Channel),
        Index("delivery_due", "due_at", postgresql_where=text("status IN ('scheduled', 'sending')")),
        Index("delivery_of_appointment", "tenant_id", "appointment_id"),
        Index("delivery_recent", "tenant_id", "created_at"),
        Index("delivery_held", "tenant_id", "person_id", "held_until", postgresql_where=text("held_until IS NOT NULL")),
        Index("delivery_handed", "tenant_id", "handed_at", postgresql_where=text("handed_at IS NOT NULL")),
        access(
            staff(),
            worker("SELECT, UPDATE (status, due_at)"),
            platform(
                "SELECT (tenant_id, id, event, audience, channel, status, person_id, locale, due_at, attempts, error,"
                " sent_at, created_at, carrier, receipt, segments, cost_micros, currency), UPDATE (status, due_at, attempts, error)"
            ),
        ),
    )

    event: str = Field(sa_type=Text)
    audience: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    status: str = Field(default=DeliveryStatus.SCHEDULED, sa_type=Text)
    dedupe_key: str = Field(sa_type=Text)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    recipient: bytes | None = sealed("delivery.recipient", optional=True)  # the address or number
    recipient_name: str = Field(default="", sa_type=Text)
    locale: str = Field(sa_type=Text)
    subject: str = Field(default="", sa_type=Text)
    appointment_id: UUID | None = None
    context: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)  # ids and times the template needs
    due_at: Moment = required_moment()
    attempts: int = 0
    error: str = Field(default="", sa_type=Text)
    message_id: str = Field(default="", sa_type=Text)  # a mail's own; the carrier's name of a text message
    held_until: Moment | None = moment(
        optional=True
    )  # quiet hours or a daily summary: what waits together leaves together
    carrier: str = words()  # of a text message: sms or whatsapp
    handed_at: Moment | None = moment(
        optional=True
    )  # when it was first given to the carrier, whose yes may have been lost
    receipt: str = words()  # what the carrier said last of it
    segments: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    cost_micros: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    currency: str = words()
    sent_at: Moment | None = moment(optional=True)
    created_at: Moment = moment()


class Notification(TenantOwned, table=True):
    """An entry of a person's centre: a msgid and its params, rendered in the reader's language."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "dedupe_key"),
        Index("notification_of_person", "person_id", "created_at"),
        Index("notification_unread", "person_id", postgresql_where=text("read_at IS NULL AND archived_at IS NULL")),
        access(
            staff("SELECT, INSERT, UPDATE (archived_at), DELETE"),
            mine("SELECT, UPDATE (read_at, archived_at)"),
            booking("INSERT"),
            worker("SELECT"),
            platform("SELECT (tenant_id, id, event, created_at, read_at)"),
        ),
    )

    person_id: UUID = Field(foreign_key="person.id")
    event: str = Field(sa_type=Text)
    dedupe_key: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)  # msgid
    body: str = Field(default="", sa_type=Text)  # msgid
    params: dict[str, str] = Field(default_factory=dict, sa_type=JSONB)
    href: str = Field(default="", sa_type=Text)
    appointment_id: UUID | None = None
    created_at: Moment = moment()
    read_at: Moment | None = moment(optional=True)
    archived_at: Moment | None = moment(optional=True)
