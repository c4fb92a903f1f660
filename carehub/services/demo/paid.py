"""Appointments of the demo that were paid when they were booked: by coins and card, some done, some to come; and a saved card."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.db import tenant_scope
from carehub.core.ids import new_id
from carehub.core.permissions import Module
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.integrations.stripe_sink.seeding import paid_before, saved_card
from carehub.models.booking import AppointmentStatus
from carehub.models.checkout import Checkout, CheckoutKind, CheckoutState, PartKind
from carehub.models.payments import Payment, PaymentCustomer, PaymentMethod, PaymentStatus
from carehub.services.checkout import cards, rows
from carehub.services.checkout.settling import settle
from carehub.services.demo.offer import Shop
from carehub.services.demo.people import Client
from carehub.services.ledger import hold
from carehub.services.ledger.wallets import free_coins
from carehub.services.ledger.writing import COIN
from carehub.services.payments.scope import payments_of
from carehub.services.pricing.rules import default_coin_minor

VISA, NUMBER = "visa 4242", "4242424242424242"
EACH = 2  # paid appointments of a client: one that is done, one to come
AHEAD = timedelta(days=3)  # that they were paid
MOST_COINS = 15


def write_paid(session: Session, shop: Shop, appointments: list[dict[str, Any]], patients: list[Client]) -> None:
    """In the tenant, after the wallets. Nothing where coins are not used."""
    if Module.WALLET.value not in shop.data.modules:
        return
    known = [one.person_id for one in patients if one.person_id is not None]
    for person_id in known[:4]:
        own = [one for one in appointments if one["person_id"] == person_id and one["price_minor"]]
        done = [one for one in own if one["status"] == AppointmentStatus.FULFILLED]
        coming = [one for one in own if one["status"] == AppointmentStatus.BOOKED and one["starts_at"] > clock.now()]
        for one in [*done[-1:], *coming[:1]][:EACH]:
            _paid(session, shop, one)
    for person_id in known[:2]:
        _card(session, shop, person_id)


def _paid(session: Session, shop: Shop, one: dict[str, Any]) -> None:
    """Set aside when it was booked; taken when it was done."""
    at = min(one["starts_at"] - AHEAD, clock.now() - timedelta(hours=2))
    with clock.travel(at), tenant_scope(session, Role.BOOKING, shop.id):
        made = _checkout(shop, one, at)
        session.add(made)
        session.flush()
        coin = made.coin_minor
        coins = min(free_coins(session, shop.id, one["person_id"]), one["price_minor"] // coin, MOST_COINS)
        if coins > 0:
            _coins(session, made, coins)
        if one["price_minor"] > coins * coin:
            _by_card(session, made, _title(shop, made.service_id), one["price_minor"] - max(coins, 0) * coin, at)
    if one["status"] == AppointmentStatus.FULFILLED:
        with clock.travel(one["ends_at"]):
            settle(session, made, made.total_minor, practitioner_id=one["practitioner_id"])


def _checkout(shop: Shop, one: dict[str, Any], at: datetime) -> Checkout:
    price = one["price_minor"]
    return Checkout(
        tenant_id=shop.id,
        id=new_id(),
        kind=CheckoutKind.BOOKING.value,
        person_id=one["person_id"],
        practitioner_id=one["practitioner_id"],
        service_id=one["service_id"],
        starts_at=one["starts_at"],
        ends_at=one["ends_at"],
        mode=one["mode"],
        price_minor=price,
        due_minor=price,
        total_minor=price,
        currency=one["currency"],
        coin_minor=default_coin_minor(one["currency"]),
        state=CheckoutState.HELD.value,
        appointment_id=one["id"],
        expires_at=at + timedelta(minutes=20),
        created_at=at,
    )


def _coins(session: Session, made: Checkout, coins: int) -> None:
    part = rows.new_part_id()
    held = hold(
        session,
        made.person_id,
        coins,
        key=f"part:{part}",
        purpose=made.kind,
        reference=f"checkout:{made.id}",
        expires_at=(made.ends_at or made.expires_at) + rows.KEEP_HOLDS,
        person_id=made.person_id,
    )
    rows.add_part(session, made, part_id=part, kind=PartKind.COINS.value, currency=COIN, amount=coins, hold_id=held)


def _title(shop: Shop, service_id: UUID) -> str:
    """As Stripe's page would name it."""
    key = next(key for key, known in shop.services.items() if known == service_id)
    return f"{shop.service(key).name}, {shop.data.name}"


def _by_card(session: Session, made: Checkout, title: str, minor: int, at: datetime) -> None:
    payment_id = new_id()
    marks = {"tenant_id": str(made.tenant_id), "payment_id": str(payment_id), "purpose": made.kind}
    intent, charge = paid_before(
        settings.data_dir / "stripe", NUMBER, amount=minor, currency=made.currency.lower(), description=title, metadata=marks, at=at
    )  # fmt: skip
    with payments_of(session):
        payment = Payment(
            tenant_id=made.tenant_id,
            id=payment_id,
            person_id=made.person_id,
            purpose=made.kind,
            subject_id=made.id,
            amount=minor,
            currency=made.currency,
            description=title,
            return_path=f"/me/checkout/{made.id}",
            account="platform",
            status=PaymentStatus.SUCCEEDED,
            captured=minor,
            intent_ref=intent,
            charge_ref=charge,
            paid_with=VISA,
            expires_at=at,
            paid_at=at,
            created_at=at,
        )
        session.add(payment)
        session.flush()
    part_id = rows.new_part_id()
    rows.add_part(
        session,
        made,
        part_id=part_id,
        kind=PartKind.CARD.value,
        currency=made.currency,
        amount=minor,
        payment_id=payment_id,
    )
    part = next(part for part in rows.parts_of(session, made.id) if part.id == part_id)
    rows.hold_part(session, part, cards.take_in(session, made, part))


def _card(session: Session, shop: Shop, person_id: UUID) -> None:
    """Saved at an earlier payment: offered first at the next one."""
    marks = {"tenant_id": str(shop.id)}
    customer, method = saved_card(settings.data_dir / "stripe", NUMBER, month=8, year=2031, metadata=marks)
    with payments_of(session):
        row = PaymentCustomer(
            tenant_id=shop.id,
            id=new_id(),
            person_id=person_id,
            account="platform",
            ref=customer,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        session.add(
            PaymentMethod(
                tenant_id=shop.id,
                id=new_id(),
                person_id=person_id,
                customer_id=row.id,
                ref=method,
                brand="visa",
                last4=NUMBER[-4:],
                exp_month=8,
                exp_year=2031,
                is_default=True,
                created_at=clock.now(),
            )
        )
        session.flush()
