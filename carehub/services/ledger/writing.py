"""The ledger's moves, for the services that take or give money: within the caller's transaction and tenant.

Every move carries a key and happens once: asked again, it answers what the first made. Amounts are whole units of the currency
(coins, or minor units of money); a move never mixes currencies. Nothing here decides whether it is allowed: the verb does.
"""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.models.ledger import AccountKind
from carehub.services.ledger.errors import BelowFloor, HoldClosed, KeyReused, MoreThanPaid, NotEnoughCoins

COIN = "COIN"
NOBODY = UUID(int=0)  # whose accounts CareHub's own share stands on
SHARDS = 8  # of accounts that every move of a tenant meets, so that moves do not queue for one row
FLOOR = "ledger_account_floor_check"
SHARDED = (AccountKind.REVENUE, AccountKind.PLATFORM, AccountKind.ISSUED)


@dataclass(frozen=True)
class Leg:
    """What one account gains (or, negative, loses). `account` names one; otherwise the owner's of that kind, made at need."""

    owner_id: UUID
    kind: AccountKind
    amount: int
    account: UUID | None = None

    def seen(self, key: str) -> dict[str, Any]:
        """As ledger_post reads it. The shard follows from the key, so that a repeated request is the same request."""
        if self.account is not None:
            return {"account": str(self.account), "amount": self.amount}
        shard = zlib.crc32(key.encode()) % SHARDS if self.kind in SHARDED else 0
        return {"owner": str(self.owner_id), "kind": self.kind.value, "shard": shard, "amount": self.amount}


def books(session: Session) -> AbstractContextManager[UUID]:
    """The books of the session's own tenant."""
    return books_of(session, UUID(session.info["tenant"]))


@contextmanager
def books_of(session: Session, tenant_id: UUID) -> Iterator[UUID]:
    """ch_money in a tenant, for as long as it takes; the tenant's id. The database's refusals become ours."""
    try:
        if session.info["role"] == Role.MONEY.value and session.info["tenant"] == str(tenant_id):
            yield tenant_id
        else:
            with tenant_scope(session, Role.MONEY, tenant_id):
                yield tenant_id
    except DBAPIError as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: DBAPIError) -> Exception | None:
    orig = error.orig
    state = getattr(orig, "sqlstate", "") or ""
    detail = getattr(getattr(orig, "diag", None), "message_detail", "") or "0"
    params = error.params if isinstance(error.params, dict) else {}
    match state:
        case "CH402":
            return NotEnoughCoins(have=detail, need=str(params.get("amount", "")))
        case "CH404":
            return NotFound()
        case "CH409":
            return KeyReused()
        case "CH410":
            return HoldClosed()
        case "CH422":
            return MoreThanPaid(left=detail)
        case "23514" if getattr(getattr(orig, "diag", None), "constraint_name", "") == FLOOR:
            return BelowFloor()
    return None


_POST = text("SELECT ledger_post(:id, :key, :kind, :reference, :person, :memo, :at, :currency, :legs)").bindparams(
    bindparam("memo", type_=JSONB), bindparam("legs", type_=JSONB)
)


def post(
    session: Session,
    *,
    key: str,
    kind: str,
    legs: Sequence[Leg],
    currency: str = COIN,
    reference: str = "",
    person_id: UUID | None = None,
    memo: dict[str, Any] | None = None,
) -> UUID:
    """A transaction of two or more legs that sum to zero; its id. Raises KeyReused, BelowFloor."""
    values = {"id": new_id(), "key": key, "kind": kind, "reference": reference, "person": person_id, "memo": memo or {}}
    asked = {"at": clock.now(), "currency": currency, "legs": [leg.seen(key) for leg in legs]}
    with books(session):
        found: UUID = session.scalar(_POST, values | asked)
    return found


def issue(
    session: Session, owner_id: UUID, amount: int, *, key: str, reference: str = "", person_id: UUID | None = None
) -> UUID:
    """Bought coins come into a person's wallet. The money that paid them is another posting, of its own currency."""
    tenant_id = UUID(session.info["tenant"])
    legs = [Leg(tenant_id, AccountKind.ISSUED, -amount), Leg(owner_id, AccountKind.COINS, amount)]
    return post(session, key=key, kind="purchase", legs=legs, reference=reference, person_id=person_id)


_LOT = text("SELECT ledger_account_of(:owner, 'bonus', :currency, 0::smallint, :lot, :expires)")


def give_lot(
    session: Session,
    owner_id: UUID,
    amount: int,
    *,
    key: str,
    expires_at: datetime | None,
    reason: str,
    person_id: UUID | None = None,
) -> UUID:
    """Bonus coins come into a person's wallet, apart from bought ones, drawn first, gone at `expires_at`."""
    with books(session) as tenant_id:
        wanted = {"owner": owner_id, "currency": COIN, "lot": uuid5(tenant_id, key), "expires": expires_at}
        lot = session.scalar(_LOT, wanted)
        legs = [Leg(tenant_id, AccountKind.ISSUED, -amount), Leg(owner_id, AccountKind.BONUS, amount, account=lot)]
        return post(session, key=key, kind="bonus", legs=legs, person_id=person_id, memo={"reason": reason})


_HOLD = text("""SELECT ledger_hold(:id, :transaction, :key, :owner, :currency, :amount, :purpose, :reference, :person, :now,
    :expires)""")


def hold(
    session: Session,
    owner_id: UUID,
    amount: int,
    *,
    key: str,
    purpose: str,
    reference: str,
    expires_at: datetime,
    person_id: UUID | None = None,
    currency: str = COIN,
) -> UUID:
    """Set `amount` of a person's coins aside until it is captured, released, or `expires_at` (DI-046, DI-063); the hold's id.

    Bonus lots that end soonest are drawn first, bought coins last. Raises NotEnoughCoins, KeyReused.
    """
    ids = {"id": new_id(), "transaction": new_id(), "key": key, "owner": owner_id, "person": person_id}
    what = {"currency": currency, "amount": amount, "purpose": purpose, "reference": reference}
    with books(session):
        found: UUID = session.scalar(_HOLD, {**ids, **what, "now": clock.now(), "expires": expires_at})
    return found


_CAPTURE = text("SELECT ledger_capture(:hold, :transaction, :amount, :shares, :person, :memo, :now)").bindparams(
    bindparam("shares", type_=JSONB), bindparam("memo", type_=JSONB)
)


def capture(
    session: Session,
    hold_id: UUID,
    amount: int,
    shares: Sequence[Leg],
    *,
    person_id: UUID | None = None,
    memo: dict[str, Any] | None = None,
) -> UUID:
    """Take `amount` of a hold, shared out as told (the professional's share first), and give the rest back where it came from
    (DI-064). Once: raises HoldClosed when it was resolved in another way."""
    key = f"capture:{hold_id}"
    told = [leg.seen(key) for leg in shares]
    values = {"hold": hold_id, "transaction": new_id(), "amount": amount, "shares": told, "person": person_id}
    with books(session):
        found: UUID = session.scalar(_CAPTURE, {**values, "memo": memo or {}, "now": clock.now()})
    return found


_RELEASE = text("SELECT ledger_release(:hold, :transaction, :state, :person, :memo, :now)").bindparams(
    bindparam("memo", type_=JSONB)
)


def release(
    session: Session, hold_id: UUID, *, expired: bool = False, person_id: UUID | None = None, reason: str = ""
) -> UUID:
    """Give all of a hold back where it came from. Once: raises HoldClosed when it was captured."""
    values = {"hold": hold_id, "transaction": new_id(), "state": "expired" if expired else "released"}
    with books(session):
        found: UUID = session.scalar(
            _RELEASE, {**values, "person": person_id, "memo": {"reason": reason}, "now": clock.now()}
        )
    return found


_REFUND = text("SELECT ledger_refund(:hold, :transaction, :key, :amount, :person, :memo, :now)").bindparams(
    bindparam("memo", type_=JSONB)
)


def refund(
    session: Session, hold_id: UUID, amount: int, *, key: str, reason: str, person_id: UUID | None = None
) -> UUID:
    """Give back part or all of what was captured: every share pro rata, so that all refunds of a hold together never take more
    than each share got; to the wallets it came from, bought coins first. Raises MoreThanPaid, HoldClosed, KeyReused."""
    values = {"hold": hold_id, "transaction": new_id(), "key": key, "amount": amount, "person": person_id}
    with books(session):
        found: UUID = session.scalar(_REFUND, {**values, "memo": {"reason": reason}, "now": clock.now()})
    return found
