"""What a practitioner has earned and may be paid, from the books. Earnings become payable some days after the service was done."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.models.ledger import AccountKind
from carehub.services.ledger.writing import COIN, Leg, books, post

_BALANCES = text("""
    SELECT a.currency, coalesce(sum(a.balance) FILTER (WHERE a.kind = 'earning'), 0) AS earning,
           coalesce(sum(a.balance) FILTER (WHERE a.kind = 'payable'), 0) AS payable,
           coalesce(sum(a.balance) FILTER (WHERE a.kind = 'payout'), 0) AS payout,
           coalesce((SELECT sum(e.amount) FROM ledger_entry e
                     JOIN ledger_transaction t ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id
                     WHERE e.tenant_id = :tenant AND e.owner_id = :owner AND e.currency = a.currency AND e.kind = 'earning'
                       AND t.kind IN ('capture', 'refund', 'dispute', 'dispute won') AND t.at > :since), 0) AS fresh
    FROM ledger_account a WHERE a.tenant_id = :tenant AND a.owner_id = :owner AND a.kind IN ('earning', 'payable', 'payout')
    GROUP BY a.currency""")


@dataclass(frozen=True)
class Balance:
    """In one currency. `maturing` is too fresh to be paid; `available` what can be asked for, less what is owed back."""

    currency: str
    earning: int
    payable: int
    on_its_way: int
    maturing: int

    @property
    def ripe(self) -> int:
        """What moves from earned to payable now; negative: a refund that came after is filled from what was payable."""
        ripe = self.earning - self.maturing
        return ripe if ripe >= 0 else -min(-ripe, max(self.payable, 0))

    @property
    def available(self) -> int:
        return max(0, self.payable + self.earning - self.maturing)


def balances(session: Session, practitioner_id: UUID, *, days: int) -> list[Balance]:
    """By currency, coins among them."""
    with books(session) as tenant_id:
        values = {"tenant": tenant_id, "owner": practitioner_id, "since": clock.now() - timedelta(days=days)}
        rows = session.execute(_BALANCES, values).all()
    return [_balance(row) for row in rows]


def _balance(row: Row[Any]) -> Balance:
    return Balance(row.currency, int(row.earning), int(row.payable), int(row.payout), max(0, int(row.fresh)))


def lock_earner(session: Session, practitioner_id: UUID) -> None:
    """Whoever moves a practitioner's earnings takes turns: two devices ask for one amount once."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 11))"), {"id": str(practitioner_id)})


_NEWEST = text("""
    SELECT max(transaction_id::text) FROM ledger_entry WHERE tenant_id = :tenant AND owner_id = :owner AND currency = :currency""")


def ripen(session: Session, practitioner_id: UUID, *, days: int) -> None:
    """Move what has waited long enough to where it can be paid from. The caller holds `lock_earner`."""
    for one in balances(session, practitioner_id, days=days):
        if not one.ripe:
            continue
        with books(session) as tenant_id:
            asked = {"tenant": tenant_id, "owner": practitioner_id, "currency": one.currency}
            newest = session.scalar(_NEWEST, asked)
            legs = [
                Leg(practitioner_id, AccountKind.EARNING, -one.ripe),
                Leg(practitioner_id, AccountKind.PAYABLE, one.ripe),
            ]
            key = f"ripe:{practitioner_id}:{one.currency}:{newest}"
            post(session, key=key, kind="confirmation", legs=legs, currency=one.currency)


def set_aside(
    session: Session, practitioner_id: UUID, key: str, parts: dict[str, int], *, kind: str, by: UUID | None
) -> None:
    """Payable amounts go on their way, or (negative) come back, by currency."""
    for currency, amount in parts.items():
        if amount:
            legs = [
                Leg(practitioner_id, AccountKind.PAYABLE, -amount),
                Leg(practitioner_id, AccountKind.PAYOUT, amount),
            ]
            post(session, key=f"{key}:{currency}", kind=kind, legs=legs, currency=currency, person_id=by)


def pay_off(
    session: Session,
    practitioner_id: UUID,
    key: str,
    *,
    currency: str,
    coins: int,
    coins_minor: int,
    money: int,
    withheld: int,
    by: UUID | None,
    back: bool = False,
) -> None:
    """What was on its way has left: coins exist no more, money went out, what was withheld waits for the state. `back`: the bank
    returned it, and it is payable again."""
    tenant_id = UUID(session.info["tenant"])
    sign, kind = (-1, AccountKind.PAYABLE) if back else (1, AccountKind.PAYOUT)
    told = "payout returned" if back else "payout paid"
    if coins:
        legs = [Leg(practitioner_id, kind, -sign * coins), Leg(tenant_id, AccountKind.ISSUED, sign * coins)]
        post(session, key=f"{key}:{COIN}", kind=told, legs=legs, person_id=by)
    out = money - withheld  # beside what redeemed coins are worth, which left as money and stood nowhere before
    legs = [
        Leg(practitioner_id, kind, -sign * money),
        Leg(tenant_id, AccountKind.ISSUED, sign * out),
        Leg(tenant_id, AccountKind.TAX, sign * withheld),
    ]
    if money or withheld:
        memo = {"coins_minor": coins_minor}
        post(session, key=f"{key}:{currency}", kind=told, legs=legs, currency=currency, person_id=by, memo=memo)
