"""A wallet as its owner sees it. DI-090, DI-091, DI-103."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.payments import Payment
from carehub.models.wallet import CoinPurchase, PurchaseState, WalletSettings
from carehub.services.ledger.views import Ending
from carehub.services.ledger.writing import COIN
from carehub.services.payments.accounts import accepts_cards
from carehub.services.payments.cards import cards_of
from carehub.services.payments.rules import decline_label
from carehub.services.wallet.buying import owed_by
from carehub.services.wallet.places import Shop, places_of, shop_of
from carehub.services.wallet.views import HeldView, PurchaseView, WalletPlace, WalletView

SHOWN = 10  # purchases
MONTH_COINS = 200  # that may be bought by themselves in a month, until their owner says otherwise
PURPOSES = {
    "booking": N_("For an appointment"),
    "package": N_("For sessions of a package"),
    "message": N_("For a message, until it is answered"),
    "call": N_("For a call"),
}
OTHER_PURPOSE = N_("For a service")
STATES = {
    PurchaseState.OPEN: (N_("Waiting for payment"), "info"),
    PurchaseState.BOUGHT: (N_("Done"), "ok"),
    PurchaseState.FAILED: (N_("Not paid"), "out"),
    PurchaseState.DISPUTED: (N_("Disputed with the bank"), "warn"),
    PurchaseState.REFUNDED: (N_("Refunded"), ""),
    PurchaseState.LOST: (N_("Taken back by the bank"), "bad"),
}


@verb(SIGNED_IN)
def my_places(session: Session, actor: Actor) -> list[WalletPlace]:
    """The organisations where the signed-in person has coins or may buy them, the fullest wallet first."""
    return places_of(session, actor)


_MINE = text("""
    SELECT coalesce(sum(balance) FILTER (WHERE kind <> 'held'), 0) AS free,
           coalesce(sum(balance) FILTER (WHERE kind = 'bonus'), 0) AS bonus,
           coalesce(sum(balance) FILTER (WHERE kind = 'held'), 0) AS held,
           coalesce(jsonb_agg(jsonb_build_array(balance, expires_at) ORDER BY expires_at)
               FILTER (WHERE kind = 'bonus' AND balance > 0 AND expires_at IS NOT NULL), '[]') AS ending
    FROM ledger_account
    WHERE tenant_id = :tenant AND owner_id = :person AND currency = :coin AND kind IN ('coins', 'bonus', 'held')
      AND (expires_at IS NULL OR expires_at > :now)""")
_HOLDS = text("""
    SELECT id, amount, purpose, created_at, expires_at FROM ledger_hold
    WHERE tenant_id = :tenant AND owner_id = :person AND currency = :coin AND state = 'open' ORDER BY created_at DESC LIMIT 20""")


@verb(SIGNED_IN)
def my_wallet(session: Session, actor: Actor, *, tenant: str) -> WalletView:
    """Everything but the statement. Raises NotFound, WalletOff."""
    assert actor.person_id is not None
    shop, person_id = shop_of(session, tenant), actor.person_id
    values = {"tenant": shop.tenant_id, "person": person_id, "coin": COIN, "now": clock.now()}
    with tenant_scope(session, Role.MONEY, shop.tenant_id):
        row = session.execute(_MINE, values).one()
        holds = [_held(one) for one in session.execute(_HOLDS, values)]
        wishes = wishes_of(session, shop, person_id)
        return WalletView(
            tenant=shop.slug,
            tenant_name=shop.name,
            available=int(row.free),
            bonus=int(row.bonus),
            held=int(row.held),
            owed=owed_by(session, shop.tenant_id, person_id),
            ending=[Ending(amount, at) for amount, at in row.ending],
            holds=holds,
            cards=cards_of(session, shop.tenant_id, person_id),
            coin_minor=shop.coin_minor,
            currency=shop.currency,
            takes_cards=accepts_cards(session, shop.tenant_id),
            alert_below=wishes.alert_below,
            top_up=wishes.top_up,
            top_up_coins=wishes.top_up_coins,
            month_limit_minor=wishes.month_limit_minor,
        )


def wishes_of(session: Session, shop: Shop, person_id: UUID) -> WalletSettings:
    """The person's own, or what counts until they say something."""
    found = session.scalar(
        select(WalletSettings).where(
            col(WalletSettings.tenant_id) == shop.tenant_id, col(WalletSettings.person_id) == person_id
        )
    )
    usual = WalletSettings(
        tenant_id=shop.tenant_id, person_id=person_id, month_limit_minor=MONTH_COINS * shop.coin_minor
    )
    return found or usual


def _held(row: Row[Any]) -> HeldView:
    label = PURPOSES.get(row.purpose, OTHER_PURPOSE)
    return HeldView(str(row.id), int(row.amount), label, row.created_at.isoformat(), row.expires_at.isoformat())


@verb(SIGNED_IN)
def my_purchases(session: Session, actor: Actor, *, tenant: str) -> list[PurchaseView]:
    """The newest ten of the signed-in person at one organisation. Raises NotFound, WalletOff."""
    assert actor.person_id is not None
    shop = shop_of(session, tenant)
    with tenant_scope(session, Role.MONEY, shop.tenant_id):
        return [view_of(*pair, slug=shop.slug) for pair in _bought(session, shop.tenant_id, actor.person_id)]


def _bought(session: Session, tenant_id: UUID, person_id: UUID) -> list[tuple[CoinPurchase, Payment | None]]:
    statement = (
        select(CoinPurchase, Payment)
        .outerjoin(
            Payment,
            (col(Payment.tenant_id) == col(CoinPurchase.tenant_id)) & (col(Payment.id) == col(CoinPurchase.payment_id)),
        )
        .where(col(CoinPurchase.tenant_id) == tenant_id, col(CoinPurchase.person_id) == person_id)
        .order_by(col(CoinPurchase.id).desc())
        .limit(SHOWN)
    )
    return [(one, payment) for one, payment in session.execute(statement.execution_options(populate_existing=True))]


def view_of(one: CoinPurchase, payment: Payment | None, *, slug: str) -> PurchaseView:
    label, tone = STATES[PurchaseState(one.state)]
    return PurchaseView(
        id=str(one.id),
        coins=one.coins,
        price_minor=one.price_minor,
        currency=one.currency,
        state=one.state,
        label=label,
        tone=tone,
        paid_with=payment.paid_with if payment else "",
        automatic=one.automatic,
        returned=one.returned,
        owed=one.owed,
        at=one.created_at.isoformat(),
        decline=decline_label(payment.decline) if payment and one.state == PurchaseState.FAILED else "",
        receipt=f"/api/me/wallet/{slug}/receipts/{one.id}" if one.bought_at else "",
    )


@verb(SIGNED_IN)
def my_payment(session: Session, actor: Actor, *, payment_id: UUID) -> PurchaseView:
    """The purchase that one comes back from paying. Raises NotFound."""
    found = session.scalar(select(CoinPurchase).where(col(CoinPurchase.payment_id) == payment_id))
    payment = session.scalar(select(Payment).where(col(Payment.id) == payment_id))
    if found is None or payment is None or found.person_id != actor.person_id:
        raise NotFound
    return view_of(found, payment, slug="")
