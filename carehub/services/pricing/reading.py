"""What decides a price, as the database has it. In the tenant's scope, as ch_booking or ch_app."""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core.money import digits
from carehub.core.permissions import Module
from carehub.models.practice import Prepay
from carehub.services.pricing.errors import CodeElsewhere, CodeForFirst, CodeOver, CodeUnknown, CodeUsed
from carehub.services.pricing.rules import Hours, Promo, default_coin_minor

# One value of a statement that already reads the service: its hours that cost more or less.
HOURS_SQL = """(SELECT jsonb_agg(jsonb_build_object('name', r.name, 'weekdays', r.weekdays, 'starts', r.starts, 'ends', r.ends,
        'percent', r.percent, 'service', r.service_id, 'from', r.valid_from, 'until', r.valid_until) ORDER BY r.id)
    FROM price_rule r WHERE r.tenant_id = t.id AND r.active AND (r.service_id IS NULL OR r.service_id = s.id))"""
# Whether the person has a paid session of that service that still counts.
SESSION_SQL = """EXISTS (SELECT FROM package_session k WHERE k.tenant_id = t.id AND k.person_id = cast(:person AS uuid)
    AND k.service_id = s.id AND k.state = 'free' AND (k.expires_at IS NULL OR k.expires_at > :now))"""


def hours_of(stored: list[dict[str, Any]] | None) -> list[Hours]:
    """What HOURS_SQL answered."""
    return [_hours(one) for one in stored or ()]


def _hours(one: Mapping[str, Any]) -> Hours:
    return Hours(
        name=one["name"],
        weekdays=frozenset(one["weekdays"]),
        starts=time.fromisoformat(one["starts"]),
        ends=time.fromisoformat(one["ends"]),
        percent=one["percent"],
        service_id=UUID(one["service"]) if one["service"] else None,
        valid_from=date.fromisoformat(one["from"]) if one["from"] else None,
        valid_until=date.fromisoformat(one["until"]) if one["until"] else None,
    )


def prepay_of(service: str, tenant: str, modules: list[str]) -> Prepay:
    """What is paid when the service is booked: its own rule, else the organisation's; nothing where the wallet is switched off."""
    if Module.WALLET.value not in modules:
        return Prepay.NONE
    chosen = Prepay(service)
    return Prepay(tenant) if chosen is Prepay.RULE else chosen


def coin_minor_of(billing: Mapping[str, Any], currency: str) -> int:
    """What one coin is worth in the organisation's currency, in minor units."""
    stored = int(Decimal(str(billing.get("coin_price") or 0)).scaleb(digits(currency)))
    return stored if stored > 0 else default_coin_minor(currency)


_PROMO = text("""
    SELECT c.*, (SELECT count(*) FROM checkout o WHERE o.tenant_id = c.tenant_id AND o.promo_id = c.id AND o.person_id = :person
                 AND o.id <> cast(:but AS uuid) AND o.state IN ('paying', 'held', 'captured')) AS mine,
           EXISTS (SELECT FROM appointment a WHERE a.tenant_id = c.tenant_id AND a.person_id = :person
                   AND a.status NOT IN ('cancelled', 'declined')) AS known
    FROM promo_code c WHERE c.tenant_id = :tenant AND c.code = :code AND c.active""")
_LOCK = text("SELECT FROM promo_code WHERE tenant_id = :tenant AND code = :code FOR UPDATE")


def clean_code(typed: str) -> str:
    return "".join(typed.split()).upper()[:40]


def check_code(
    session: Session, code: str, *, person_id: UUID, service_id: UUID, on: date, but: UUID, lock: bool = False
) -> tuple[UUID, Promo]:
    """The code's id and what it takes off, for that person, service and day. `lock`: whoever takes the last use takes turns.

    Raises CodeUnknown, CodeOver, CodeElsewhere, CodeForFirst, CodeUsed, all at the field `code`. MC-145, MC-146.
    """
    values = {"tenant": UUID(session.info["tenant"]), "code": clean_code(code)}
    if lock:
        session.execute(_LOCK, values)
    row = session.execute(_PROMO, values | {"person": person_id, "but": but}).one_or_none()
    if row is None:
        raise CodeUnknown(field="code")
    _check_use(row, service_id, on)
    return row.id, Promo(row.code, row.percent, row.amount_minor)


def _check_use(row: Row[Any], service_id: UUID, on: date) -> None:
    if (row.valid_from and on < row.valid_from) or (row.valid_until and on > row.valid_until):
        raise CodeOver(field="code")
    if row.service_id not in (None, service_id):
        raise CodeElsewhere(field="code")
    if row.first_visit and row.known:
        raise CodeForFirst(field="code")
    if (row.in_all is not None and row.used >= row.in_all) or (
        row.per_person is not None and row.mine >= row.per_person
    ):
        raise CodeUsed(field="code")


_COUNT = text("UPDATE promo_code SET used = used + :by WHERE tenant_id = :tenant AND id = :id AND used + :by >= 0")


def count_use(session: Session, promo_id: UUID, by: int) -> None:
    """One use more (1), or given back (-1)."""
    session.execute(_COUNT, {"tenant": UUID(session.info["tenant"]), "id": promo_id, "by": by})
