"""What keeps the product itself going: outbox, audit, keys, heartbeats."""

from typing import Any
from uuid import UUID

from sqlalchemy import TIMESTAMP, BigInteger, Column, Identity, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from carehub.core.ids import new_id
from carehub.core.rls import OWN_TENANT, TENANT, Access, auth, platform, worker
from carehub.models.base import Moment, access, moment

_EMIT = f"tenant_id = {TENANT} OR tenant_id IS NULL"


class Outbox(SQLModel, table=True):
    """An event that was committed with its cause. The relay leases rows; a task runs the handlers and sets done_at in one transaction."""

    __table_args__ = (
        Index("outbox_waiting", "available_at", postgresql_where=text("done_at IS NULL AND failed_at IS NULL")),
        Index("outbox_done", "done_at", postgresql_where=text("done_at IS NOT NULL")),
        access(
            worker(),
            *(Access(role, "INSERT", _EMIT) for role in ("ch_app", "ch_me", "ch_booking", "ch_care", "ch_money")),
            Access("ch_auth", "INSERT", "true"),
            platform("SELECT, INSERT, UPDATE (available_at, leased_until, attempts, failed_at)"),
        ),
    )

    id: UUID = Field(primary_key=True, default_factory=new_id)
    tenant_id: UUID | None = Field(default=None, foreign_key="tenant.id")
    kind: str = Field(sa_type=Text)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)  # ids and facts, never secrets
    created_at: Moment = moment()
    available_at: Moment = moment()
    leased_until: Moment | None = moment(optional=True)
    attempts: int = 0
    error: str = Field(default="", sa_type=Text)
    done_at: Moment | None = moment(optional=True)
    failed_at: Moment | None = moment(optional=True)  # given up after the last attempt; retried by hand


class Heartbeat(SQLModel, table=True):
    """The last sign of life of the worker and of the scheduler."""

    __table_args__ = (access(worker(), auth("SELECT")),)

    name: str = Field(primary_key=True, sa_type=Text)
    at: Moment = moment()


class TenantKey(SQLModel, table=True):
    """A data key, wrapped by the key-encryption key. Scope: a tenant's id, or the nil UUID for persons.

    Version 0 is the key of the scope's blind indexes, once it no longer follows from the secret.
    """

    __tablename__ = "tenant_key"
    __table_args__ = (
        access(
            auth("SELECT, INSERT"),
            platform("SELECT (scope_id, version, created_at)"),
            Access("ch_owner", "SELECT, INSERT, UPDATE, DELETE", "true"),  # rotation, by the administrator only
        ),
    )

    scope_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    wrapped: bytes = Field(sa_type=LargeBinary)
    rotating: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})  # older tokens remain
    created_at: Moment = moment()


class AuditLog(SQLModel, table=True):
    """Who changed which row, and how; written by triggers only, append-only, sealed in batches."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("audit_log_by_tenant", "tenant_id", text("id DESC")),
        Index("audit_log_of_row", "tenant_id", "table_name", "row_id"),
        Index("audit_log_at", "at", postgresql_using="brin"),
        Index("audit_log_unsealed", "id", postgresql_where=text("batch IS NULL")),
        access(
            Access("ch_app", "SELECT", OWN_TENANT),
            worker("SELECT, UPDATE (batch)"),
            platform("SELECT (id, tenant_id, at, person_id, role, table_name, action, row_id)"),
            Access("ch_owner", "INSERT", "true"),  # the trigger writes as the owner, whom FORCE binds too
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    tenant_id: UUID | None = None
    at: Moment = Field(
        default=None,
        sa_type=TIMESTAMP(timezone=True),
        nullable=False,
        sa_column_kwargs={"server_default": text("clock_timestamp()")},
    )
    person_id: UUID | None = None
    role: str = Field(sa_type=Text)
    table_name: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)  # insert, update, delete
    row_id: str = Field(sa_type=Text)
    changes: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    batch: int | None = Field(default=None, sa_type=BigInteger)
    erased_at: Moment | None = moment(optional=True)  # the values were taken away with the person they spoke of
    original: bytes | None = Field(
        default=None, sa_type=LargeBinary
    )  # the row's hash before that: the seal still holds


class AuditSeal(SQLModel, table=True):
    """A sealed batch: the hash of its rows chained to the batch before."""

    __tablename__ = "audit_seal"
    __table_args__ = (access(worker("SELECT, INSERT")),)

    batch: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    size: int
    previous: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)
    at: Moment = moment()
