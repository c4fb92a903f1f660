"""Coins in the demo: what clients with an account bought, were given and set aside, at organisations that work with coins."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import translate
from carehub.core.ids import new_id
from carehub.core.permissions import Module
from carehub.core.settings import settings
from carehub.integrations.stripe_sink.seeding import paid_before
from carehub.models.ledger import AccountKind
from carehub.models.payments import Payment, PaymentStatus
from carehub.models.wallet import CoinPurchase, PurchaseState
from carehub.services import ledger
from carehub.services.demo.offer import Shop
from carehub.services.demo.people import Client
from carehub.services.ledger.writing import Leg, give_lot
from carehub.services.payments.scope import payments_of
from carehub.services.pricing.rules import default_coin_minor
from carehub.services.wallet.buying import TITLE

WELCOME = {"fr": "Bienvenue", "en": "Welcome", "ar": "مرحبًا بك"}
STARTED = 9  # days ago
CARDS = {"visa 4242": "4242424242424242", "mastercard 4444": "5555555555554444"}


def write_wallets(session: Session, shop: Shop, patients: list[Client]) -> None:
    """In the tenant. Nothing where coins are not used."""
    if Module.WALLET.value not in shop.data.modules:
        return
    known = [one.person_id for one in patients if one.person_id is not None]
    with payments_of(session):
        for place, person_id in enumerate(known[:4]):
            _write(session, shop, person_id, place)


def _write(session: Session, shop: Shop, person_id: UUID, place: int) -> None:
    now = clock.now()
    with clock.travel(now - timedelta(days=STARTED)):
        _bought(session, shop, person_id, 110 + 30 * place, list(CARDS)[place % 2])
    with clock.travel(now - timedelta(days=7)):
        ends = now + timedelta(days=45)
        reason = WELCOME.get(shop.data.locale, WELCOME["en"])
        give_lot(session, person_id, 10, key=f"demo:{person_id}:bonus", expires_at=ends, reason=reason)
    with clock.travel(now - timedelta(days=4)):
        held = _held(session, person_id, 12, "call")
        shares = [
            Leg(next(iter(shop.practitioners.values())), AccountKind.EARNING, 8),
            Leg(shop.id, AccountKind.REVENUE, 2),
        ]
        ledger.capture(session, held, 10, shares)


def _held(session: Session, person_id: UUID, coins: int, purpose: str) -> UUID:
    return ledger.hold(
        session,
        person_id,
        coins,
        key=f"demo:{person_id}:{purpose}",
        purpose=purpose,
        reference="",
        expires_at=clock.now() + timedelta(days=14),
    )


def _bought(session: Session, shop: Shop, person_id: UUID, coins: int, card: str) -> None:
    now, coin_minor, made = clock.now(), default_coin_minor(shop.data.currency), new_id()
    price = coins * coin_minor
    payment_id, title = new_id(), translate(TITLE, shop.data.locale, coins=coins, tenant=shop.data.name)
    intent, charge = paid_before(
        settings.data_dir / "stripe",
        CARDS[card],
        amount=price,
        currency=shop.data.currency.lower(),
        description=title,
        metadata={"tenant_id": str(shop.id), "payment_id": str(payment_id), "purpose": "coins"},
        at=now,
    )
    payment = Payment(
        tenant_id=shop.id,
        id=payment_id,
        person_id=person_id,
        purpose="coins",
        subject_id=made,
        amount=price,
        currency=shop.data.currency,
        description=title,
        return_path=f"/me/wallet?tenant={shop.data.slug}",
        account="platform",
        status=PaymentStatus.SUCCEEDED,
        captured=price,
        intent_ref=intent,
        charge_ref=charge,
        paid_with=card,
        expires_at=now,
        paid_at=now,
        created_at=now,
    )
    session.add(payment)
    session.flush()
    session.add(
        CoinPurchase(
            tenant_id=shop.id,
            id=made,
            person_id=person_id,
            coins=coins,
            coin_minor=coin_minor,
            price_minor=price,
            currency=shop.data.currency,
            state=PurchaseState.BOUGHT,
            payment_id=payment.id,
            created_at=now,
            bought_at=now,
        )
    )
    ledger.issue(session, person_id, coins, key=f"purchase:{made}", reference=f"purchase:{made}", person_id=person_id)
