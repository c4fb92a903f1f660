"""Coins bought by card, given back, disputed; wishes; papers. DI-088..DI-091, DI-099, DI-102, DI-103."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.models.booking import Patient
from carehub.models.ledger import AccountKind
from carehub.models.tenancy import Tenant
from carehub.services import ledger, wallet
from carehub.services.ledger import writing
from carehub.services.ledger.writing import Leg, post
from carehub.services.notify import money as letters
from carehub.services.payments.reconciling import reconcile_all
from carehub.services.wallet import handlers, papers
from carehub.services.wallet.errors import CardNeeded, CoinPriceChanged, CoinsNumberInvalid, NothingToReturn
from carehub.services.wallet.wishes import WishesForm
from tests.factories import make_person, member_actor, person_actor, save
from tests.ledger.factories import Books
from tests.payments.factories import ASKS, DISPUTED, GOOD, Till

assert handlers
assert letters


class Shop:
    def __init__(self, till: Till) -> None:
        self.till, self.me = till, till.payer
        with unit_of_work(system(till.tenant_id), Role.APP) as session:
            self.tenant = session.get_one(Tenant, till.tenant_id)
        assert self.me.person_id is not None
        self.who = self.me.person_id
        patient = Patient(tenant_id=till.tenant_id, person_id=self.who, given_name="Amine", family_name="Trabelsi")
        save(till.tenant_id, patient)
        self.owner: Actor = member_actor(self.tenant, make_person(), TenantRole.OWNER)
        self.books = Books(till.tenant_id, new_id())

    def buy(self, coins: int = 50, number: str = GOOD, **asked: Any) -> UUID:
        """All the way; the purchase's id."""
        purchase_id = new_id()
        step = self.ask(coins, purchase_id=purchase_id, **asked)
        done = self.till.type_card(self.till.go(step).address, number)
        if "/confirm/" in done.get("next", ""):
            self.till.confirm(done["next"])
        self.till.back(step)
        self.till.hear_all()
        return purchase_id

    def ask(self, coins: int = 50, **asked: Any) -> Any:
        told = {"purchase_id": new_id(), "price_minor": coins * 500, **asked}
        return perform(wallet.buy_coins, self.me, tenant=self.tenant.slug, coins=coins, **told)

    def spend(self, coins: int) -> None:
        with unit_of_work(system(self.till.tenant_id), Role.MONEY) as session:
            legs = [
                Leg(self.who, AccountKind.COINS, -coins),
                Leg(self.till.tenant_id, AccountKind.REVENUE, coins),
            ]
            post(session, key=str(new_id()), kind="capture", legs=legs)

    @property
    def has(self) -> int:
        return self.books.has(self.who, AccountKind.COINS)

    def purchase(self, purchase_id: UUID) -> Any:
        ((row),) = self.till.sql(
            "SELECT state, returned, frozen, owed, payment_id FROM coin_purchase WHERE id = :id", id=purchase_id
        )
        return row

    def card(self) -> UUID:
        ((found,),) = self.till.sql("SELECT id FROM payment_method WHERE person_id = :who", who=self.who)
        return UUID(str(found))


@pytest.fixture
def shop(till: Till) -> Shop:
    return Shop(till)


def test_coins_come_when_the_card_has_paid_and_once(shop: Shop) -> None:
    purchase_id = shop.buy(50, ASKS)
    shop.till.hear_all()
    assert shop.has == 50
    seen = perform(wallet.my_wallet, shop.me, tenant=shop.tenant.slug)
    assert (seen.available, seen.coin_minor, seen.takes_cards) == (50, 500, True)
    (bought,) = perform(wallet.my_purchases, shop.me, tenant=shop.tenant.slug)
    assert (bought.id, bought.state, bought.paid_with) == (str(purchase_id), "bought", "visa 3184")
    assert shop.books.drift() == []


def test_pressed_twice_it_is_one_purchase(shop: Shop) -> None:
    purchase_id = new_id()
    assert shop.ask(purchase_id=purchase_id) == shop.ask(purchase_id=purchase_id)
    with pytest.raises(NotFound):
        perform(
            wallet.buy_coins, person_actor(make_person()), tenant=shop.tenant.slug, coins=50, price_minor=25_000,
            purchase_id=purchase_id,
        )  # fmt: skip


def test_absurd_numbers_and_old_prices_buy_nothing(shop: Shop) -> None:
    for coins in (0, -5, 10_001):
        with pytest.raises(CoinsNumberInvalid):
            shop.ask(coins)
    with pytest.raises(CoinPriceChanged):
        shop.ask(price_minor=20_000)
    assert shop.till.sql("SELECT id FROM coin_purchase WHERE person_id = :who", who=shop.who) == []


def test_unused_coins_go_back_to_the_card(shop: Shop) -> None:
    purchase_id = shop.buy(50)
    perform(wallet.return_coins, shop.owner, purchase_id=purchase_id, coins=20, reason="asked")
    assert shop.has == 30
    shop.till.hear_all()
    assert shop.purchase(purchase_id).returned == 20
    assert shop.has == 30
    with pytest.raises(NothingToReturn):
        perform(wallet.return_coins, shop.owner, purchase_id=purchase_id, coins=31, reason="asked")
    perform(wallet.return_coins, shop.owner, purchase_id=purchase_id, coins=30, reason="asked")
    shop.till.hear_all()
    assert (shop.purchase(purchase_id).state, shop.has) == ("refunded", 0)
    assert shop.books.drift() == []


def test_a_refund_made_at_stripe_takes_what_is_left_and_the_next_coins_fill_the_rest(shop: Shop) -> None:
    purchase_id = shop.buy(50)
    shop.spend(40)
    ((intent,),) = shop.till.sql("SELECT intent_ref FROM payment WHERE subject_id = :id", id=purchase_id)
    shop.till.sink.once("sk_test_platform", "POST", "/v1/refunds", f"payment_intent={intent}", "")
    shop.till.hear_all()
    assert (shop.has, shop.purchase(purchase_id).owed) == (0, 40)
    assert perform(wallet.my_wallet, shop.me, tenant=shop.tenant.slug).owed == 40
    shop.buy(100)
    assert (shop.has, shop.purchase(purchase_id).owed) == (60, 0)
    assert shop.books.drift() == []


@pytest.mark.parametrize(("won", "has", "owed", "state"), [("yes", 30, 0, "bought"), ("no", 0, 20, "lost")])
def test_a_dispute_takes_what_is_left_until_it_is_decided(
    shop: Shop, won: str, has: int, owed: int, state: str
) -> None:
    purchase_id = shop.buy(50)
    shop.spend(20)
    payment = shop.purchase(purchase_id).payment_id
    ((intent,),) = shop.till.sql("SELECT intent_ref FROM payment WHERE id = :id", id=payment)
    shop.till.sink.once("sk_test_platform", "POST", "/demo/dispute", f"id={intent}", "")
    shop.till.hear_all()
    assert (shop.has, shop.purchase(purchase_id).state, shop.purchase(purchase_id).frozen) == (0, "disputed", 30)
    ((ref,),) = shop.till.sql("SELECT ref FROM payment_dispute WHERE payment_id = :id", id=payment)
    shop.till.sink.once("sk_test_platform", "POST", "/demo/close", f"id={ref}&won={won}", "")
    shop.till.hear_all()
    shop.till.hear_all()
    assert (shop.has, shop.purchase(purchase_id).owed, shop.purchase(purchase_id).state) == (has, owed, state)
    assert shop.books.drift() == []


def test_a_card_disputed_at_once_leaves_no_coins(shop: Shop) -> None:
    purchase_id = shop.buy(50, DISPUTED)
    assert (shop.has, shop.purchase(purchase_id).state) == (0, "disputed")


def test_low_coins_are_told_once_until_they_are_many_again(shop: Shop) -> None:
    shop.buy(50)
    perform(wallet.save_wishes, shop.me, tenant=shop.tenant.slug, form=WishesForm(alert_below=20))
    assert _looked(shop) == 0
    shop.spend(40)
    assert (_looked(shop), _looked(shop)) == (1, 0)
    assert _letters(shop, "coins.low") == 2
    shop.buy(50)
    _looked(shop)
    shop.spend(50)
    assert _looked(shop) == 1


def _looked(shop: Shop) -> int:
    from carehub.services.wallet.wishes import look_at_wallet

    ((found,),) = shop.till.sql("SELECT id FROM wallet_settings WHERE person_id = :who", who=shop.who)
    done = perform(look_at_wallet, system(shop.till.tenant_id), settings_id=found)
    outbox.drain()
    return int(done)


def _letters(shop: Shop, kind: str) -> int:
    with unit_of_work(system(shop.till.tenant_id), Role.APP) as session:
        query = text("SELECT count(*) FROM delivery WHERE tenant_id = :tenant AND event = :kind")
        return int(session.scalar(query, {"tenant": shop.till.tenant_id, "kind": kind}) or 0)


def test_coins_buy_themselves_with_a_saved_card_up_to_the_months_limit(shop: Shop) -> None:
    form = WishesForm(alert_below=20, top_up=True, top_up_coins=50, month_coins=60)
    with pytest.raises(CardNeeded):
        perform(wallet.save_wishes, shop.me, tenant=shop.tenant.slug, form=form)
    shop.buy(50, save_card=True)
    perform(wallet.save_wishes, shop.me, tenant=shop.tenant.slug, form=form)
    shop.spend(45)
    assert _looked(shop) == 1
    shop.till.work()
    assert shop.has == 55
    _looked(shop)
    shop.spend(50)
    assert _looked(shop) == 1
    shop.till.work()
    assert shop.has == 5
    assert _letters(shop, "coins.low") == 2


def test_a_bank_that_refuses_switches_the_automatic_purchase_off(shop: Shop) -> None:
    shop.buy(50, ASKS, save_card=True)
    form = WishesForm(alert_below=20, top_up=True)
    perform(wallet.save_wishes, shop.me, tenant=shop.tenant.slug, form=form)
    shop.spend(50)
    _looked(shop)
    shop.till.work()
    assert shop.has == 0
    assert perform(wallet.read_wishes, shop.me, tenant=shop.tenant.slug).top_up is False
    assert _letters(shop, "coins.top_up_failed") == 2


def test_cards_are_added_chosen_and_removed(shop: Shop) -> None:
    slug = shop.tenant.slug
    shop.buy(save_card=True)
    step = perform(wallet.save_new_card, shop.me, tenant=slug)
    shop.till.type_card(shop.till.go(step).address, "5555555555554444")
    assert shop.till.back(step).status == "succeeded"
    first, second = perform(wallet.my_wallet, shop.me, tenant=slug).cards
    assert (first.brand, first.is_default, second.brand, second.is_default) == ("visa", True, "mastercard", False)
    perform(wallet.choose_card, shop.me, tenant=slug, card_id=UUID(second.id))
    perform(wallet.remove_card, shop.me, tenant=slug, card_id=UUID(second.id))
    (left,) = perform(wallet.my_wallet, shop.me, tenant=slug).cards
    assert (left.brand, left.is_default) == ("visa", True)
    shop.till.work()
    assert ("POST", "detach") in [(method, path.rpartition("/")[2]) for method, path in shop.till.sink.calls]
    with pytest.raises(NotFound):
        shop.ask(card_id=UUID(second.id))


def test_receipt_and_statement_in_each_language(shop: Shop) -> None:
    purchase_id = shop.buy()
    slug = shop.tenant.slug
    for locale in ("fr", "en", "ar"):
        me = Actor(person_id=shop.who, name="Amine Trabelsi", locale=locale)
        paper = perform(papers.receipt, me, tenant=slug, purchase_id=purchase_id)
        assert paper.content.startswith(b"%PDF")
        assert perform(papers.statement_file, me, tenant=slug, form="pdf").content.startswith(b"%PDF")
        sheet = perform(papers.statement_file, me, tenant=slug, form="csv").content.decode("utf-8-sig")
        assert sheet.count("\n") == 2
    with pytest.raises(NotFound):
        perform(papers.receipt, person_actor(make_person()), tenant=slug, purchase_id=purchase_id)


def test_a_statement_narrows_to_a_month_and_a_kind(shop: Shop) -> None:
    shop.buy(50)
    shop.spend(5)
    slug, now = shop.tenant.slug, clock.now()
    whole = perform(ledger.my_statement, shop.me, tenant=slug)
    assert [(one.kind, one.free, one.balance) for one in whole.movements] == [("capture", -5, 45), ("purchase", 50, 50)]
    bought = perform(ledger.my_statement, shop.me, tenant=slug, kind="purchase")
    assert [(one.kind, one.balance) for one in bought.movements] == [("purchase", None)]
    assert len(perform(ledger.my_statement, shop.me, tenant=slug, month=f"{now:%Y-%m}").movements) == 2
    before = f"{now - timedelta(days=40):%Y-%m}"
    assert perform(ledger.my_statement, shop.me, tenant=slug, month=before).movements == []
    assert len(perform(ledger.my_statement, shop.me, tenant=slug, month="9999-12").movements) == 2


def test_the_night_finds_what_nobody_told_and_what_it_cannot_explain(shop: Shop) -> None:
    step = shop.ask()
    shop.till.type_card(shop.till.go(step).address)
    api = shop.till.sink
    api.once(
        "sk_test_platform", "POST", "/v1/payment_intents",
        f"amount=7000&currency=tnd&confirm=true&payment_method=pm_card_visa&metadata[tenant_id]={shop.till.tenant_id}", "",
    )  # fmt: skip
    paid = shop.buy(30)
    shop.till.sql_write("UPDATE payment SET captured = captured - 10 WHERE subject_id = :id", id=paid)
    reconcile_all()
    outbox.drain()
    assert shop.has == 80
    found = perform(wallet.differences, shop.owner)
    assert sorted((one.theirs, one.ours, one.mended) for one in found) == [(7000, 0, False), (15_000, 14_990, True)]
    assert reconcile_all() == 0


@pytest.mark.parametrize(
    ("zone", "months"), [("Pacific/Auckland", ("2026-12", "2026-11")), ("America/Montreal", ("2026-11", "2026-12"))]
)
def test_a_month_begins_where_the_person_lives(
    shop: Shop, zone: str, months: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Coins of 23:30 UTC on the last of November: in Auckland it is December already."""
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    ids = (UUID(int=(int(late.timestamp() * 1000) << 80) + one) for one in range(1, 100))
    monkeypatch.setattr(writing, "new_id", lambda: next(ids))
    with unit_of_work(shop.me, Role.ME) as session:
        session.execute(text("UPDATE person SET time_zone = :zone WHERE id = :who"), {"zone": zone, "who": shop.who})
    slug = shop.tenant.slug
    with clock.travel(late):
        with unit_of_work(system(shop.till.tenant_id), Role.MONEY) as session:
            ledger.issue(session, shop.who, 5, key=f"late {zone}")
        within, without = (
            perform(ledger.my_statement, shop.me, tenant=slug, month=month).movements for month in months
        )
        assert (len(within), without) == (1, [])
        assert perform(ledger.my_months, shop.me, count=2)[0] == months[0]


def test_the_night_finds_disputes_that_nobody_told_and_takes_their_coins(shop: Shop) -> None:
    """CD-096: opened and decided without a word of it; once each."""
    purchase_id = shop.buy(50)
    ((intent,),) = shop.till.sql(
        "SELECT intent_ref FROM payment WHERE id = :id", id=shop.purchase(purchase_id).payment_id
    )
    shop.till.sink.once("sk_test_platform", "POST", "/demo/dispute", f"id={intent}", "")
    reconcile_all()
    outbox.drain()
    assert (shop.has, shop.purchase(purchase_id).state) == (0, "disputed")
    ((ref,),) = shop.till.sql("SELECT ref FROM payment_dispute")
    shop.till.sink.once("sk_test_platform", "POST", "/demo/close", f"id={ref}&won=yes", "")
    reconcile_all()
    outbox.drain()
    assert (shop.has, shop.purchase(purchase_id).state) == (50, "bought")
    reconcile_all()
    (found,) = perform(wallet.differences, shop.owner)
    assert (found.ref, found.theirs, found.ours, found.mended) == (ref, 25_000, 0, True)
