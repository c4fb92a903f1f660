"""Coins are bought: asked here, issued when the card has paid (effects.py). DI-088, DI-089, DI-102."""

from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.i18n import N_, translate
from carehub.core.ids import new_id
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.wallet import CoinPurchase, PurchaseState
from carehub.services import payments
from carehub.services.payments.rules import amount_fits
from carehub.services.payments.views import PaymentStep
from carehub.services.wallet.errors import CoinPriceChanged, CoinsNumberInvalid
from carehub.services.wallet.places import Shop, shop_of

PURPOSE = "coins"
LEAST, MOST = 1, 10_000
TITLE = N_("{coins} coins at {tenant}")


@verb(SIGNED_IN)
def buy_coins(
    session: Session,
    actor: Actor,
    *,
    tenant: str,
    coins: int,
    price_minor: int,
    purchase_id: UUID,
    card_id: UUID | None = None,
    save_card: bool = False,
) -> PaymentStep:
    """Buy coins for what was shown. The answer's address leads the payer on; the coins come when the card has paid.

    `purchase_id` is the caller's, new for each wish to buy: pressed twice, it is one purchase. Raises CoinsNumberInvalid,
    CoinPriceChanged, WalletOff, PaymentsOff, NotFound.
    """
    assert actor.person_id is not None
    shop = shop_of(session, tenant)
    if not LEAST <= coins <= MOST or not amount_fits(coins * shop.coin_minor, shop.currency):
        raise CoinsNumberInvalid(field="coins", least=LEAST, most=MOST)
    if price_minor != coins * shop.coin_minor:
        raise CoinPriceChanged
    with tenant_scope(session, Role.MONEY, shop.tenant_id):
        made = purchase(session, shop, actor.person_id, coins, purchase_id=purchase_id)
        return pay(session, actor, shop, made, card_id=card_id, save_card=save_card)


def purchase(
    session: Session,
    shop: Shop,
    person_id: UUID,
    coins: int,
    *,
    purchase_id: UUID | None = None,
    automatic: bool = False,
) -> CoinPurchase:
    """The purchase's row, in ch_money; the same again for the same id. Raises NotFound for somebody else's."""
    key = purchase_id or new_id()
    session.execute(_TURN, {"what": f"coins {key}"})
    found = session.get(CoinPurchase, (shop.tenant_id, key))
    if found is not None:
        if found.person_id != person_id or found.coins != coins:
            raise NotFound
        return found
    made = CoinPurchase(
        tenant_id=shop.tenant_id,
        id=key,
        person_id=person_id,
        coins=coins,
        coin_minor=shop.coin_minor,
        price_minor=coins * shop.coin_minor,
        currency=shop.currency,
        automatic=automatic,
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    return made


_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


def pay(
    session: Session,
    actor: Actor,
    shop: Shop,
    made: CoinPurchase,
    *,
    card_id: UUID | None,
    save_card: bool = False,
    off_session: bool = False,
) -> PaymentStep:
    step = payments.start_payment(
        session,
        actor,
        purpose=PURPOSE,
        subject_id=made.id,
        amount=made.price_minor,
        currency=made.currency,
        description=translate(TITLE, actor.locale or shop.locale, coins=made.coins, tenant=shop.name),
        return_path=f"/me/wallet?tenant={shop.slug}",
        save_card=save_card,
        method_id=card_id,
        person_id=made.person_id,
        off_session=off_session,
    )
    made.payment_id = step.payment_id
    if made.state == PurchaseState.FAILED:
        made.state = PurchaseState.OPEN
    session.flush()
    return step


def owed_by(session: Session, tenant_id: UUID, person_id: UUID) -> int:
    """Coins that a person owes: spent, and taken back by their bank. In ch_money or as the person."""
    total = session.scalar(
        select(func.coalesce(func.sum(col(CoinPurchase.owed)), 0)).where(
            col(CoinPurchase.tenant_id) == tenant_id,
            col(CoinPurchase.person_id) == person_id,
            col(CoinPurchase.owed) > 0,
        )
    )
    return int(total or 0)
