"""What a package's payment becomes: one hold a session, so that each is taken when it is used and can go back when it is not."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.ids import new_id
from carehub.models.checkout import Checkout, CheckoutPart
from carehub.models.pricing import PackageSession
from carehub.services.checkout import rows
from carehub.services.ledger import hold, release
from carehub.services.ledger.writing import COIN

MONTH = timedelta(days=30.44)

_PACKAGE = text("SELECT sessions, months FROM package WHERE tenant_id = :tenant AND id = :id")


def evenly(amount: int, count: int) -> list[int]:
    """An amount in `count` whole parts that differ by one at most, the larger ones first."""
    return [amount // count + (1 if place < amount % count else 0) for place in range(count)]


def add_sessions(session: Session, checkout: Checkout) -> None:
    """The holds of the payment become one for each session, of the same coins and money."""
    row = session.execute(_PACKAGE, {"tenant": checkout.tenant_id, "id": checkout.package_id}).one()
    ends = clock.now() + MONTH * row.months if row.months else None
    parts = rows.parts_of(session, checkout.id)
    made = [
        _session(checkout, place, ends, value) for place, value in enumerate(evenly(checkout.total_minor, row.sessions))
    ]
    for part in parts:
        assert part.hold_id is not None
        release(session, part.hold_id, person_id=checkout.person_id, reason="")
        for one, units in zip(made, evenly(part.amount, row.sessions), strict=True):
            if units:
                _put(one, part, units, _hold(session, checkout, part, one, units))
    for one in made:
        session.add(one)
    session.flush()


def _session(checkout: Checkout, place: int, ends: datetime | None, value: int) -> PackageSession:
    assert checkout.package_id is not None
    return PackageSession(
        tenant_id=checkout.tenant_id,
        id=new_id(),
        package_id=checkout.package_id,
        service_id=checkout.service_id,
        person_id=checkout.person_id,
        purchase_id=checkout.id,
        seq=place,
        value_minor=value,
        expires_at=ends,
        created_at=clock.now(),
    )


def _hold(session: Session, checkout: Checkout, part: CheckoutPart, one: PackageSession, units: int) -> UUID:
    return hold(
        session,
        checkout.person_id,
        units,
        key=f"session:{one.id}:{part.currency}",
        purpose="package",
        reference=f"checkout:{checkout.id}",
        expires_at=(one.expires_at or clock.now() + timedelta(days=3650)) + rows.KEEP_HOLDS,
        person_id=checkout.person_id,
        currency=part.currency,
    )


def _put(one: PackageSession, part: CheckoutPart, units: int, hold_id: UUID) -> None:
    if part.currency == COIN:
        one.coins, one.coins_hold_id = units, hold_id
    else:
        one.money_minor, one.money_hold_id, one.payment_id = units, hold_id, part.payment_id


_BACK = text("UPDATE package_session SET state = :state WHERE tenant_id = :tenant AND id = :id")


def mark_session(session: Session, tenant_id: UUID, session_id: UUID, state: str) -> None:
    session.execute(_BACK, {"tenant": tenant_id, "id": session_id, "state": state})
