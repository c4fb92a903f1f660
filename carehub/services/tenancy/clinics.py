"""Tenants as the REST API names them: clinics (SQ-155). Read by anyone, changed by their staff, closed by their owner."""

from dataclasses import dataclass, fields
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.crypto import PERSONS
from carehub.core.errors import CareHubError, NotFound
from carehub.core.ids import parse_id
from carehub.core.permissions import PUBLIC, TenantRole
from carehub.core.verbs import verb
from carehub.models.tenancy import Tenant, TenantStatus
from carehub.services.identity.errors import OwnersOnly

PAGE = 50


class AppointmentsComing(CareHubError):
    """Closing would leave people before a closed door."""

    key = "Cancel or move the {count} coming appointments first"
    status = 409


@dataclass(frozen=True)
class ClinicView:
    """What anyone may know about a tenant."""

    id: str
    slug: str
    name: str
    kind: str
    tagline: str
    about: str
    address: str
    postcode: str
    city: str
    country: str
    currency: str
    time_zone: str
    locales: list[str]
    phone: str
    website: str


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class ClinicChange(BaseModel):
    """What staff may change here; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)] | None = None
    tagline: Line | None = None
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] | None = None
    address: Line | None = None
    postcode: Line | None = None
    city: Line | None = None
    phone: Line | None = None
    website: (
        Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^(https?://\S+)?$")] | None
    ) = Field(None, description="http(s) address, or empty")


def _view(row: Tenant | Row[Any]) -> ClinicView:
    return ClinicView(
        str(row.id),
        row.slug,
        row.name,
        row.kind,
        row.tagline,
        row.about,
        row.address,
        row.postcode,
        row.city,
        row.country,
        row.currency,
        row.time_zone,
        list(row.locales),
        row.phone,
        row.website,
    )


_PUBLIC: list[Any] = [getattr(Tenant, one.name) for one in fields(ClinicView)]


def _shown() -> ColumnElement[bool]:
    return (col(Tenant.status) == TenantStatus.ACTIVE) & (col(Tenant.id) != PERSONS)


@verb(PUBLIC)
def list_clinics(session: Session, _actor: Actor, *, text: str = "", page: int = 1) -> list[ClinicView]:
    """Active clinics by name, 50 a page; `text` is looked for in name and city, without accents."""
    statement = select(*_PUBLIC).where(_shown())
    if text.strip():
        words = func.f_norm(col(Tenant.name) + " " + col(Tenant.city))
        statement = statement.where(words.contains(func.f_norm(text.strip()[:80]), autoescape=False))
    rows = session.execute(statement.order_by(col(Tenant.name), col(Tenant.id)).limit(PAGE).offset((page - 1) * PAGE))
    return [_view(row) for row in rows]


@verb(PUBLIC)
def read_clinic(session: Session, _actor: Actor, *, clinic: str) -> ClinicView:
    """By slug or id. Raises NotFound."""
    found = parse_id(clinic)
    which = col(Tenant.slug) == clinic if found is None else col(Tenant.id) == found
    row = session.execute(select(*_PUBLIC).where(_shown(), which)).one_or_none()
    if row is None:
        raise NotFound
    return _view(row)


@verb("settings.manage")
def change_clinic(session: Session, actor: Actor, *, change: ClinicChange) -> ClinicView:
    """Change what is given, in the actor's clinic."""
    values = change.model_dump(exclude_none=True)
    if values:
        session.execute(update(Tenant).where(col(Tenant.id) == actor.tenant_id).values(**values))
        outbox.emit(session, "tenant.changed")
    return _view(session.get_one(Tenant, actor.tenant_id, populate_existing=True))


_COMING = sql(
    "SELECT count(*) FROM appointment WHERE starts_at > :now AND status IN ('pending', 'proposed', 'booked', 'arrived')"
)


@verb("settings.manage")
def close_clinic(session: Session, actor: Actor) -> None:
    """Take the clinic off the directory and close its doors; nothing is deleted. Raises OwnersOnly, AppointmentsComing."""
    if actor.role != TenantRole.OWNER:
        raise OwnersOnly
    coming = session.scalar(_COMING, {"now": clock.now()}) or 0
    if coming:
        raise AppointmentsComing(count=coming)
    closed = update(Tenant).where(col(Tenant.id) == actor.tenant_id).values(status=TenantStatus.CLOSED.value)
    session.execute(closed)
    outbox.emit(session, "tenant.changed")
