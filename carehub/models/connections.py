"""Services of its own that a tenant has connected: a mail server, a storage for files, a Stripe account."""

import enum
from typing import Any

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from carehub.core.rls import platform, staff
from carehub.models.base import Moment, TenantOwned, access, moment, one_of, sealed


class ConnectionKind(enum.StrEnum):
    SMTP = "smtp"
    S3 = "s3"
    STRIPE = "stripe"


class Connection(TenantOwned, table=True):
    """One of a kind a tenant. The secret is encrypted with the tenant's key and never sent to a browser."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "kind"),
        one_of("kind", ConnectionKind),
        access(staff(), platform("SELECT (tenant_id, id, kind, checked_at, trouble, updated_at)"), audited=("secret",)),
    )

    kind: str = Field(sa_type=Text)
    options: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSONB
    )  # services.tenancy.connection_forms, without the secret
    secret: bytes = sealed("connection.secret", secret=True)
    checked_at: Moment | None = moment(optional=True)  # when a test last came back
    trouble: str = Field(default="", sa_type=Text)  # what the last test said; empty: it worked
    updated_at: Moment = moment()
