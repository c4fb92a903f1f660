"""Exports that an owner asked for."""

import enum
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from carehub.core.rls import platform, staff
from carehub.models.base import Moment, TenantOwned, access, moment, one_of


class ExportStatus(enum.StrEnum):
    WAITING = "waiting"
    READY = "ready"
    LAPSED = "lapsed"  # its time is over, the file is gone


class TenantExport(TenantOwned, table=True):
    """All of a tenant's data as one JSON file (CD-117), sealed with the tenant's key until it lapses."""

    __tablename__ = "tenant_export"
    __table_args__ = (
        one_of("status", ExportStatus),
        Index("tenant_export_recent", "tenant_id", "created_at"),
        access(
            staff("SELECT, INSERT, UPDATE"),
            platform("SELECT (tenant_id, id, asked_by, status, size, created_at, ready_at, expires_at)"),
            audited=(),
        ),
    )

    asked_by: UUID | None = Field(default=None, foreign_key="person.id")
    status: str = Field(default=ExportStatus.WAITING, sa_type=Text)
    key: str = Field(default="", sa_type=Text)  # of the storage
    size: int = Field(default=0, sa_type=BigInteger)  # bytes of JSON
    created_at: Moment = moment()
    ready_at: Moment | None = moment(optional=True)
    expires_at: Moment | None = moment(optional=True)
