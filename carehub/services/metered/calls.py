"""Calls by the minute: minutes are agreed to and set aside first, live cost by the server's clock, settled to the second. DI-020."""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.bus import announce
from carehub.core.db import perform, tenant_scope, unit_of_work
from carehub.core.errors import CareHubError, NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import SIGNED_IN, SYSTEM
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.metered import MeteredKind, PaidCall, PaidCallHold, UseState
from carehub.services import ledger
from carehub.services.booking.rules import booking_rules
from carehub.services.booking.tenants import enter_tenant
from carehub.services.metered.errors import MinutesInvalid, UseOver
from carehub.services.metered.messages import BATCH, price_of
from carehub.services.metered.rules import LONGEST_MINUTES, call_coins, seconds_between, share_out
from carehub.services.metered.views import CallView

log = logging.getLogger(__name__)
BEGIN_WITHIN = timedelta(hours=24)  # what was set aside for a call that never began
KEEP = timedelta(days=7)

_RULES = text("SELECT booking_rules FROM tenant WHERE id = :tenant")


@verb(SIGNED_IN)
def agree_to_call(
    session: Session, actor: Actor, *, tenant: str, practitioner_id: UUID, minutes: int, consent: str
) -> CallView:
    """Set so many minutes aside before a call: at most that is taken, at least the minimum. `consent` is the key of this one
    agreement. Raises NotPriced, MinutesInvalid at `minutes`, NotEnoughCoins, NotFound, ModuleOff."""
    assert actor.person_id is not None
    place = enter_tenant(session, tenant)
    per_minute = price_of(session, place.id, practitioner_id, MeteredKind.CALL)
    minimum = booking_rules(session.scalar(_RULES, {"tenant": place.id}) or {}).call_minutes
    if not minimum <= minutes <= LONGEST_MINUTES:
        raise MinutesInvalid(field="minutes", least=minimum, most=LONGEST_MINUTES)
    known = session.scalar(
        select(PaidCall)
        .join(PaidCallHold, col(PaidCallHold.call_id) == col(PaidCall.id))
        .where(col(PaidCallHold.consent) == consent, col(PaidCall.person_id) == actor.person_id)
    )
    if known is not None:
        return _view(known)
    call = PaidCall(
        tenant_id=place.id, id=new_id(), practitioner_id=practitioner_id, person_id=actor.person_id, per_minute=per_minute,
        minimum=minimum, minutes=minutes, created_at=clock.now(),
    )  # fmt: skip
    view = _view(call)
    session.add(call)
    session.flush()
    _hold(session, call, minutes, consent)
    return view


def _hold(session: Session, call: PaidCall, minutes: int, consent: str) -> None:
    coins = minutes * call.per_minute
    held = ledger.hold(
        session,
        call.person_id,
        coins,
        key=f"call:{call.id}:{consent}",
        purpose="call",
        reference=f"call:{call.id}",
        expires_at=clock.now() + KEEP,
        person_id=call.person_id,
    )
    session.add(
        PaidCallHold(
            tenant_id=call.tenant_id, id=new_id(), call_id=call.id, consent=consent, minutes=minutes, coins=coins,
            hold_id=held, created_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()


def _tenant_of_mine(session: Session, call_id: UUID) -> UUID:
    found = session.scalar(select(col(PaidCall.tenant_id)).where(col(PaidCall.id) == call_id))
    if found is None:
        raise NotFound
    return found


def _locked(session: Session, call_id: UUID) -> PaidCall:
    statement = select(PaidCall).where(col(PaidCall.id) == call_id).with_for_update()
    found = session.scalar(statement, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound
    return found


def _change(session: Session, call: PaidCall, **values: object) -> None:
    session.execute(
        update(PaidCall)
        .where(col(PaidCall.tenant_id) == call.tenant_id, col(PaidCall.id) == call.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(call)
    announce(session, "call", person_id=call.person_id)


def _cost(call: PaidCall) -> tuple[int, int]:
    """(coins, seconds) by the server's clock."""
    if call.started_at is None:
        return 0, 0
    seconds = seconds_between(call.started_at, call.ended_at or clock.now())
    cost = call_coins(call.per_minute, minimum=call.minimum, agreed=call.minutes, seconds=seconds)
    return cost, int(min(seconds, call.minutes * 60))


def _view(call: PaidCall) -> CallView:
    coins, seconds = _cost(call)
    ends = call.started_at + timedelta(minutes=call.minutes) if call.started_at else None
    return CallView(
        id=str(call.id),
        state=call.state,
        per_minute=call.per_minute,
        minimum=call.minimum,
        minutes=call.minutes,
        coins=call.coins if call.state != UseState.OPEN else coins,
        seconds=seconds,
        started_at=call.started_at.isoformat() if call.started_at else "",
        until=ends.isoformat() if ends else "",
    )


@verb(SIGNED_IN)
def read_call(session: Session, actor: Actor, *, call_id: UUID) -> CallView:
    """The client's own call, with what it costs by now. Raises NotFound."""
    found = session.scalar(select(PaidCall).where(col(PaidCall.id) == call_id))
    if found is None or found.person_id != actor.person_id:
        raise NotFound
    return _view(found)


@verb(SIGNED_IN)
def extend_call(session: Session, _actor: Actor, *, call_id: UUID, minutes: int, consent: str) -> CallView:
    """Agree to more minutes, before or during a call; the same `consent` counts once.

    Raises NotFound, UseOver, MinutesInvalid, NotEnoughCoins.
    """
    tenant_id = _tenant_of_mine(session, call_id)
    with tenant_scope(session, Role.BOOKING, tenant_id):
        call = _locked(session, call_id)
        known = session.scalar(
            select(func.count()).where(col(PaidCallHold.call_id) == call.id, col(PaidCallHold.consent) == consent)
        )
        if known:
            return _view(call)
        if call.state != UseState.OPEN or _is_used_up(call):
            raise UseOver
        if minutes < 1 or call.minutes + minutes > LONGEST_MINUTES:
            raise MinutesInvalid(field="minutes", least=1, most=LONGEST_MINUTES - call.minutes)
        _hold(session, call, minutes, consent)
        _change(session, call, minutes=call.minutes + minutes)
        return _view(call)


def _is_used_up(call: PaidCall) -> bool:
    return call.started_at is not None and seconds_between(call.started_at, clock.now()) >= call.minutes * 60


@verb("earnings.own")
def begin_call(session: Session, actor: Actor, *, call_id: UUID) -> CallView:
    """Both are there: the server's clock runs from now. Once; asked again, the first moment counts. Raises NotFound, UseOver."""
    call = _locked(session, call_id)
    if call.practitioner_id not in actor.agendas:
        raise NotFound
    if call.state != UseState.OPEN:
        raise UseOver
    if call.started_at is None:
        _change(session, call, started_at=clock.now())
    return _view(call)


@verb("earnings.own")
def end_call(session: Session, actor: Actor, *, call_id: UUID) -> CallView:
    """The practitioner hangs up: settled to the second, what was not used is free again. Once; asked again, the same.

    Raises NotFound.
    """
    call = _locked(session, call_id)
    if call.practitioner_id not in actor.agendas:
        raise NotFound
    _settle(session, call)
    return _view(call)


@verb(SIGNED_IN)
def hang_up(session: Session, _actor: Actor, *, call_id: UUID) -> CallView:
    """The client hangs up, or gives up a call that has not begun: then nothing is taken. Raises NotFound."""
    tenant_id = _tenant_of_mine(session, call_id)
    with tenant_scope(session, Role.BOOKING, tenant_id):
        call = _locked(session, call_id)
        _settle(session, call)
        return _view(call)


def _settle(session: Session, call: PaidCall) -> None:
    if call.state != UseState.OPEN:
        return
    now = clock.now()
    if call.started_at is not None:
        now = min(now, call.started_at + timedelta(minutes=call.minutes))
    cost = 0
    if call.started_at is not None:
        seconds = seconds_between(call.started_at, now)
        cost = call_coins(call.per_minute, minimum=call.minimum, agreed=call.minutes, seconds=seconds)
    order = select(PaidCallHold).where(col(PaidCallHold.call_id) == call.id).order_by(col(PaidCallHold.id))
    holds = list(session.scalars(order))
    for one, coins in zip(holds, share_out(cost, [one.coins for one in holds]), strict=True):
        if coins:
            shares = ledger.shares_of(session, coins, practitioner_id=call.practitioner_id, service_id=None)
            ledger.capture(session, one.hold_id, coins, shares)
        else:
            ledger.release(session, one.hold_id)
    state = UseState.PAID if cost else UseState.RELEASED
    _change(session, call, state=state.value, coins=cost, ended_at=now)


_OVER = text("""
    SELECT tenant_id, id FROM paid_call WHERE state = 'open' AND (
        (started_at IS NOT NULL AND started_at + minutes * interval '1 minute' <= :now)
        OR (started_at IS NULL AND created_at <= :before)) LIMIT :batch""")


def end_calls() -> int:
    """Calls whose minutes are used up, and those that never began, are settled; how many."""
    now = clock.now()
    with unit_of_work(system(), Role.WORKER) as session:
        over = session.execute(_OVER, {"now": now, "before": now - BEGIN_WITHIN, "batch": BATCH}).all()
    for tenant_id, call_id in over:
        try:
            perform(settle_call, system(tenant_id), call_id=call_id)
        except CareHubError as error:
            log.info("call not settled: %s", type(error).__name__)
    return len(over)


@verb(SYSTEM, role=Role.APP)
def settle_call(session: Session, _actor: Actor, *, call_id: UUID) -> None:
    """One whose time is over. Raises NotFound."""
    _settle(session, _locked(session, call_id))
