"""Which tenant a public address names. The first step of every verb that a client calls."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core.errors import ModuleOff, NotFound
from carehub.core.permissions import Module
from carehub.core.roles import Role


@dataclass(frozen=True)
class Place:
    id: UUID
    slug: str
    name: str
    country: str
    currency: str
    locale: str
    phone: str


_FIND = """
    SELECT id, slug, name, country, currency, locale, phone, modules{also}
    FROM tenant WHERE status = 'active' AND slug = :slug"""
_READ = text(_FIND.format(also=""))
# What follows looks up single rows by key: planning them anew each time costs more than running them.
_ENTER = text(
    _FIND.format(
        also=", set_config('role', :role, true), set_config('app.tenant_id', cast(id AS text), true),"
        " set_config('plan_cache_mode', 'force_generic_plan', true)"
    )
)


def access_tenant(session: Session, slug: str) -> Place:
    """The active tenant with that slug, when its booking is switched on. Raises NotFound, ModuleOff."""
    return _place(session.execute(_READ, {"slug": slug}).one_or_none())


def enter_tenant(session: Session, slug: str) -> Place:
    """access_tenant, and ch_booking in that tenant for the rest of the transaction, in one statement."""
    place = _place(session.execute(_ENTER, {"slug": slug, "role": Role.BOOKING.value}).one_or_none())
    session.info.update(role=Role.BOOKING.value, tenant=str(place.id))
    return place


def _place(row: Row[Any] | None) -> Place:
    if row is None:
        raise NotFound
    if Module.BOOKING.value not in row.modules:
        raise ModuleOff
    return Place(row.id, row.slug, row.name, row.country, row.currency, row.locale, row.phone)
