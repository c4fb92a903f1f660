"""How a person wants to be reached, where they can be, and whom a tenant may no longer write to."""

import enum
from datetime import time
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.rls import auth, mine, platform, staff, worker
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, sealed
from carehub.models.notify import Channel


class Carrier(enum.StrEnum):
    """What a text message travels by."""

    SMS = "sms"
    WHATSAPP = "whatsapp"


class NotificationPreference(SQLModel, table=True):
    """A person's answer for one topic and channel, where it is not the usual one (MC-011, DI-106)."""

    __tablename__ = "notification_preference"
    __table_args__ = (
        one_of("channel", Channel),
        access(
            mine("SELECT, INSERT, UPDATE, DELETE"),
            worker("SELECT"),
            auth("SELECT, DELETE"),
            platform("SELECT (person_id)"),
        ),
    )

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    topic: str = Field(primary_key=True, sa_type=Text)
    channel: str = Field(primary_key=True, sa_type=Text)
    enabled: bool


class NotificationSettings(SQLModel, table=True):
    """A person's quiet hours and daily summary, in the wall time of their own zone."""

    __tablename__ = "notification_settings"
    __table_args__ = (
        one_of("text_by", Carrier),
        access(
            mine("SELECT, INSERT, UPDATE"), worker("SELECT"), auth("SELECT, DELETE"), platform("SELECT (person_id)")
        ),
    )

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    quiet: bool = False
    quiet_from: time = time(21, 30)
    quiet_to: time = time(7, 30)
    digest: bool = False
    digest_at: time = time(18)
    text_by: str = Field(default=Carrier.SMS, sa_type=Text)


class ContactNumber(SQLModel, table=True):
    """The telephone that a person proved to hold: text messages and recovery go there. Encrypted with the platform's key."""

    __tablename__ = "contact_number"
    __table_args__ = (
        access(auth(), worker("SELECT (person_id, phone, verified_at)"), platform("SELECT (person_id, verified_at)")),
    )

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    phone: bytes = sealed("contact_number.phone")
    code_hash: bytes | None = Field(default=None, sa_type=LargeBinary)  # of the code that waits to be typed
    code_until: Moment | None = moment(optional=True)
    tries: int = 0
    verified_at: Moment | None = moment(optional=True)


class PushSubscription(SQLModel, table=True):
    """One browser that shows notifications (RFC 8030). Where and how it is reached is encrypted: the address alone is a power."""

    __tablename__ = "push_subscription"
    __table_args__ = (
        access(
            mine("SELECT (id, person_id, device, created_at, used_at), DELETE"),
            auth("SELECT, INSERT, UPDATE, DELETE"),
            worker("SELECT, UPDATE (used_at), DELETE"),
            platform("SELECT (id, person_id, created_at, used_at)"),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    endpoint_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    sealed: bytes = sealed("push_subscription.sealed", secret=True)  # JSON: endpoint, p256dh, auth
    device: str = Field(default="", sa_type=Text)
    created_at: Moment = moment()
    used_at: Moment | None = moment(optional=True)


class PushKey(SQLModel, table=True):
    """The one pair of keys by which push services know this installation (VAPID, RFC 8292)."""

    __tablename__ = "push_key"
    __table_args__ = (
        CheckConstraint("single", name="single"),
        access(auth("SELECT, INSERT"), platform("SELECT (created_at)")),
    )

    single: bool = Field(default=True, primary_key=True)
    private: bytes = sealed("push_key.private", secret=True)  # PEM
    public: str = Field(sa_type=Text)  # uncompressed point, base64url
    created_at: Moment = moment()


class MessageGateway(TenantOwned, table=True):
    """A tenant's account with the service that carries its text messages. The token is encrypted and never sent to a browser."""

    __tablename__ = "message_gateway"
    __table_args__ = (
        UniqueConstraint("tenant_id"),
        access(
            staff(),
            platform("SELECT (tenant_id, id, enabled, monthly_segments, price_micros, created_at)"),
            audited=("secret",),
        ),
    )

    account: str = Field(sa_type=Text)  # Twilio's account SID
    secret: bytes = sealed("message_gateway.secret", secret=True)  # its auth token
    sms_from: str = Field(default="", sa_type=Text)  # E.164, or a sender name
    whatsapp_from: str = Field(default="", sa_type=Text)  # E.164
    enabled: bool = True
    monthly_segments: int = 1000  # the owner's own limit (SQ-013)
    price_micros: int = 50_000  # of one segment, in millionths of the tenant's currency (SQ-014)
    created_at: Moment = moment()


class SuppressedKind(enum.StrEnum):
    EMAIL = "email"
    PHONE = "phone"


class SuppressionReason(enum.StrEnum):
    """Why a tenant writes no more to an address. `unsubscribed` spares what the person needs to know of their appointments."""

    BOUNCED = "bounced"
    STOPPED = "stopped"  # the reply STOP
    MANUAL = "manual"
    UNSUBSCRIBED = "unsubscribed"


class Suppression(TenantOwned, table=True):
    """One address that a tenant does not use, whatever the channel. Found by blind index, shown as `hint`."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "address_index"),
        Index("suppression_recent", "tenant_id", "created_at"),
        one_of("kind", SuppressedKind),
        one_of("reason", SuppressionReason),
        access(
            staff(),
            platform("SELECT (tenant_id, id, kind, reason, created_at)"),
            audited=("address", "address_index", "hint"),
        ),
    )

    kind: str = Field(sa_type=Text)
    address: bytes = sealed("suppression.address")
    address_index: bytes = Field(sa_type=LargeBinary)
    hint: str = Field(sa_type=Text)  # enough to recognise it: j…@example.com
    reason: str = Field(sa_type=Text)
    created_at: Moment = moment()


class RecoveryQuestion(SQLModel, table=True):
    """The extra factor of a recovery (MC-015): a question in the person's own words, its answer as an argon2id hash."""

    __tablename__ = "recovery_question"
    __table_args__ = (access(auth(), platform("SELECT (person_id, created_at)")),)

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    question: bytes = sealed("recovery_question.question")
    answer_hash: str = Field(sa_type=Text)
    created_at: Moment = moment()
