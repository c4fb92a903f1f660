"""The rates that count: a country's, and an organisation's own over them, each from its day. DI-094, DI-095, CD-112."""

from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.payouts import TaxKind, TaxRegime
from carehub.services.payouts.errors import RateInvalid
from carehub.services.payouts.rules import KNOWN, POINTS, Rate, Taxes, rate_on, taxed
from carehub.services.payouts.views import TaxRuleView

_OWN = text("SELECT kind, country, points, valid_from FROM tax_rule WHERE tenant_id = :tenant ORDER BY created_at, id")
_COUNTRY = text("SELECT country FROM tenant WHERE id = :tenant")


def country_of(session: Session, tenant_id: UUID) -> str:
    return str(session.scalar(_COUNTRY, {"tenant": tenant_id}))


def rates_of(session: Session, tenant_id: UUID) -> list[Rate]:
    """The country's first, then the organisation's own: of two that began on one day the later counts."""
    own = session.execute(_OWN, {"tenant": tenant_id})
    return [*KNOWN, *(Rate(TaxKind(row.kind), row.country, row.points, row.valid_from) for row in own)]


def taxes_of(session: Session, tenant_id: UUID, gross: int, regime: TaxRegime, *, on: date) -> Taxes:
    """What becomes of a gross share that is paid on a day."""
    rates, country = rates_of(session, tenant_id), country_of(session, tenant_id)
    return taxed(
        gross,
        regime,
        vat_points=rate_on(rates, TaxKind.VAT, country, on),
        withholding_points=rate_on(rates, TaxKind.WITHHOLDING, country, on),
    )


@verb("payouts.manage")
def tax_rules(session: Session, actor: Actor) -> list[TaxRuleView]:
    """Both rates of the organisation's country as they count today, and what is decided for later."""
    assert actor.tenant_id is not None
    country, today = country_of(session, actor.tenant_id), clock.now().date()
    rates = [one for one in rates_of(session, actor.tenant_id) if one.country == country]
    found = []
    for kind in TaxKind:
        points = rate_on(rates, kind, country, today)
        begun = [one for one in rates if one.kind == kind and one.valid_from <= today and one.points == points]
        since = max((one.valid_from for one in begun), default=None)
        own = any(one not in KNOWN for one in begun)
        found.append(TaxRuleView(kind.value, country, f"{points / 100:.2f}", since.isoformat() if since else "", own))
        found += [
            TaxRuleView(kind.value, country, f"{one.points / 100:.2f}", one.valid_from.isoformat(), own=True)
            for one in rates
            if one.kind == kind and one.valid_from > today
        ]
    return found


def points_of(per_cent: str) -> int:
    """Raises RateInvalid at the field `per_cent`."""
    try:
        value = Decimal(per_cent.strip().replace(",", ".").removesuffix("%").strip()) * 100
    except InvalidOperation:
        raise RateInvalid(field="per_cent") from None
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value <= POINTS:
        raise RateInvalid(field="per_cent")
    return int(value)


_SET = text("""
    INSERT INTO tax_rule (tenant_id, id, kind, country, points, valid_from) VALUES (:tenant, :id, :kind, :country, :points, :from)
    ON CONFLICT (tenant_id, kind, country, valid_from) DO UPDATE SET points = excluded.points""")


@verb("payouts.manage")
def set_tax_rule(session: Session, actor: Actor, *, kind: TaxKind, per_cent: str, valid_from: date) -> None:
    """From that day on the organisation's rate is `per_cent`. Payouts that were asked for keep theirs. Raises RateInvalid."""
    assert actor.tenant_id is not None
    values = {"tenant": actor.tenant_id, "id": new_id(), "kind": kind.value, "points": points_of(per_cent)}
    session.execute(_SET, values | {"country": country_of(session, actor.tenant_id), "from": valid_from})
