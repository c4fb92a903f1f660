"""The address of a tenant's own: what it claims, and what its domain says of it. A proven one stands in `tenant.host`."""

import enum

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from carehub.core.rls import platform, staff, worker
from carehub.models.base import Moment, TenantOwned, access, moment, one_of


class DomainState(enum.StrEnum):
    WAITING = "waiting"  # for the record that proves it
    PROVEN = "proven"
    LOST = "lost"  # it was proven; its record is gone, so it is served no more


class TenantDomain(TenantOwned, table=True):
    """One a tenant. Several may claim a host; `tenant.host` is unique, and only who proves it gets it."""

    __tablename__ = "tenant_domain"
    __table_args__ = (
        UniqueConstraint("tenant_id"),
        one_of("state", DomainState),
        access(
            staff(),
            worker("SELECT"),
            platform("SELECT (tenant_id, id, host, state, trouble, created_at, checked_at, proven_at, missing_since)"),
        ),
    )

    host: str = Field(sa_type=Text)  # lower case, as ASCII (IDNA)
    token: str = Field(sa_type=Text)  # what its TXT record says
    state: str = Field(default=DomainState.WAITING, sa_type=Text)
    trouble: str = Field(default="", sa_type=Text)  # services.tenancy.hosts.Trouble, of the last check
    created_at: Moment = moment()
    checked_at: Moment | None = moment(optional=True)
    proven_at: Moment | None = moment(optional=True)
    missing_since: Moment | None = moment(optional=True)  # of a proven one: since when its record is not found
