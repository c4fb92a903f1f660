"""What the ledger promises, one move at a time. DI-046, DI-063, DI-064, DI-088, DI-092."""

from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.errors import NotFound
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.models.ledger import AccountKind as Kind
from carehub.services.ledger import writing
from carehub.services.ledger.errors import BelowFloor, HoldClosed, KeyReused, MoreThanPaid, NotEnoughCoins
from carehub.services.ledger.rules import POINTS, Split, share
from carehub.services.ledger.writing import Leg
from tests.ledger.factories import Books, make_books, money

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def books() -> Books:
    return make_books()


def test_coins_are_bought_held_and_captured_80_to_20(books: Books) -> None:
    client = new_id()
    books.buy(client, 100)
    hold = books.hold(client, 41)
    assert (books.has(client, Kind.COINS), books.has(client, Kind.HELD)) == (59, 41)

    books.capture(hold, 41)

    assert books.has(client, Kind.COINS, Kind.HELD) == 59
    assert books.has(books.expert, Kind.EARNING) == 33  # 32.8: what rounding leaves is the professional's
    assert books.has(books.tenant_id, Kind.REVENUE) == 8
    assert books.has(books.tenant_id, Kind.ISSUED) == -100
    assert books.drift() == []


def test_a_part_is_captured_and_the_rest_comes_back(books: Books) -> None:
    client = new_id()
    books.buy(client, 50)
    hold = books.hold(client, 50)
    books.capture(hold, 20)
    assert books.has(client, Kind.COINS) == 30
    assert books.has(client, Kind.HELD) == 0
    assert books.drift() == []


def test_a_hold_is_resolved_once(books: Books) -> None:
    client = new_id()
    books.buy(client, 50)
    captured, released = books.hold(client, 10), books.hold(client, 10)
    first = books.capture(captured, 10)
    again = books.release(released)
    assert books.capture(captured, 10) == first
    assert books.release(released) == again
    with pytest.raises(HoldClosed):
        books.capture(captured, 9)
    with pytest.raises(HoldClosed):
        books.release(captured)
    with pytest.raises(HoldClosed):
        books.capture(released, 10)
    assert books.has(client, Kind.COINS) == 40
    assert books.drift() == []


def test_nobody_spends_what_they_do_not_have(books: Books) -> None:
    client = new_id()
    books.buy(client, 10)
    books.hold(client, 8)
    with pytest.raises(NotEnoughCoins) as refused:
        books.hold(client, 3)
    assert refused.value.params == {"have": "2", "need": "3"}
    with pytest.raises(BelowFloor):
        books.post(Leg(client, Kind.COINS, -3), Leg(books.expert, Kind.EARNING, 3))
    assert books.drift() == []


def test_bonus_coins_that_end_soonest_go_first_and_come_back_last(books: Books) -> None:
    client = new_id()
    books.buy(client, 10)
    books.give(client, 5, days=30)
    books.give(client, 4, days=3)
    hold = books.hold(client, 12)
    assert books.has(client, Kind.BONUS) == 0
    assert books.has(client, Kind.COINS) == 7

    books.capture(hold, 8)  # four of the lot that ends first, four of the next; one bonus and three bought come back

    assert books.has(client, Kind.COINS) == 10
    assert books.has(client, Kind.BONUS) == 1
    books.refund(hold, 8)
    assert (books.has(client, Kind.COINS), books.has(client, Kind.BONUS)) == (10, 9)
    assert books.drift() == []


def test_a_lot_that_has_ended_is_not_spent(books: Books) -> None:
    client = new_id()
    books.give(client, 5, days=1)
    with clock.travel(clock.now().replace(year=clock.now().year + 1)), pytest.raises(NotEnoughCoins):
        books.hold(client, 5)


@pytest.mark.parametrize("parts", [(41,), (1, 40), (13, 13, 15), (7, 7, 7, 7, 7, 6)])
def test_refunds_take_each_share_back_in_full(books: Books, parts: tuple[int, ...]) -> None:
    client = new_id()
    books.buy(client, 60)
    hold = books.hold(client, 60)
    books.capture(hold, 41, Split(2000, 300))
    for part in parts:
        books.refund(hold, part)
    assert books.has(client, Kind.COINS) == 60
    assert books.has(books.expert, Kind.EARNING) == 0
    assert books.has(books.tenant_id, Kind.REVENUE) == 0
    assert books.has(writing.NOBODY, Kind.PLATFORM) == 0
    with pytest.raises(MoreThanPaid):
        books.refund(hold, 1)
    assert books.drift() == []


def test_the_same_key_is_the_same_move(books: Books) -> None:
    client = new_id()
    assert books.buy(client, 10, name="once") == books.buy(client, 10, name="once")
    hold = books.hold(client, 4, name="held")
    assert books.hold(client, 4, name="held") == hold
    books.capture(hold, 4)
    assert books.refund(hold, 2, name="back") == books.refund(hold, 2, name="back")
    for other in (
        lambda: books.buy(client, 11, name="once"),
        lambda: books.hold(client, 5, name="held"),
        lambda: books.refund(hold, 1, name="back"),
    ):
        with pytest.raises(KeyReused):
            other()
    assert books.has(client, Kind.COINS) == 8
    assert books.drift() == []


def test_currencies_never_mix(books: Books) -> None:
    client = new_id()
    with money(books.tenant_id) as session:
        dinars = session.scalar(text("SELECT ledger_account_of(:owner, 'adjustment', 'TND')"), {"owner": client})
    with pytest.raises(DBAPIError, match="one currency"):
        books.post(Leg(client, Kind.ADJUSTMENT, 5, account=dinars), Leg(books.tenant_id, Kind.ISSUED, -5))


@pytest.mark.parametrize("amounts", [(5, -4), (5,), (5, -5, 1)])
def test_a_posting_sums_to_zero(books: Books, amounts: tuple[int, ...]) -> None:
    with pytest.raises(DBAPIError):
        books.post(*(Leg(new_id(), Kind.ADJUSTMENT, amount) for amount in amounts))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET amount = amount + 1",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_transaction SET kind = 'x'",
        "UPDATE ledger_account SET balance = balance + 1",
        "INSERT INTO ledger_account (tenant_id, id, owner_id, kind, currency, lot, shard, balance) VALUES"
        " (:tenant, gen_random_uuid(), gen_random_uuid(), 'coins', 'COIN', gen_random_uuid(), 0, 5)",
        "UPDATE ledger_hold SET state = 'open'",
    ],
)
@pytest.mark.parametrize("role", [Role.MONEY, Role.APP, Role.ME, Role.WORKER, Role.BOOKING])
def test_no_role_writes_the_books_but_through_their_functions(books: Books, role: Role, statement: str) -> None:
    books.buy(new_id(), 5)
    with unit_of_work(system(books.tenant_id), role) as session, pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text(statement), {"tenant": books.tenant_id})


def test_not_even_the_owner_changes_an_entry(books: Books, db: psycopg.Connection) -> None:
    books.buy(new_id(), 5)
    for statement in ("UPDATE ledger_entry SET amount = 6", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            db.execute(statement)
        db.rollback()


def test_another_tenants_hold_does_not_exist(books: Books) -> None:
    client, other = new_id(), make_books()
    books.buy(client, 5)
    hold = books.hold(client, 5)
    for move in (lambda: other.capture(hold, 5), lambda: other.release(hold), lambda: other.refund(hold, 1)):
        with pytest.raises(NotFound):
            move()
    account: UUID
    with money(books.tenant_id) as session:
        account = session.scalar(
            text("SELECT id FROM ledger_account WHERE owner_id = :id AND kind = 'held'"), {"id": client}
        )
    with pytest.raises(DBAPIError, match=r"one currency|missing"):
        other.post(Leg(client, Kind.HELD, -5, account=account), Leg(new_id(), Kind.COINS, 5))


@pytest.mark.parametrize("amount", [0, -1, 2**62])
def test_absurd_amounts_are_refused(books: Books, amount: int) -> None:
    client = new_id()
    books.buy(client, 5)
    with pytest.raises((DBAPIError, NotEnoughCoins)):
        books.hold(client, amount)
    assert books.drift() == []


def test_shares_sum_to_the_amount_whatever_it_is() -> None:
    for amount in range(1, 500):
        for split in (Split(), Split(0, 0), Split(POINTS, 0), Split(3333, 3333), Split(1, 1)):
            parts = share(amount, split)
            assert parts.professional + parts.tenant + parts.platform == amount
            assert min(parts.professional, parts.tenant, parts.platform) >= 0
            assert parts.tenant <= amount * split.tenant / POINTS


def test_verify_names_what_drifted(books: Books, db: psycopg.Connection) -> None:
    client = new_id()
    books.buy(client, 5)
    db.execute("UPDATE ledger_account SET balance = 7 WHERE owner_id = %s AND kind = 'coins'", [client])
    db.commit()
    assert {(drift.what, drift.by) for drift in books.drift()} == {("balance", 2)}
