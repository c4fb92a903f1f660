"""Hearing that coins run low, coins that buy themselves, saved cards. DI-099, DI-102, DI-103."""

import logging
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.db import perform, tenant_scope, unit_of_work
from carehub.core.errors import CareHubError, NotFound
from carehub.core.i18n import N_, translate
from carehub.core.ids import new_id
from carehub.core.permissions import SIGNED_IN, SYSTEM
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.wallet import WalletSettings
from carehub.services.payments import cards
from carehub.services.payments.views import PaymentStep
from carehub.services.wallet.buying import pay, purchase
from carehub.services.wallet.errors import CardNeeded
from carehub.services.wallet.places import places_of, shop_by_id, shop_of
from carehub.services.wallet.reading import wishes_of

log = logging.getLogger(__name__)

LOW = "coins.low"
SAVE = N_("A card for {tenant}")
Coins = Annotated[int, Field(ge=0, le=10_000)]


class WishesForm(BaseModel):
    """In coins; the limit is what a month may cost at most, in coins too."""

    alert_below: Coins = Field(0, title=N_("Tell me when fewer coins are left than"), description=N_("0: never"))
    top_up: bool = Field(False, title=N_("Then buy more by itself, with the first of my saved cards"))
    top_up_coins: Annotated[int, Field(ge=1, le=10_000)] = Field(50, title=N_("So many coins each time"))
    month_coins: Annotated[int, Field(ge=1, le=100_000)] = Field(200, title=N_("At most so many coins a month"))


@verb(SIGNED_IN)
def read_wishes(session: Session, actor: Actor, *, tenant: str) -> WishesForm:
    """Raises NotFound, WalletOff."""
    assert actor.person_id is not None
    shop = shop_of(session, tenant)
    with tenant_scope(session, Role.MONEY, shop.tenant_id):
        kept = wishes_of(session, shop, actor.person_id)
    return WishesForm(
        alert_below=kept.alert_below,
        top_up=kept.top_up,
        top_up_coins=kept.top_up_coins,
        month_coins=max(kept.month_limit_minor // shop.coin_minor, 1),
    )


@verb(SIGNED_IN)
def save_wishes(session: Session, actor: Actor, *, tenant: str, form: WishesForm) -> None:
    """Raises CardNeeded at `top_up` when no saved card can pay, WalletOff, NotFound also where one has no coins and is no client."""
    assert actor.person_id is not None
    shop = shop_of(session, tenant)
    if shop.slug not in [one.tenant for one in places_of(session, actor)]:
        raise NotFound
    with tenant_scope(session, Role.MONEY, shop.tenant_id):
        if form.top_up and cards.default_card(session, shop.tenant_id, actor.person_id) is None:
            raise CardNeeded(field="top_up")
        values = {
            "alert_below": form.alert_below,
            "top_up": form.top_up,
            "top_up_coins": form.top_up_coins,
            "month_limit_minor": form.month_coins * shop.coin_minor,
            "low_since": None,
            "updated_at": clock.now(),
        }
        made = insert(WalletSettings).values(tenant_id=shop.tenant_id, id=new_id(), person_id=actor.person_id, **values)
        session.execute(made.on_conflict_do_update(index_elements=["tenant_id", "person_id"], set_=values))


@verb(SIGNED_IN)
def save_new_card(session: Session, actor: Actor, *, tenant: str) -> PaymentStep:
    """A page on which a card is saved without paying. Raises PaymentsOff, NotFound, WalletOff."""
    assert actor.person_id is not None
    shop = shop_of(session, tenant)
    with tenant_scope(session, Role.MONEY, shop.tenant_id):
        return cards.add_card(
            session,
            shop.tenant_id,
            actor.person_id,
            currency=shop.currency,
            description=translate(SAVE, actor.locale, tenant=shop.name),
            return_path=f"/me/wallet?tenant={shop.slug}",
        )


@verb(SIGNED_IN)
def remove_card(session: Session, actor: Actor, *, tenant: str, card_id: UUID) -> None:
    """Without a card nothing is bought by itself any more. Raises NotFound, WalletOff."""
    assert actor.person_id is not None
    shop = shop_of(session, tenant)
    with tenant_scope(session, Role.MONEY, shop.tenant_id):
        cards.remove_card(session, shop.tenant_id, actor.person_id, card_id)
        if cards.default_card(session, shop.tenant_id, actor.person_id) is None:
            session.execute(_NO_TOP_UP, {"tenant": shop.tenant_id, "person": actor.person_id})


_NO_TOP_UP = text("UPDATE wallet_settings SET top_up = false WHERE tenant_id = :tenant AND person_id = :person")


@verb(SIGNED_IN)
def choose_card(session: Session, actor: Actor, *, tenant: str, card_id: UUID) -> None:
    """Raises NotFound, WalletOff."""
    assert actor.person_id is not None
    shop = shop_of(session, tenant)
    with tenant_scope(session, Role.MONEY, shop.tenant_id):
        cards.choose_card(session, shop.tenant_id, actor.person_id, card_id)


_WATCHED = text("SELECT tenant_id, id FROM wallet_settings WHERE alert_below > 0 OR top_up")


def look_at_wallets() -> int:
    """Tell, or top up, each wallet that has run low since the last look; how many it was."""
    with unit_of_work(system(), Role.WORKER) as session:
        watched = session.execute(_WATCHED).all()
    done = 0
    for tenant_id, settings_id in watched:
        try:
            done += perform(look_at_wallet, system(tenant_id), settings_id=settings_id)
        except CareHubError as refusal:
            log.info("a wallet was not looked at: %s", type(refusal).__name__)
    return done


_STANDS = text("""
    SELECT coalesce(sum(balance), 0) FROM ledger_account
    WHERE tenant_id = :tenant AND owner_id = :person AND currency = 'COIN' AND kind IN ('coins', 'bonus')
      AND (expires_at IS NULL OR expires_at > :now)""")
_SPENT = text("""
    SELECT coalesce(sum(price_minor), 0) FROM coin_purchase
    WHERE tenant_id = :tenant AND person_id = :person AND automatic AND state <> 'failed' AND created_at >= :since""")


@verb(SYSTEM, role=Role.MONEY)
def look_at_wallet(session: Session, _actor: Actor, *, settings_id: UUID) -> bool:
    """Whether it had just run low. Told once, until it is full again; topped up within the month's limit."""
    tenant_id = UUID(session.info["tenant"])
    wishes = session.get_one(WalletSettings, (tenant_id, settings_id), with_for_update=True)
    values = {"tenant": tenant_id, "person": wishes.person_id, "now": clock.now()}
    is_low = int(session.scalar(_STANDS, values) or 0) < max(wishes.alert_below, 1)
    if not is_low:
        wishes.low_since = None
        return False
    if wishes.low_since is not None:
        return False
    wishes.low_since = clock.now()
    session.flush()
    bought = wishes.top_up and _top_up(session, tenant_id, wishes)
    if not bought:
        outbox.emit(session, LOW, person_id=str(wishes.person_id), settings_id=str(settings_id))
    return True


def _top_up(session: Session, tenant_id: UUID, wishes: WalletSettings) -> bool:
    """False when the month's limit is reached, or no card can pay."""
    shop = shop_by_id(session, tenant_id)
    card = cards.default_card(session, tenant_id, wishes.person_id)
    month = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    spent = int(session.scalar(_SPENT, {"tenant": tenant_id, "person": wishes.person_id, "since": month}) or 0)
    price = wishes.top_up_coins * shop.coin_minor
    if card is None or spent + price > wishes.month_limit_minor:
        return False
    made = purchase(session, shop, wishes.person_id, wishes.top_up_coins, automatic=True)
    pay(session, system(tenant_id), shop, made, card_id=card, off_session=True)
    return True
