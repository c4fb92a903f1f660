"""The administrator's part: look, approve (two people where much or new), refuse, send, and say what the bank did. DI-096."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.payouts import Payout, PayoutBatch, PayoutState
from carehub.services.identity.step_up import check_recent_proof
from carehub.services.ledger.errors import ReasonMissing
from carehub.services.ledger.writing import COIN
from carehub.services.payouts.asking import TOPIC, next_number
from carehub.services.payouts.balances import lock_earner, pay_off, set_aside
from carehub.services.payouts.errors import NothingChosen, OwnPayout, SecondNeeded, WrongStep
from carehub.services.payouts.gate import known_of
from carehub.services.payouts.reading import PAYOUT, access_payout, read_terms, view_of
from carehub.services.payouts.views import PayoutView

MANAGE = "payouts.manage"
WAITING = (PayoutState.ASKED, PayoutState.SECOND)


def _change(session: Session, payout: Payout, **values: Any) -> None:
    session.execute(
        update(Payout)
        .where(col(Payout.tenant_id) == payout.tenant_id, col(Payout.id) == payout.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    announce(session, TOPIC)


def _tell(session: Session, payout: Payout, what: str, *, reason: str = "") -> None:
    outbox.emit(
        session,
        f"payout.{what}",
        payout_id=str(payout.id),
        practitioner_id=str(payout.practitioner_id),
        number=payout.number,
        reason=reason,
    )


@verb(MANAGE)
def read_payout(session: Session, actor: Actor, *, payout_id: UUID) -> PayoutView:
    """One payout with its statement, and the conditions as they stand now. Raises NotFound."""
    row = session.execute(PAYOUT, {"tenant": actor.tenant_id, "id": payout_id}).one_or_none()
    if row is None or actor.tenant_id is None:
        raise NotFound
    view = view_of(row, actor)
    view.checks.extend(known_of(session, actor.tenant_id, row.practitioner_id).checks())
    return view


_PERSON = text("SELECT person_id FROM practitioner WHERE tenant_id = :tenant AND id = :id")


def _check_other(session: Session, actor: Actor, payout: Payout) -> None:
    """Nobody approves their own. Raises OwnPayout."""
    whose = session.scalar(_PERSON, {"tenant": payout.tenant_id, "id": payout.practitioner_id})
    if actor.person_id in (whose, payout.asked_by):
        raise OwnPayout


@verb(MANAGE)
def approve(session: Session, actor: Actor, *, payout_id: UUID) -> str:
    """Approve one; the state that it has then. From an amount on, or to a new bank account, a second person must too.

    Raises ProofNeeded, NotFound, WrongStep, OwnPayout, SecondNeeded, and what lacks of identity, bank or tax status by now.
    """
    check_recent_proof(session, actor)
    found = access_payout(session, payout_id)
    if found.state not in WAITING:
        raise WrongStep
    _check_other(session, actor, found)
    known_of(session, found.tenant_id, found.practitioner_id).check()
    if found.state == PayoutState.SECOND:
        if found.first_by == actor.person_id:
            raise SecondNeeded
        state, values = PayoutState.APPROVED, {"second_by": actor.person_id}
    else:
        state = PayoutState.SECOND if found.two_people else PayoutState.APPROVED
        values = {"first_by": actor.person_id}
    _change(session, found, state=state.value, decided_at=clock.now(), **values)
    _tell(session, found, state.value)
    return state.value


def _give_back(session: Session, payout: Payout, actor: Actor, state: PayoutState, reason: str) -> None:
    """What was on its way is payable again."""
    if not reason.strip():
        raise ReasonMissing(field="reason")
    lock_earner(session, payout.practitioner_id)
    parts = {COIN: -payout.coins, payout.currency: -payout.money_minor}
    key = f"payout:{payout.id}:{state.value}"
    set_aside(session, payout.practitioner_id, key, parts, kind=f"payout {state.value}", by=actor.person_id)
    _change(session, payout, state=state.value, reason=reason.strip()[:500], decided_at=clock.now())
    _tell(session, payout, state.value, reason=reason.strip()[:500])


@verb(MANAGE)
def refuse(session: Session, actor: Actor, *, payout_id: UUID, reason: str) -> None:
    """Refuse one that was not sent: the amount is available again, and they read why. Raises NotFound, WrongStep, ReasonMissing."""
    found = access_payout(session, payout_id)
    if found.state not in (*WAITING, PayoutState.APPROVED):
        raise WrongStep
    _give_back(session, found, actor, PayoutState.REFUSED, reason)


@verb(MANAGE)
def make_batch(session: Session, actor: Actor, *, payout_ids: Sequence[UUID], pay_on: date | None = None) -> UUID:
    """Send approved payouts of one currency in one file; the batch's id. Each stands in one batch, once.

    Raises ProofNeeded, NothingChosen, WrongStep when one of them is not approved, NotFound.
    """
    check_recent_proof(session, actor)
    terms = read_terms(session, actor)
    chosen = [access_payout(session, one) for one in sorted(set(payout_ids))]
    if not chosen or len({one.currency for one in chosen}) != 1:
        raise NothingChosen
    if any(one.state != PayoutState.APPROVED for one in chosen):
        raise WrongStep
    batch = PayoutBatch(
        tenant_id=terms.tenant_id,
        id=new_id(),
        number=next_number(session, terms, "B", "payout_batch"),
        currency=chosen[0].currency,
        count=len(chosen),
        total_minor=sum(one.net_minor for one in chosen),
        pay_on=pay_on or clock.today(terms.zone),
        made_by=actor.person_id,
        created_at=clock.now(),
    )
    batch_id = batch.id
    session.add(batch)
    session.flush()
    for one in chosen:
        _change(session, one, state=PayoutState.SENT.value, batch_id=batch_id)
        _tell(session, one, "sent")
    return batch_id


@verb(MANAGE)
def mark_paid(session: Session, actor: Actor, *, payout_id: UUID) -> None:
    """The bank has paid it. Raises NotFound, WrongStep."""
    found = access_payout(session, payout_id)
    if found.state != PayoutState.SENT:
        raise WrongStep
    _book(session, actor, found, back=False)
    _change(session, found, state=PayoutState.PAID.value, paid_at=clock.now())
    _tell(session, found, "paid")


def _book(session: Session, actor: Actor, payout: Payout, *, back: bool) -> None:
    lock_earner(session, payout.practitioner_id)
    pay_off(
        session,
        payout.practitioner_id,
        f"payout:{payout.id}:{'returned' if back else 'paid'}",
        currency=payout.currency,
        coins=payout.coins,
        coins_minor=payout.coins * payout.coin_minor,
        money=payout.money_minor,
        withheld=payout.withheld_minor,
        by=actor.person_id,
        back=back,
    )


@verb(MANAGE)
def mark_failed(session: Session, actor: Actor, *, payout_id: UUID, reason: str) -> None:
    """The bank did not take it: the amount is available again. Raises NotFound, WrongStep, ReasonMissing."""
    found = access_payout(session, payout_id)
    if found.state != PayoutState.SENT:
        raise WrongStep
    _give_back(session, found, actor, PayoutState.FAILED, reason)


@verb(MANAGE)
def mark_returned(session: Session, actor: Actor, *, payout_id: UUID, reason: str) -> None:
    """It was paid and came back: the amount is available again, nothing is withheld. Raises NotFound, WrongStep, ReasonMissing."""
    found = access_payout(session, payout_id)
    if found.state != PayoutState.PAID:
        raise WrongStep
    if not reason.strip():
        raise ReasonMissing(field="reason")
    _book(session, actor, found, back=True)
    _change(session, found, state=PayoutState.RETURNED.value, reason=reason.strip()[:500])
    _tell(session, found, "returned", reason=reason.strip()[:500])
