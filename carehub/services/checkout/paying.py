"""The moment of paying: what is set aside and what is booked happen together, or not at all. DI-046, MC-077."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import decrypt
from carehub.core.db import tenant_scope
from carehub.core.errors import CareHubError
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.booking import Source
from carehub.models.checkout import Checkout, CheckoutKind, CheckoutState, PartKind
from carehub.services.booking.booking import confirm
from carehub.services.booking.patients import ClientForm
from carehub.services.checkout import cards, rows
from carehub.services.checkout.beginning import FORM, keep_time
from carehub.services.checkout.errors import CoinsInvalid, NotCovered, PriceChanged, TimeLost
from carehub.services.checkout.sessions import add_sessions
from carehub.services.checkout.settling import ALMOST, abandon, give_all_back, tell
from carehub.services.checkout.views import PayStep
from carehub.services.ledger import hold
from carehub.services.ledger.writing import COIN
from carehub.services.payments import accepts_cards
from carehub.services.payments.views import PaymentStep
from carehub.services.pricing.reading import count_use
from carehub.services.pricing.rules import coins_for

log = logging.getLogger(__name__)
DONE = (CheckoutState.HELD, CheckoutState.CAPTURED, CheckoutState.RELEASED)


@verb(SIGNED_IN)
def pay(
    session: Session,
    actor: Actor,
    *,
    checkout_id: UUID,
    price_minor: int,
    due_minor: int,
    coins: int = 0,
    card_id: UUID | None = None,
    save_card: bool = False,
) -> PayStep:
    """Pay what was shown (`price_minor`, `due_minor`), by so many coins and the rest by card: the saved one of `card_id`, or one
    that is typed on Stripe's page and, with `save_card`, kept for next time (DI-102). The coins are set aside; without a card
    the appointment is written in the same transaction, with one as soon as the bank has agreed. A second click finds it done, or
    where to go on.

    Raises PriceChanged when it costs something else by now, CoinsInvalid, NotEnoughCoins, NotCovered where no card is taken,
    TimeLost, SlotTaken, CheckoutOver, NotFound: nothing was taken then.
    """
    tenant_id = rows.tenant_of_mine(session, checkout_id)
    with tenant_scope(session, Role.BOOKING, tenant_id):
        found = rows.access_checkout(session, checkout_id)
        if found.state in DONE:
            return PayStep(found.state)
        if found.state == CheckoutState.PAYING:
            return _go_on(session, actor, found)
        now = rows.priced(session, actor, found, lock=True)
        if (now.quote.price_minor, now.quote.due_minor) != (price_minor, due_minor):
            raise PriceChanged
        step = _take(session, actor, found, now, coins, cards.Chosen(card_id, save_card))
        if step is not None:
            return PayStep(CheckoutState.PAYING.value, step.address)
        finish(session, actor, found, now.hold)
        return PayStep(CheckoutState.HELD.value)


def _go_on(session: Session, actor: Actor, checkout: Checkout) -> PayStep:
    for part in rows.parts_of(session, checkout.id):
        if part.kind == PartKind.CARD:
            return PayStep(checkout.state, cards.again(session, actor, checkout, part).address)
    return PayStep(checkout.state)


def _take(
    session: Session, actor: Actor, checkout: Checkout, now: rows.Priced, coins: int, chosen: cards.Chosen
) -> PaymentStep | None:
    """Set aside what pays it, and remember what it cost. Where the payer goes on when a card is asked."""
    quote, total = now.quote, now.quote.due_minor
    step: PaymentStep | None = None
    if now.has_session and checkout.use_session:
        total = _take_session(session, checkout)
    elif quote.due_minor:
        step = _take_money(session, actor, checkout, quote.due_minor, coins, chosen)
    if now.promo_id is not None:
        count_use(session, now.promo_id, 1)
    rows.change(
        session,
        checkout,
        price_minor=quote.price_minor,
        due_minor=quote.due_minor,
        total_minor=total,
        promo_id=now.promo_id,
        lines=rows.stored(quote.lines),
    )
    if step is not None:
        until = clock.now() + rows.PAYING_MINUTES
        rows.change(session, checkout, state=CheckoutState.PAYING.value, expires_at=until)
        keep_time(session, checkout, until)
        tell(session, checkout, "waiting", at=until - ALMOST)
    return step


_TAKE = text(f"""
    UPDATE package_session SET state = 'taken' WHERE tenant_id = :tenant AND id = (
        SELECT k.id {rows.FREE_SESSIONS} FOR UPDATE OF k SKIP LOCKED)
    RETURNING id, value_minor, coins, coins_hold_id, money_minor, money_hold_id, payment_id""")  # noqa: S608 -- a fragment of ours


def _take_session(session: Session, checkout: Checkout) -> int:
    """The session that ends soonest; what it is worth. Raises PriceChanged when another device took the last one."""
    values = {"tenant": checkout.tenant_id, "person": checkout.person_id, "service": checkout.service_id}
    row: Row[Any] | None = session.execute(_TAKE, values | {"now": clock.now()}).one_or_none()
    if row is None:
        raise PriceChanged
    shared = {"kind": PartKind.SESSION.value, "session_id": row.id}
    if row.coins:
        rows.add_part(session, checkout, currency=COIN, amount=row.coins, hold_id=row.coins_hold_id, **shared)
    if row.money_minor:
        money = {"currency": checkout.currency, "amount": row.money_minor, "payment_id": row.payment_id}
        rows.add_part(session, checkout, hold_id=row.money_hold_id, **money, **shared)
    return int(row.value_minor)


def _take_money(
    session: Session, actor: Actor, checkout: Checkout, due_minor: int, coins: int, chosen: cards.Chosen
) -> PaymentStep | None:
    most = coins_for(due_minor, checkout.coin_minor)
    if not 0 <= coins <= most:
        raise CoinsInvalid(field="coins", most=most)
    by_card = due_minor - coins * checkout.coin_minor
    if by_card > 0 and not accepts_cards(session, checkout.tenant_id):
        raise NotCovered
    if coins:
        hold_coins(session, checkout, coins)
    return cards.add(session, actor, checkout, by_card, chosen) if by_card > 0 else None


def hold_coins(session: Session, checkout: Checkout, coins: int) -> None:
    """Raises NotEnoughCoins: two devices that spend the last coin take turns at the wallet."""
    made = rows.new_part_id()
    ends = (checkout.ends_at or clock.now()) + rows.KEEP_HOLDS
    held = hold(
        session,
        checkout.person_id,
        coins,
        key=f"part:{made}",
        purpose=checkout.kind,
        reference=f"checkout:{checkout.id}",
        expires_at=ends,
        person_id=checkout.person_id,
    )
    rows.add_part(session, checkout, part_id=made, kind=PartKind.COINS.value, currency=COIN, amount=coins, hold_id=held)


def finish(session: Session, actor: Actor, checkout: Checkout, hold: Row[Any] | None) -> None:
    """All is set aside: the appointment is written at the price that was agreed to, or the sessions of a package.

    Raises TimeLost, SlotTaken, NoNewClients.
    """
    if checkout.kind == CheckoutKind.PACKAGE:
        add_sessions(session, checkout)
        rows.change(session, checkout, state=CheckoutState.CAPTURED.value, kept_minor=checkout.total_minor)
        return
    if hold is None or checkout.form is None:
        raise TimeLost
    form = ClientForm.model_validate_json(decrypt(checkout.tenant_id, FORM, checkout.form))
    place = rows.place_of(session, checkout.tenant_id)
    booked = confirm(session, actor, place, hold, form, Source.ONLINE, price_minor=checkout.price_minor)
    rows.change(
        session,
        checkout,
        state=CheckoutState.HELD.value,
        appointment_id=UUID(booked.appointment.id),
        form=None,
    )
    if checkout.total_minor > 0:
        tell(session, checkout, "held", amount=checkout.total_minor)


@verb(SIGNED_IN)
def change_mind(session: Session, _actor: Actor, *, checkout_id: UUID) -> None:
    """Instead of finishing at the bank, choose again how to pay: what was set aside is free, the time stays kept.

    Raises NotFound; nothing happens to what is no longer being paid.
    """
    tenant_id = rows.tenant_of_mine(session, checkout_id)
    with tenant_scope(session, Role.BOOKING, tenant_id):
        found = rows.access_checkout(session, checkout_id)
        if found.state == CheckoutState.PAYING:
            reopen(session, found)


def reopen(session: Session, checkout: Checkout) -> None:
    """The card gave nothing: everything else is free again, and the person chooses anew while the time is kept."""
    give_all_back(session, checkout)
    rows.drop_parts(session, checkout)
    rows.change(session, checkout, state=CheckoutState.OPEN.value, expires_at=clock.now() + rows.OPEN_MINUTES)
    announce(session, "checkout", person_id=checkout.person_id)


def card_paid(session: Session, checkout: Checkout, payment_id: UUID) -> None:
    """The bank agreed: the money is held and the appointment written; where the time was lost meanwhile, all goes back."""
    part = next((one for one in rows.parts_of(session, checkout.id) if one.payment_id == payment_id), None)
    if checkout.state in (CheckoutState.HELD, CheckoutState.CAPTURED) and part is not None:
        announce(session, "agenda")  # an open drawer says that the card has paid
        return
    if checkout.state != CheckoutState.PAYING or part is None:
        cards.undo(session, checkout, payment_id)
        return
    rows.hold_part(session, part, cards.take_in(session, checkout, part))
    try:
        with session.begin_nested(), _for_payer(session, checkout):
            payer = Actor(person_id=checkout.person_id)
            finish(session, payer, checkout, rows.kept_time(session, payer, checkout))
    except CareHubError as refusal:
        log.info("a paid time was lost: %s", type(refusal).__name__)
        abandon(session, rows.access_checkout(session, checkout.id), CheckoutState.LOST)
    announce(session, "checkout", person_id=checkout.person_id)


@contextmanager
def _for_payer(session: Session, checkout: Checkout) -> Iterator[None]:
    """The worker books as the payer would: in ch_booking, with the payer's own row in sight."""
    before = session.info["person"]
    session.info["person"] = str(checkout.person_id)
    try:
        with tenant_scope(session, Role.BOOKING, checkout.tenant_id):
            yield
    finally:
        session.info["person"] = before


def card_refused(session: Session, checkout: Checkout, payment_id: UUID) -> None:
    """The bank refused, or the payer gave up. A reservation that ended after the booking is a payment less."""
    part = next((one for one in rows.parts_of(session, checkout.id) if one.payment_id == payment_id), None)
    if part is None:
        return
    if checkout.state == CheckoutState.PAYING:
        reopen(session, checkout)
    elif checkout.state == CheckoutState.HELD:
        cards.give_up(session, checkout, part)
        rows.drop_parts(session, checkout, part)
        rows.change(session, checkout, total_minor=checkout.total_minor - part.amount)
        announce(session, "checkout", person_id=checkout.person_id)
