"""Coins by hand: bonus lots, and corrections that need two people and a reason."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.ledger import AccountKind, AdjustmentState, LedgerAdjustment
from carehub.services.ledger.errors import AmountInvalid, ReasonMissing, SecondPersonNeeded
from carehub.services.ledger.views import AdjustmentView
from carehub.services.ledger.writing import Leg, give_lot, post

MOST_COINS = 1_000_000  # one move by hand
MOST_DAYS = 3 * 366

_CLIENT = text("SELECT EXISTS (SELECT FROM patient WHERE tenant_id = :tenant AND person_id = :person)")


def _check(session: Session, actor: Actor, person_id: UUID, amount: int, reason: str) -> str:
    if amount == 0 or abs(amount) > MOST_COINS:
        raise AmountInvalid(field="amount")
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if not session.scalar(_CLIENT, {"tenant": actor.tenant_id, "person": person_id}):
        raise NotFound
    return reason.strip()[:500]


@verb("wallet.manage")
def give_bonus(
    session: Session, actor: Actor, *, person_id: UUID, amount: int, days: int, reason: str, key: str
) -> None:
    """Bonus coins to one of the organisation's clients, gone after `days` (0: never). Once for each `key`.

    Raises AmountInvalid, ReasonMissing at the field, NotFound for somebody who is no client here.
    """
    reason = _check(session, actor, person_id, amount, reason)
    if amount < 0:
        raise AmountInvalid(field="amount")
    if not 0 <= days <= MOST_DAYS:
        raise AmountInvalid(field="days")
    # the end of the day it was asked on, so that a repeated request is the same request
    ends = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days + 1) if days else None
    give_lot(session, person_id, amount, key=f"bonus:{key}", expires_at=ends, reason=reason, person_id=actor.person_id)


@verb("wallet.manage")
def ask_adjustment(session: Session, actor: Actor, *, person_id: UUID, amount: int, reason: str) -> UUID:
    """Ask for a correction: coins more (or, negative, fewer) for a client. Nothing moves before somebody else approves it."""
    reason = _check(session, actor, person_id, amount, reason)
    assert actor.person_id is not None
    assert actor.tenant_id is not None
    asked = LedgerAdjustment(
        tenant_id=actor.tenant_id,
        id=new_id(),
        owner_id=person_id,
        amount=amount,
        reason=reason,
        asked_by=actor.person_id,
        created_at=clock.now(),
    )
    session.add(asked)
    session.flush()
    return asked.id


@verb("wallet.manage")
def answer_adjustment(session: Session, actor: Actor, *, adjustment_id: UUID, approve: bool) -> None:
    """Approve or refuse what a colleague asked for; approved, it is posted at once, once.

    Raises SecondPersonNeeded for one's own, NotFound when it was answered meanwhile, BelowFloor when the wallet has too few.
    """
    found = session.scalar(
        select(LedgerAdjustment)
        .where(
            col(LedgerAdjustment.tenant_id) == actor.tenant_id,
            col(LedgerAdjustment.id) == adjustment_id,
            col(LedgerAdjustment.state) == AdjustmentState.ASKED,
        )
        .with_for_update()
    )
    if found is None:
        raise NotFound
    if found.asked_by == actor.person_id:
        raise SecondPersonNeeded
    state = AdjustmentState.APPROVED if approve else AdjustmentState.REFUSED
    session.execute(
        update(LedgerAdjustment)
        .where(col(LedgerAdjustment.tenant_id) == actor.tenant_id, col(LedgerAdjustment.id) == adjustment_id)
        .values(state=state.value, answered_by=actor.person_id, answered_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if approve:
        _post(session, found)


def _post(session: Session, found: LedgerAdjustment) -> None:
    legs = [
        Leg(found.owner_id, AccountKind.COINS, found.amount),
        Leg(found.tenant_id, AccountKind.ADJUSTMENT, -found.amount),
    ]
    post(
        session,
        key=f"adjustment:{found.id}",
        kind="adjustment",
        legs=legs,
        person_id=found.asked_by,
        memo={"reason": found.reason},
    )


_LIST = text("""
    SELECT a.id, a.amount, a.reason, a.state, a.created_at, a.asked_by, p.given_name || ' ' || p.family_name AS person,
           concat_ws(' ', asked.given_name, asked.family_name) AS asker,
           concat_ws(' ', answered.given_name, answered.family_name) AS answerer
    FROM ledger_adjustment a
    LEFT JOIN LATERAL (SELECT given_name, family_name FROM patient WHERE tenant_id = a.tenant_id AND person_id = a.owner_id LIMIT 1) p
      ON true
    LEFT JOIN person asked ON asked.id = a.asked_by
    LEFT JOIN person answered ON answered.id = a.answered_by
    WHERE a.tenant_id = :tenant ORDER BY a.state = 'asked' DESC, a.id DESC LIMIT 50""")


@verb("wallet.read")
def adjustments(session: Session, actor: Actor) -> list[AdjustmentView]:
    """The newest fifty corrections, those that wait first."""
    return [_view(row, actor) for row in session.execute(_LIST, {"tenant": actor.tenant_id})]


def _view(row: Row[Any], actor: Actor) -> AdjustmentView:
    return AdjustmentView(
        id=str(row.id),
        person=row.person or "",
        amount=row.amount,
        reason=row.reason,
        state=row.state,
        asked_by=row.asker or "",
        answered_by=row.answerer or "",
        at=row.created_at.isoformat(),
        mine=row.asked_by == actor.person_id,
    )
