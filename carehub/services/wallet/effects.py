"""What a payment's events mean for coins. Each step carries a key and happens once, in whatever order the events come.

Bought coins come with `payment.succeeded`. What goes back to the card takes its coins along: those that are left are destroyed, those
that were spent are owed, and the next coins fill them first. A dispute takes the coins until it is decided.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.bus import announce
from carehub.models.ledger import AccountKind
from carehub.models.wallet import CoinPurchase, PurchaseState
from carehub.services import ledger
from carehub.services.ledger.writing import COIN, Leg, books, post
from carehub.services.payments.scope import payments_of

BOUGHT, TOP_UP_FAILED, RETURNED = "coins.bought", "coins.top_up_failed", "coins.returned"


def _locked(session: Session, payload: dict[str, Any]) -> CoinPurchase | None:
    statement = select(CoinPurchase).where(
        col(CoinPurchase.tenant_id) == UUID(session.info["tenant"]), col(CoinPurchase.id) == UUID(payload["subject_id"])
    )
    return session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def issue_bought(session: Session, payload: dict[str, Any]) -> None:
    """The coins come into the wallet; what is owed is filled first."""
    with payments_of(session):
        found = _locked(session, payload)
        if found is None or found.bought_at is not None:
            return
        reference, coins, who = f"purchase:{found.id}", found.coins - found.returned, found.person_id
        if coins:
            ledger.issue(session, who, coins, key=reference, reference=reference, person_id=who)
        found.bought_at = clock.now()
        if found.state == PurchaseState.DISPUTED:  # its bank was quicker than we
            found.frozen = _take(session, found, coins, key=f"frozen:{found.id}")
        elif found.state in (PurchaseState.OPEN, PurchaseState.FAILED):
            found.state = PurchaseState.BOUGHT
        _fill_owed(session, found)
        session.flush()
    announce(session, "wallet", person_id=found.person_id)
    outbox.emit(session, BOUGHT, purchase_id=str(found.id), person_id=str(found.person_id))


def _fill_owed(session: Session, bought: CoinPurchase) -> None:
    """Coins that were owed are destroyed out of the new ones."""
    owing = session.scalars(
        select(CoinPurchase)
        .where(
            col(CoinPurchase.tenant_id) == bought.tenant_id,
            col(CoinPurchase.person_id) == bought.person_id,
            col(CoinPurchase.owed) > 0,
        )
        .order_by(col(CoinPurchase.id))
        .with_for_update()
    )
    left = _has(session, bought.person_id)
    for one in owing:
        taken = min(left, one.owed)
        if taken:
            _destroy(session, bought.person_id, taken, key=f"owed:{one.id}:{bought.id}", reference=f"purchase:{one.id}")
            one.owed, left = one.owed - taken, left - taken


def _destroy(session: Session, person_id: UUID, coins: int, *, key: str, reference: str) -> None:
    tenant_id = UUID(session.info["tenant"])
    legs = [Leg(person_id, AccountKind.COINS, -coins), Leg(tenant_id, AccountKind.ISSUED, coins)]
    post(session, key=key, kind="return", legs=legs, reference=reference, person_id=person_id)


_BALANCE = text("""
    SELECT balance FROM ledger_account WHERE tenant_id = :tenant AND owner_id = :owner AND kind = 'coins' AND currency = :coin""")


def _has(session: Session, person_id: UUID) -> int:
    """Bought coins that are free. Who spends them in the same instant makes the move fail, and it is tried again."""
    with books(session) as tenant_id:
        found = session.scalar(_BALANCE, {"tenant": tenant_id, "owner": person_id, "coin": COIN})
    return max(int(found or 0), 0)


def fail(session: Session, payload: dict[str, Any]) -> None:
    """A purchase that the bank refused or nobody finished. An automatic one is told, and not tried again by itself."""
    with payments_of(session):
        found = _locked(session, payload)
        if found is None or found.state != PurchaseState.OPEN:
            return
        found.state = PurchaseState.FAILED
        session.flush()
        if found.automatic:
            session.execute(_NO_TOP_UP, {"tenant": found.tenant_id, "person": found.person_id})
    if found.automatic:
        outbox.emit(session, TOP_UP_FAILED, purchase_id=str(found.id), person_id=str(found.person_id))


_NO_TOP_UP = text("UPDATE wallet_settings SET top_up = false WHERE tenant_id = :tenant AND person_id = :person")


_POSTED = text("SELECT EXISTS (SELECT FROM ledger_transaction WHERE tenant_id = :tenant AND key = :key)")


def _is_posted(session: Session, key: str) -> bool:
    with books(session) as tenant_id:
        return bool(session.scalar(_POSTED, {"tenant": tenant_id, "key": key}))


def take_for_refund(session: Session, found: CoinPurchase, coins: int, refund_id: UUID) -> None:
    """The coins of a refund that was asked for leave the wallet before its money does. Raises BelowFloor when they are spent."""
    _destroy(session, found.person_id, coins, key=f"refund:{refund_id}", reference=f"purchase:{found.id}")


def refunded(session: Session, payload: dict[str, Any]) -> None:
    """Money went back: so do its coins. A refund made at Stripe takes what is left, the rest is owed."""
    with payments_of(session):
        found = _locked(session, payload)
        if found is None:
            return
        key, coins = f"refund:{payload['refund_id']}", int(payload["amount"]) // found.coin_minor
        coins = min(coins, found.coins - found.returned)
        if not _is_posted(session, key) and found.bought_at is not None:
            found.owed += coins - _take(session, found, coins, key=key)
        found.returned += coins
        if found.returned == found.coins:
            found.state = PurchaseState.REFUNDED
        session.flush()
    announce(session, "wallet", person_id=found.person_id)
    outbox.emit(session, RETURNED, purchase_id=str(found.id), person_id=str(found.person_id), coins=coins)


def _take(session: Session, found: CoinPurchase, coins: int, *, key: str) -> int:
    """What is left of so many coins leaves the wallet; how many it was."""
    taken = min(coins, _has(session, found.person_id))
    if taken:
        _destroy(session, found.person_id, taken, key=key, reference=f"purchase:{found.id}")
    return taken


def _give_again(session: Session, found: CoinPurchase, coins: int, *, key: str) -> None:
    if coins:
        ledger.issue(session, found.person_id, coins, key=key, reference=f"purchase:{found.id}")


def refund_failed(session: Session, payload: dict[str, Any]) -> None:
    """The money stayed, so the coins come back."""
    with payments_of(session):
        found = _locked(session, payload)
        if found is not None and _is_posted(session, f"refund:{payload['refund_id']}"):
            coins = int(payload["amount"]) // found.coin_minor
            _give_again(session, found, coins, key=f"refund-failed:{payload['refund_id']}")


def disputed(session: Session, payload: dict[str, Any]) -> None:
    """Opened: what is left of the coins leaves the wallet. Won by us: it comes back. Lost: what was spent is owed."""
    with payments_of(session):
        found = _locked(session, payload)
        if found is None:
            return
        if payload["state"] == "open":
            _freeze(session, found, f"dispute:{payload['dispute_id']}")
        elif payload["state"] == "lost" and found.state != PurchaseState.LOST:
            found.owed += found.coins - found.returned - found.frozen if found.bought_at else 0
            found.returned, found.frozen, found.state = found.coins, 0, PurchaseState.LOST
        elif payload["state"] == "won" and found.state == PurchaseState.DISPUTED:
            _give_again(session, found, found.frozen, key=f"dispute-won:{payload['dispute_id']}")
            found.frozen, found.state = 0, PurchaseState.BOUGHT
        session.flush()


def _freeze(session: Session, found: CoinPurchase, key: str) -> None:
    if found.state not in (PurchaseState.BOUGHT, PurchaseState.OPEN):
        return
    if found.bought_at is not None:
        found.frozen = _take(session, found, found.coins - found.returned, key=key)
    found.state = PurchaseState.DISPUTED
