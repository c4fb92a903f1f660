"""Paid messages: set aside when sent, taken when answered, given back when no answer comes in time. DI-063, DI-064."""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.bus import announce
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import CareHubError, NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import PUBLIC, SIGNED_IN, SYSTEM
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.metered import MeteredKind, PaidMessage, UsePrice, UseState
from carehub.services import ledger
from carehub.services.booking.rules import booking_rules
from carehub.services.booking.tenants import access_tenant, enter_tenant
from carehub.services.metered.errors import CoinsPerUseInvalid, NotPriced, UseOver
from carehub.services.metered.views import PaidMessageView, UsePrices

log = logging.getLogger(__name__)
BATCH = 500
TOPIC = "questions"
RELEASED = "question.released"
GRACE = timedelta(days=7)  # the hold outlives its day: only the schedule gives it back

_PRICES = text("""
    SELECT u.kind, u.coins FROM use_price u WHERE u.tenant_id = :tenant AND u.practitioner_id = :practitioner""")
_RULES = text("SELECT booking_rules FROM tenant WHERE id = :tenant")


def price_of(session: Session, tenant_id: UUID, practitioner_id: UUID, kind: MeteredKind) -> int:
    """Raises NotPriced."""
    rows = session.execute(_PRICES, {"tenant": tenant_id, "practitioner": practitioner_id})
    found = {row.kind: row.coins for row in rows}.get(kind.value)
    if found is None:
        raise NotPriced
    return int(found)


@verb(PUBLIC)
def use_prices(session: Session, _actor: Actor, *, tenant: str, practitioner_id: UUID) -> UsePrices:
    """What a practitioner asks for a message, a video message and a minute (DI-019). Raises NotFound, ModuleOff."""
    place = access_tenant(session, tenant)
    rows = session.execute(_PRICES, {"tenant": place.id, "practitioner": practitioner_id})
    return UsePrices(**{row.kind: row.coins for row in rows})


@verb("earnings.own")
def set_use_price(session: Session, actor: Actor, *, kind: MeteredKind, coins: int) -> None:
    """The member's own price of one use; 0: not offered any more. What is set aside already keeps its price.

    Raises NotFound for who receives nobody here, CoinsPerUseInvalid at `coins`.
    """
    if actor.practitioner_id is None or actor.tenant_id is None:
        raise NotFound
    if not 0 <= coins <= 100_000:
        raise CoinsPerUseInvalid(field="coins")
    mine = (col(UsePrice.practitioner_id) == actor.practitioner_id, col(UsePrice.kind) == kind.value)
    row = session.scalar(select(UsePrice).where(*mine).with_for_update())
    if row is not None and coins:
        row.coins = coins
    elif row is not None:
        session.delete(row)
    elif coins:
        who = {"tenant_id": actor.tenant_id, "practitioner_id": actor.practitioner_id}
        session.add(UsePrice(id=new_id(), kind=kind.value, coins=coins, **who))
    session.flush()


@verb(SIGNED_IN)
def hold_for_message(
    session: Session,
    actor: Actor,
    *,
    tenant: str,
    practitioner_id: UUID,
    message_id: UUID,
    kind: MeteredKind = MeteredKind.MESSAGE,
) -> PaidMessageView:
    """Set a message's coins aside as it is sent; asked again for the same message, the same. Raises NotPriced, NotEnoughCoins,
    NotFound, ModuleOff."""
    assert actor.person_id is not None
    place = enter_tenant(session, tenant)
    return view_of(held(session, actor, place.id, practitioner_id, message_id, kind))


def held(
    session: Session, actor: Actor, tenant_id: UUID, practitioner_id: UUID, message_id: UUID, kind: MeteredKind
) -> PaidMessage:
    """As ch_booking in the tenant: the message with its coins set aside, made or found. Raises as `hold_for_message`."""
    assert actor.person_id is not None
    known = session.scalar(select(PaidMessage).where(col(PaidMessage.message_id) == message_id))
    if known is not None and known.person_id == actor.person_id:
        return known
    if known is not None:
        raise NotFound
    coins = price_of(session, tenant_id, practitioner_id, kind)
    hours = answer_hours(session, tenant_id)
    now = clock.now()
    set_aside = ledger.hold(
        session,
        actor.person_id,
        coins,
        key=f"message:{message_id}",
        purpose=kind.value,
        reference=f"message:{message_id}",
        expires_at=now + timedelta(hours=hours) + GRACE,
        person_id=actor.person_id,
    )
    made = PaidMessage(
        tenant_id=tenant_id, id=new_id(), message_id=message_id, practitioner_id=practitioner_id, person_id=actor.person_id,
        kind=kind.value, coins=coins, hold_id=set_aside, answer_by=now + timedelta(hours=hours), client_name=actor.name,
        created_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def answer_hours(session: Session, tenant_id: UUID) -> int:
    """How long the organisation lets its experts answer."""
    return booking_rules(session.scalar(_RULES, {"tenant": tenant_id}) or {}).answer_hours


def view_of(row: PaidMessage) -> PaidMessageView:
    return PaidMessageView(str(row.message_id), row.coins, row.state, row.answer_by.isoformat())


def access_locked(session: Session, message_id: UUID) -> PaidMessage:
    found = session.scalar(select(PaidMessage).where(col(PaidMessage.message_id) == message_id).with_for_update())
    if found is None:
        raise NotFound
    return found


def _resolve(session: Session, row: PaidMessage, state: UseState) -> None:
    session.execute(
        update(PaidMessage)
        .where(col(PaidMessage.tenant_id) == row.tenant_id, col(PaidMessage.id) == row.id)
        .values(state=state.value, resolved_at=clock.now())
        .execution_options(synchronize_session=False)
    )


@verb("earnings.own")
def answer_message(session: Session, actor: Actor, *, message_id: UUID) -> PaidMessageView:
    """The practitioner has answered: its coins are theirs, less the commission. Once; asked again, the same.

    Raises NotFound for another's message, UseOver when it was given back.
    """
    row = access_locked(session, message_id)
    if row.practitioner_id not in actor.agendas:
        raise NotFound
    if row.state == UseState.RELEASED:
        raise UseOver
    if row.state == UseState.OPEN:
        shares = ledger.shares_of(session, row.coins, practitioner_id=row.practitioner_id, service_id=None)
        ledger.capture(session, row.hold_id, row.coins, shares, person_id=actor.person_id)
        _resolve(session, row, UseState.PAID)
    return PaidMessageView(str(row.message_id), row.coins, UseState.PAID.value, row.answer_by.isoformat())


_LATE = text("""
    SELECT tenant_id, id FROM paid_message WHERE state = 'open' AND answer_by <= :now ORDER BY answer_by LIMIT :batch""")


def release_unanswered() -> int:
    """Give back what no answer came for in time, each in a transaction of its own; how many."""
    with unit_of_work(system(), Role.WORKER) as session:
        late = session.execute(_LATE, {"now": clock.now(), "batch": BATCH}).all()
    done = 0
    for tenant_id, paid_id in late:
        try:
            perform(release_message, system(tenant_id), paid_id=paid_id)
            done += 1
        except CareHubError as error:  # answered meanwhile
            log.info("not given back: %s", type(error).__name__)
    return done


@verb(SYSTEM, role=Role.APP)
def release_message(session: Session, _actor: Actor, *, paid_id: UUID) -> None:
    """Raises UseOver when it was answered meanwhile or its time is not over."""
    row = session.scalar(select(PaidMessage).where(col(PaidMessage.id) == paid_id).with_for_update())
    if row is None or row.state != UseState.OPEN or row.answer_by > clock.now():
        raise UseOver
    ledger.release(session, row.hold_id)
    _resolve(session, row, UseState.RELEASED)
    outbox.emit(session, RELEASED, message_id=str(row.message_id))
    announce(session, TOPIC)


@verb(SIGNED_IN)
def my_paid_message(session: Session, actor: Actor, *, message_id: UUID) -> PaidMessageView:
    """What became of a message that one paid. Raises NotFound."""
    row = session.scalar(select(PaidMessage).where(col(PaidMessage.message_id) == message_id))
    if row is None or row.person_id != actor.person_id:
        raise NotFound
    return view_of(row)
