"""Who gets what of a captured amount: versioned rules per organisation and service. DI-092."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.ledger import AccountKind, SplitRule
from carehub.services.ledger.errors import SharesInvalid
from carehub.services.ledger.rules import POINTS, Split, share
from carehub.services.ledger.views import SplitView
from carehub.services.ledger.writing import NOBODY, Leg, books

_CURRENT = text("""
    SELECT tenant_points, platform_points FROM split_rule
    WHERE tenant_id = :tenant AND (service_id = :service OR service_id IS NULL) AND valid_from <= :now
    ORDER BY service_id NULLS LAST, valid_from DESC, id DESC LIMIT 1""")


def split_of(session: Session, service_id: UUID | None) -> Split:
    """The rule that counts now for a service of the session's tenant: its own, else the organisation's, else 80 to 20."""
    with books(session) as tenant_id:
        values = {"tenant": tenant_id, "service": service_id, "now": clock.now()}
        row = session.execute(_CURRENT, values).one_or_none()
    return Split(row.tenant_points, row.platform_points) if row else Split()


def shares_of(session: Session, amount: int, *, practitioner_id: UUID, service_id: UUID | None) -> list[Leg]:
    """The legs that `capture` shares `amount` out to, the professional's first: what rounding leaves is theirs."""
    parts = share(amount, split_of(session, service_id))
    tenant_id = UUID(session.info["tenant"])
    return [
        Leg(practitioner_id, AccountKind.EARNING, parts.professional),
        Leg(tenant_id, AccountKind.REVENUE, parts.tenant),
        Leg(NOBODY, AccountKind.PLATFORM, parts.platform),
    ]


def points(per_cent: str) -> int:
    """What someone typed ("20", "17,5") in hundredths of a per cent. Raises SharesInvalid at the field `per_cent`."""
    try:
        value = Decimal(per_cent.strip().replace(",", ".") or "0") * 100
    except InvalidOperation:
        raise SharesInvalid(field="per_cent") from None
    if not value.is_finite() or value != value.to_integral_value() or not 0 <= value <= POINTS:
        raise SharesInvalid(field="per_cent")
    return int(value)


_SERVICE = text("SELECT EXISTS (SELECT FROM service WHERE tenant_id = :tenant AND id = :service)")


@verb("wallet.manage")
def set_split(
    session: Session, actor: Actor, *, per_cent: str, service_id: UUID | None = None, valid_from: datetime | None = None
) -> None:
    """From `valid_from` (default: now) the organisation keeps `per_cent` of a service, or of all without a rule of their own.

    CareHub's own cut stays what it is. What was captured before keeps the shares of its day. Raises SharesInvalid, NotFound.
    """
    now = clock.now()
    if service_id is not None and not session.scalar(_SERVICE, {"tenant": actor.tenant_id, "service": service_id}):
        raise NotFound
    kept = split_of(session, service_id)
    wanted = points(per_cent)
    if wanted + kept.platform > POINTS:
        raise SharesInvalid(field="per_cent")
    assert actor.tenant_id is not None
    session.add(
        SplitRule(
            tenant_id=actor.tenant_id,
            id=new_id(),
            service_id=service_id,
            tenant_points=wanted,
            platform_points=kept.platform,
            valid_from=max(valid_from or now, now),
            created_by=actor.person_id,
            created_at=now,
        )
    )
    session.flush()


_RULES = text("""
    SELECT DISTINCT ON (r.service_id) r.service_id, s.name, r.tenant_points, r.platform_points, r.valid_from
    FROM split_rule r LEFT JOIN service s ON s.tenant_id = r.tenant_id AND s.id = r.service_id
    WHERE r.tenant_id = :tenant AND r.valid_from <= :now ORDER BY r.service_id NULLS FIRST, r.valid_from DESC, r.id DESC""")


@verb("wallet.read")
def splits(session: Session, actor: Actor) -> list[SplitView]:
    """The rules that count now: the organisation's first, then those of single services."""
    rows = session.execute(_RULES, {"tenant": actor.tenant_id, "now": clock.now()}).all()
    general = [] if any(row.service_id is None for row in rows) else [_shown(Split(), "", "", "")]
    return [*general, *(_of_row(row) for row in rows)]


def _of_row(row: Row[Any]) -> SplitView:
    split = Split(row.tenant_points, row.platform_points)
    return _shown(split, str(row.service_id or ""), row.name or "", row.valid_from.isoformat())


def _shown(split: Split, service_id: str, service: str, valid_from: str) -> SplitView:
    rest = POINTS - split.tenant - split.platform
    tenant, platform, professional = (f"{part / 100:.2f}" for part in (split.tenant, split.platform, rest))
    return SplitView(service_id, service, tenant, platform, professional, valid_from)
