"""Coins by hand, shares, what a person sees, what the schedule ends. DI-090, DI-092, DI-118."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.permissions import TenantRole
from carehub.models.booking import Patient
from carehub.models.identity import Person
from carehub.models.ledger import AccountKind as Kind
from carehub.services import ledger
from carehub.services.ledger import writing
from carehub.services.ledger.errors import (
    AmountInvalid,
    BelowFloor,
    HoldClosed,
    ReasonMissing,
    SecondPersonNeeded,
    SharesInvalid,
)
from carehub.services.ledger.splits import points
from tests.factories import make_person, make_practitioner, make_service, make_tenant, member_actor, person_actor, save
from tests.ledger.factories import Books, money

pytestmark = pytest.mark.usefixtures("db")


class World:
    def __init__(self) -> None:
        self.tenant = make_tenant(country="TN", currency="TND", time_zone="Africa/Tunis", modules=["booking", "wallet"])
        self.practitioner = make_practitioner(self.tenant)
        self.service = make_service(self.tenant, self.practitioner)
        self.client: Person = make_person()
        patient = Patient(
            tenant_id=self.tenant.id, person_id=self.client.id, given_name="Amine", family_name="Trabelsi"
        )
        save(self.tenant.id, patient)
        self.owner, self.admin = (self.staff(role) for role in (TenantRole.OWNER, TenantRole.ADMIN))
        self.books = Books(self.tenant.id, self.practitioner.id)
        self.me = person_actor(self.client)

    def staff(self, role: TenantRole) -> Actor:
        return member_actor(self.tenant, make_person(), role)

    def bonus(self, amount: int = 20, days: int = 30, key: str = "welcome") -> None:
        perform(
            ledger.give_bonus,
            self.owner,
            person_id=self.client.id,
            amount=amount,
            days=days,
            reason="Welcome",
            key=key,
        )


@pytest.fixture
def world() -> World:
    return World()


def test_a_bonus_is_given_once_and_seen(world: World) -> None:
    world.bonus()
    world.bonus()
    world.books.buy(world.client.id, 30)
    (wallet,) = perform(ledger.wallets, world.me)
    assert (wallet.available, wallet.bonus, wallet.held) == (50, 20, 0)
    assert [one.amount for one in wallet.ending] == [20]
    kinds = [one.kind for one in perform(ledger.my_statement, world.me, tenant=world.tenant.slug).movements]
    assert kinds == ["purchase", "bonus"]


def test_a_bonus_ends_with_its_day_and_so_does_what_comes_back_later(world: World) -> None:
    world.bonus(days=3)
    hold = world.books.hold(world.client.id, 12, minutes=60 * 24 * 9)
    with clock.travel(clock.now() + timedelta(days=5)):
        assert ledger.expire_all() >= 1
        assert ledger.expire_all() == 0
        assert world.books.has(world.client.id, Kind.BONUS) == 0
        world.books.release(hold)
        assert perform(ledger.wallets, world.me)[0].available == 0
        assert ledger.expire_all() == 1
    assert world.books.has(world.tenant.id, Kind.EXPIRED) == 20
    assert world.books.drift() == []


def test_a_hold_that_nobody_resolved_goes_back(world: World) -> None:
    world.books.buy(world.client.id, 10)
    kept, gone = world.books.hold(world.client.id, 3, minutes=60), world.books.hold(world.client.id, 4, minutes=5)
    with clock.travel(clock.now() + timedelta(minutes=30)):
        ledger.expire_all()
        ledger.expire_all()
    assert world.books.has(world.client.id, Kind.COINS) == 7
    world.books.capture(kept, 3)
    with pytest.raises(HoldClosed):
        world.books.capture(gone, 4)
    assert world.books.drift() == []


def test_a_correction_takes_two_people_and_a_reason(world: World) -> None:
    with pytest.raises(ReasonMissing):
        perform(ledger.ask_adjustment, world.admin, person_id=world.client.id, amount=5, reason=" ")
    asked = perform(
        ledger.ask_adjustment, world.admin, person_id=world.client.id, amount=5, reason="A call that broke off"
    )
    assert world.books.has(world.client.id, Kind.COINS) == 0
    with pytest.raises(SecondPersonNeeded):
        perform(ledger.answer_adjustment, world.admin, adjustment_id=asked, approve=True)
    perform(ledger.answer_adjustment, world.owner, adjustment_id=asked, approve=True)
    with pytest.raises(NotFound):
        perform(ledger.answer_adjustment, world.owner, adjustment_id=asked, approve=True)
    assert world.books.has(world.client.id, Kind.COINS) == 5
    (shown,) = perform(ledger.adjustments, world.owner)
    assert (shown.state, shown.amount, shown.reason, shown.mine) == ("approved", 5, "A call that broke off", False)
    assert world.books.drift() == []


def test_a_refused_correction_moves_nothing(world: World) -> None:
    asked = perform(ledger.ask_adjustment, world.admin, person_id=world.client.id, amount=5, reason="Mistake")
    perform(ledger.answer_adjustment, world.owner, adjustment_id=asked, approve=False)
    assert world.books.has(world.client.id, Kind.COINS) == 0


def test_a_correction_never_takes_more_than_there_is(world: World) -> None:
    asked = perform(ledger.ask_adjustment, world.admin, person_id=world.client.id, amount=-5, reason="Bought twice")
    with pytest.raises(BelowFloor):
        perform(ledger.answer_adjustment, world.owner, adjustment_id=asked, approve=True)
    (shown,) = perform(ledger.adjustments, world.owner)
    assert shown.state == "asked"


@pytest.mark.parametrize("amount", [0, -3, 10_000_000])
def test_absurd_gifts_are_refused(world: World, amount: int) -> None:
    with pytest.raises(AmountInvalid):
        world.bonus(amount)


def test_coins_are_for_clients_of_the_organisation(world: World) -> None:
    with pytest.raises(NotFound):
        perform(ledger.ask_adjustment, world.owner, person_id=make_person().id, amount=5, reason="A friend")


def test_only_who_manages_the_wallet_moves_coins(world: World) -> None:
    desk = world.staff(TenantRole.RECEPTIONIST)
    with pytest.raises(NotAllowed):
        perform(ledger.ask_adjustment, desk, person_id=world.client.id, amount=5, reason="x")
    with pytest.raises(NotAllowed):
        perform(ledger.set_split, desk, per_cent="10")


def _captured(world: World, amount: int, service_id: UUID | None) -> tuple[int, int]:
    world.books.buy(world.client.id, amount)
    hold = world.books.hold(world.client.id, amount)
    with money(world.tenant.id) as session:
        shares = ledger.shares_of(session, amount, practitioner_id=world.practitioner.id, service_id=service_id)
        writing.capture(session, hold, amount, shares)
    return shares[0].amount, shares[1].amount


def test_a_new_rule_counts_from_its_moment_and_for_its_service(world: World) -> None:
    assert _captured(world, 100, world.service.id) == (80, 20)
    perform(ledger.set_split, world.owner, per_cent="15")
    perform(ledger.set_split, world.owner, per_cent="7,5", service_id=world.service.id)
    perform(ledger.set_split, world.owner, per_cent="50", valid_from=clock.now() + timedelta(days=1))
    assert _captured(world, 100, None) == (85, 15)
    assert _captured(world, 101, world.service.id) == (94, 7)
    rules = perform(ledger.splits, world.owner)
    assert [(one.service, one.tenant, one.professional) for one in rules] == [
        ("", "15.00", "85.00"),
        (world.service.name, "7.50", "92.50"),
    ]
    with clock.travel(clock.now() + timedelta(days=2)):
        assert _captured(world, 100, None) == (50, 50)
    assert world.books.drift() == []


@pytest.mark.parametrize("typed", ["-1", "101", "many", "1.234", "NaN"])
def test_shares_that_are_none_are_refused(typed: str) -> None:
    with pytest.raises(SharesInvalid):
        points(typed)


def test_a_statement_comes_in_pages_and_misses_nothing(world: World) -> None:
    for n in range(103):
        world.books.buy(world.client.id, n + 1)
    seen: list[int] = []
    before = ""
    while True:
        page = perform(ledger.my_statement, world.me, tenant=world.tenant.slug, before=before)
        seen += [one.free for one in page.movements]
        before = page.older
        if not before:
            break
    assert seen == list(range(103, 0, -1))


def test_the_command_names_what_drifted(world: World, db: psycopg.Connection) -> None:
    world.books.buy(world.client.id, 5)
    assert ledger.verify_all(world.tenant.slug) == {world.tenant.slug: []}
    db.execute("UPDATE ledger_account SET balance = 9 WHERE owner_id = %s", [world.client.id])
    db.commit()
    (drift,) = ledger.verify_all(world.tenant.slug)[world.tenant.slug]
    assert (drift.what, drift.by) == ("balance", 4)
