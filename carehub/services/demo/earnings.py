"""Prices, offers and earnings in the demo, at organisations that work with coins: what experts earned in twelve weeks, what they were
paid, what they ask for."""

import random
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import encrypt
from carehub.core.ids import new_id
from carehub.core.permissions import Module
from carehub.models.metered import UsePrice
from carehub.models.practice import Prepay, Service
from carehub.models.pricing import Package, PriceRule, PromoCode
from carehub.models.verification import Verification
from carehub.services import ledger, payouts
from carehub.services.demo.offer import Shop
from carehub.services.ledger.writing import books
from carehub.services.verification.badge import NUMBER

WEEKS = 12
IBANS = {"TN": "TN5910006035183598478831", "FR": "FR1420041010050500013M02606"}
QUIET = {"fr": "Heures creuses", "en": "Quiet hours", "ar": "ساعات هادئة"}
PACKAGE = {"fr": "Forfait de cinq", "en": "Five together", "ar": "باقة من خمس"}
PER_USE = {"message": 20, "video_message": 40, "call": 6}
ASKING = 4  # experts who are paid


@dataclass(frozen=True)
class Expert:
    id: UUID
    person_id: UUID | None


def write_earnings(session: Session, shop: Shop, owner_id: UUID) -> None:
    """In the tenant, as ch_app. Nothing where coins are not used."""
    if Module.WALLET.value not in shop.data.modules:
        return
    _offers(session, shop)
    rng = random.Random(f"earnings {shop.data.slug}")  # noqa: S311 -- demo data: repeatable, nothing secret
    experts = _experts(session, shop)
    for expert in experts:
        for kind, coins in PER_USE.items():
            session.add(UsePrice(tenant_id=shop.id, id=new_id(), practitioner_id=expert.id, kind=kind, coins=coins))
    session.flush()
    for place, expert in enumerate(experts[:ASKING]):
        _claims(session, shop, expert, place)
        _earned(session, expert, rng)
        _paid(session, shop, expert, owner_id, place)


_EXPERTS = text("SELECT id, person_id FROM practitioner WHERE tenant_id = :tenant AND active ORDER BY position, id")


def _experts(session: Session, shop: Shop) -> list[Expert]:
    """Who signs in first: the demo shows their page."""
    rows = session.execute(_EXPERTS, {"tenant": shop.id}).all()
    return sorted((Expert(row.id, row.person_id) for row in rows), key=lambda one: one.person_id is None)


def _offers(session: Session, shop: Shop) -> None:
    locale, now = shop.data.locale, clock.now()
    services = sorted(shop.data.services, key=lambda one: one.price)
    cheap = shop.services[services[0].key]
    session.execute(
        update(Service)
        .where(col(Service.tenant_id) == shop.id, col(Service.id) == cheap)
        .values(prepay=Prepay.FULL.value)
        .execution_options(synchronize_session=False)
    )
    shared: dict[str, Any] = {"tenant_id": shop.id}
    quiet = PriceRule(
        **shared, name=QUIET.get(locale, QUIET["en"]), weekdays=[0, 1, 2, 3], starts=time(13), ends=time(15), percent=-20
    )  # fmt: skip
    ends = now.date() + timedelta(days=60)
    codes = [
        PromoCode(**shared, code="BIENVENUE10", percent=10, first_visit=True, per_person=1),
        PromoCode(**shared, code="RENTREE", percent=15, valid_until=ends, in_all=200),
    ]
    package = Package(
        **shared, name=PACKAGE.get(locale, PACKAGE["en"]), service_id=cheap, sessions=5, price_minor=services[0].price * 4, months=12
    )  # fmt: skip
    session.add_all([quiet, *codes, package])
    session.flush()


def _claims(session: Session, shop: Shop, expert: Expert, place: int) -> None:
    """Identity, account and tax status, approved a while ago."""
    given = {
        "identity": "",
        "bank": IBANS.get(shop.data.country, IBANS["FR"]),
        "tax": "withholding" if shop.data.country == "TN" and place != 2 else "vat",
    }
    for kind, number in given.items():
        values = {
            "status": "approved",
            "approved": True,
            "number": encrypt(shop.id, NUMBER, number) if number else None,
            "decided_at": clock.now() - timedelta(days=90),
            "reason": "",
            "expires_on": None,
        }
        row = {"tenant_id": shop.id, "id": new_id(), "practitioner_id": expert.id, "kind": kind, **values}
        statement = insert(Verification).values(row)
        keys = ["tenant_id", "practitioner_id", "kind"]
        session.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))


def _earned(session: Session, expert: Expert, rng: random.Random) -> None:
    """Clients of other days bought coins and used them: their accounts are empty by now."""
    for week in range(WEEKS, 0, -1):
        with clock.travel(clock.now() - timedelta(days=7 * week - rng.randint(1, 4))), books(session):
            for purpose, coins in (("call", rng.randint(120, 320)), ("message", rng.randint(40, 160))):
                client, key = new_id(), f"demo:{expert.id}:{week}:{purpose}"
                ledger.issue(session, client, coins, key=f"{key}:bought")
                ends = clock.now() + timedelta(days=1)
                held = ledger.hold(
                    session, client, coins, key=f"{key}:held", purpose=purpose, reference="", expires_at=ends
                )
                shares = ledger.shares_of(session, coins, practitioner_id=expert.id, service_id=None)
                ledger.capture(session, held, coins, shares)


def _paid(session: Session, shop: Shop, expert: Expert, owner_id: UUID, place: int) -> None:
    """A payout a month ago that was paid; the first asks for nothing yet, of the others one is approved, one sent."""
    own = Actor(person_id=expert.person_id, tenant_id=shop.id, practitioner_id=expert.id, is_system=True)
    owner = Actor(person_id=owner_id, tenant_id=shop.id, is_system=True)
    with clock.travel(clock.now() - timedelta(days=30)):
        _through(session, own, owner, until="paid")
    if place:
        with clock.travel(clock.now() - timedelta(days=place)):
            _through(session, own, owner, until=("asked", "asked", "approved", "sent")[place])


def _through(session: Session, own: Actor, owner: Actor, *, until: str) -> None:
    asked = payouts.ask(session, own)
    if until == "asked" or owner.person_id == own.person_id:
        return
    if payouts.approve(session, owner, payout_id=asked) != "approved" or until == "approved":
        return
    payouts.make_batch(session, owner, payout_ids=[asked], pay_on=clock.now().date() + timedelta(days=1))
    if until == "paid":
        payouts.mark_paid(session, owner, payout_id=asked)
