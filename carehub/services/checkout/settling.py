"""What becomes of what was set aside: kept when the appointment is done or its fee is due, else given back to the mix. DI-064."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session
from sqlmodel import col, select

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import NotFound
from carehub.core.verbs import verb
from carehub.models.booking import Appointment
from carehub.models.checkout import Checkout, CheckoutPart, CheckoutState, PartKind
from carehub.models.pricing import SessionState
from carehub.services import ledger
from carehub.services.booking.policy import fee_minor, kept_minor
from carehub.services.booking.queries import read_rules
from carehub.services.checkout import cards, disputes, rows
from carehub.services.checkout.errors import NothingToGiveBack, PaymentDisputed
from carehub.services.checkout.sessions import mark_session
from carehub.services.ledger.errors import AmountInvalid, MoreThanPaid, ReasonMissing
from carehub.services.ledger.writing import COIN
from carehub.services.pricing.reading import count_use
from carehub.services.pricing.rules import Held, kept_of

KEPT = "checkout.kept"
ALMOST = timedelta(minutes=6)  # before a kept time ends, its payer is reminded (DI-110)


def settle(
    session: Session, checkout: Checkout, keep: int, *, practitioner_id: UUID, by: UUID | None = None, reason: str = ""
) -> None:
    """Keep `keep` minor units of what was paid and give the rest back, each means in its share. Once it was kept, only less can
    be: the difference is refunded. Asked again for the same, nothing happens."""
    if checkout.state not in (CheckoutState.HELD, CheckoutState.CAPTURED):
        return
    first = checkout.state == CheckoutState.HELD
    if not first and keep >= checkout.kept_minor:
        return
    back = (checkout.total_minor if first else checkout.kept_minor) - keep
    parts = rows.parts_of(session, checkout.id)
    held = [Held(one.amount, checkout.coin_minor if one.currency == COIN else 1) for one in parts]
    for part, units in zip(parts, kept_of(held, keep, checkout.total_minor), strict=True):
        if first:
            _resolve(session, checkout, part, units, practitioner_id, by)
        elif units < part.kept:
            _refund(session, checkout, part, units, by, reason)
        rows.keep_part(session, part, units)
    if keep == 0 and checkout.promo_id is not None:
        count_use(session, checkout.promo_id, -1)
    state = CheckoutState.CAPTURED if keep or not parts else CheckoutState.RELEASED
    rows.change(session, checkout, state=state.value, kept_minor=keep)
    if first and keep:
        tell(session, checkout, "kept", amount=keep)
    if back > 0:
        tell(session, checkout, "returned", amount=back)
    announce(session, "checkout", person_id=checkout.person_id)
    announce(session, "agenda")  # an open drawer says how it was paid


def tell(session: Session, checkout: Checkout, what: str, *, at: datetime | None = None, **facts: int) -> None:
    """What became of it, for its person and who receives them; `amount` in minor units."""
    outbox.emit(session, f"checkout.{what}", at=at, checkout_id=str(checkout.id), **facts)


def _refund(session: Session, checkout: Checkout, part: CheckoutPart, units: int, by: UUID | None, reason: str) -> None:
    """Keep only `units` of what was captured."""
    assert part.hold_id is not None
    key, back = f"{part.id}:{units}", part.kept - units
    ledger.refund(session, part.hold_id, back, key=key, reason=reason, person_id=by)
    if part.payment_id is not None:
        cards.send_back(session, checkout, part, back, key=key)
        cards.tell_stripe(session, checkout, part, keep=units, back=back, key=key, reason=reason)


def _resolve(
    session: Session, checkout: Checkout, part: CheckoutPart, units: int, practitioner_id: UUID, by: UUID | None
) -> None:
    assert part.hold_id is not None
    of_package = part.kind == PartKind.SESSION and part.session_id is not None
    if units:
        shares = ledger.shares_of(session, units, practitioner_id=practitioner_id, service_id=checkout.service_id)
        ledger.capture(session, part.hold_id, units, shares, person_id=by)
        if part.payment_id is not None:
            disputes.follow(session, checkout, part.payment_id)
    elif not of_package:
        ledger.release(session, part.hold_id, person_id=by)
    back = 0 if of_package and not units else part.amount - units
    if part.payment_id is not None and (units or not of_package):
        key = f"{part.id}:{units}"
        cards.send_back(session, checkout, part, back, key=key)
        cards.tell_stripe(session, checkout, part, keep=units, back=back, key=key)
    if of_package:
        assert part.session_id is not None
        state = SessionState.USED if units else SessionState.FREE
        mark_session(session, checkout.tenant_id, part.session_id, state.value)


def of_appointment(session: Session, appointment_id: UUID) -> Checkout | None:
    """The payment of an appointment, locked."""
    statement = select(Checkout).where(col(Checkout.appointment_id) == appointment_id).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()


def settle_appointment(session: Session, appointment_id: UUID) -> None:
    """By what the appointment is now, since when, and the organisation's policy."""
    checkout = of_appointment(session, appointment_id)
    found = session.scalar(select(Appointment).where(col(Appointment.id) == appointment_id))
    if checkout is None or found is None:
        return
    rules = read_rules(session, checkout.tenant_id)
    price, currency = checkout.price_minor, checkout.currency
    keep = kept_minor(
        found.status,
        by=found.cancelled_by,
        hours_before=(found.starts_at - found.updated_at).total_seconds() / 3600,
        free_hours=rules.free_hours,
        late_minor=fee_minor(rules.late_fee, rules.late_value, price, currency),
        no_show_minor=fee_minor(rules.no_show_fee, rules.no_show_value, price, currency),
        paid_minor=checkout.total_minor,
    )
    if keep is None:
        rows.change(session, checkout, starts_at=found.starts_at, ends_at=found.ends_at)
    else:
        settle(session, checkout, keep, practitioner_id=found.practitioner_id)


@verb("wallet.manage")
def give_back(session: Session, actor: Actor, *, appointment_id: UUID, amount_minor: int, reason: str) -> None:
    """Give part or all of what was kept of an appointment back to the mix that paid it.

    Raises NothingToGiveBack, AmountInvalid and MoreThanPaid at the amount, ReasonMissing, PaymentDisputed.
    """
    checkout = of_appointment(session, appointment_id)
    if checkout is None:
        raise NothingToGiveBack
    if amount_minor <= 0:
        raise AmountInvalid(field="amount")
    if not reason.strip():
        raise ReasonMissing(field="reason")
    left = checkout.kept_minor if checkout.state == CheckoutState.CAPTURED else checkout.total_minor
    if amount_minor > left:
        raise MoreThanPaid(field="amount", left=left)
    found = session.scalar(select(Appointment).where(col(Appointment.id) == appointment_id))
    if found is None:
        raise NotFound
    check_not_disputed(session, checkout)
    keep = left - amount_minor
    settle(
        session, checkout, keep, practitioner_id=found.practitioner_id, by=actor.person_id, reason=reason.strip()[:500]
    )


def check_not_disputed(session: Session, checkout: Checkout) -> None:
    """What the payer's bank has taken is not sent back a second time. Raises PaymentDisputed."""
    paid = [one.payment_id for one in rows.parts_of(session, checkout.id) if one.payment_id is not None]
    if any(disputes.is_gone(session, one) for one in paid):
        raise PaymentDisputed


def abandon(session: Session, checkout: Checkout, state: CheckoutState) -> None:
    """One that never became an appointment: everything goes back."""
    give_all_back(session, checkout)
    rows.change(session, checkout, state=state.value, form=None)
    tell(session, checkout, "ended")
    announce(session, "checkout", person_id=checkout.person_id)


def give_all_back(session: Session, checkout: Checkout) -> None:
    """What was set aside before anything was booked."""
    for part in rows.parts_of(session, checkout.id):
        if part.session_id is not None:
            mark_session(session, checkout.tenant_id, part.session_id, SessionState.FREE.value)
        elif part.kind == PartKind.CARD:
            cards.give_up(session, checkout, part)
        elif part.hold_id is not None:
            ledger.release(session, part.hold_id, person_id=checkout.person_id)
    if checkout.state == CheckoutState.PAYING and checkout.promo_id is not None:
        count_use(session, checkout.promo_id, -1)


def is_over(checkout: Checkout) -> bool:
    return checkout.expires_at <= clock.now()
