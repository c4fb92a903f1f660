"""Which tenant a public address names. The first step of every verb that a client calls."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.errors import ModuleOff, NotFound
from carehub.core.permissions import Module


@dataclass(frozen=True)
class Place:
    id: UUID
    slug: str
    name: str
    country: str
    currency: str
    locale: str
    phone: str


_FIND = text(
    "SELECT id, slug, name, country, currency, locale, phone, modules FROM tenant WHERE status = 'active' AND slug = :slug"
)


def access_tenant(session: Session, slug: str) -> Place:
    """The active tenant with that slug, when its booking is switched on. Raises NotFound, ModuleOff."""
    row = session.execute(_FIND, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound
    if Module.BOOKING.value not in row.modules:
        raise ModuleOff
    return Place(row.id, row.slug, row.name, row.country, row.currency, row.locale, row.phone)
