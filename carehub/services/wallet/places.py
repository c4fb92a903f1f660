"""Where a person has coins or may buy them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.permissions import Module
from carehub.core.roles import Role
from carehub.services.ledger.writing import COIN
from carehub.services.pricing.reading import coin_minor_of
from carehub.services.wallet.errors import WalletOff
from carehub.services.wallet.views import WalletPlace


@dataclass(frozen=True)
class Shop:
    """An organisation that sells coins, with what one costs in minor units of its currency."""

    tenant_id: UUID
    slug: str
    name: str
    currency: str
    locale: str
    coin_minor: int


_ID = text("SELECT id FROM tenant WHERE slug = :slug")
_SHOP = text("SELECT id, slug, name, currency, locale, modules, billing FROM tenant WHERE id = :id")


def shop_of(session: Session, slug: str) -> Shop:
    """Raises NotFound, WalletOff."""
    found = session.scalar(_ID, {"slug": slug})
    if found is None:
        raise NotFound
    return shop_by_id(session, found)


def shop_by_id(session: Session, tenant_id: UUID) -> Shop:
    """Raises WalletOff."""
    with tenant_scope(session, Role.BOOKING, tenant_id):
        row = session.execute(_SHOP, {"id": tenant_id}).one()
    if Module.WALLET.value not in row.modules:
        raise WalletOff
    return Shop(row.id, row.slug, row.name, row.currency, row.locale, coin_minor_of(row.billing or {}, row.currency))


_PLACES = text("""
    SELECT t.slug, t.name, coalesce(a.free, 0) AS free FROM tenant t
    LEFT JOIN LATERAL (
        SELECT sum(balance) AS free FROM ledger_account
        WHERE tenant_id = t.id AND owner_id = :person AND currency = :coin AND kind IN ('coins', 'bonus')) AS a ON true
    WHERE t.id IN (
        SELECT tenant_id FROM ledger_account WHERE owner_id = :person AND currency = :coin
        UNION SELECT tenant_id FROM patient WHERE person_id = :person)
      AND 'wallet' = ANY (t.modules)
    ORDER BY free DESC, t.name LIMIT 50""")


def places_of(session: Session, actor: Actor) -> list[WalletPlace]:
    """Those of the signed-in person, the fullest first."""
    rows = session.execute(_PLACES, {"person": actor.person_id, "coin": COIN})
    return [_place(row) for row in rows]


def _place(row: Row[Any]) -> WalletPlace:
    return WalletPlace(row.slug, row.name, int(row.free))
