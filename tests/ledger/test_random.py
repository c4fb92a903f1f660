"""Random moves, beside a model in plain Python, and by many clients at once. Nothing is lost, doubled or invented."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from carehub.core.ids import new_id
from carehub.models.ledger import AccountKind as Kind
from carehub.services.ledger.errors import HoldClosed, MoreThanPaid, NotEnoughCoins
from tests.ledger.factories import Books, make_books, money

pytestmark = pytest.mark.usefixtures("db")
CLIENTS = 64
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("buy"), st.integers(1, 60), st.just(0)),
        st.tuples(st.just("give"), st.integers(1, 20), st.integers(1, 3)),
        st.tuples(st.just("hold"), st.integers(1, 60), st.just(0)),
        st.tuples(st.just("capture"), st.integers(0, 5), st.integers(1, 60)),
        st.tuples(st.just("release"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("refund"), st.integers(0, 5), st.integers(1, 60)),
    ),
    min_size=5,
    max_size=25,
)


class Model:
    """One wallet and its holds as anybody would keep them on paper."""

    def __init__(self) -> None:
        self.free = self.taken = 0
        self.holds: list[list[int]] = []  # amount, captured, refunded; captured -1 while open, 0 when released

    def allows(self, move: str, first: int, second: int) -> bool:
        if move == "hold":
            return first <= self.free
        if move in ("buy", "give"):
            return True
        amount, captured, refunded = self.holds[first % len(self.holds)]
        if move == "capture":
            return second <= amount and captured in (-1, second)
        return captured <= 0 if move == "release" else captured > 0 and refunded + second <= captured

    def apply(self, move: str, first: int, second: int) -> None:
        if move in ("buy", "give"):
            self.free += first
        elif move == "hold":
            self.free -= first
            self.holds.append([first, -1, 0])
        else:
            hold = self.holds[first % len(self.holds)]
            if move == "refund":
                hold[2] += second
                self.free, self.taken = self.free + second, self.taken - second
            elif hold[1] == -1:
                hold[1] = second if move == "capture" else 0
                self.free, self.taken = self.free + hold[0] - hold[1], self.taken + hold[1]


@settings(max_examples=25)
@given(MOVES)
def test_a_wallet_is_what_a_model_says(moves: list[tuple[str, int, int]]) -> None:
    books, client, model, holds = make_books(), new_id(), Model(), list[UUID]()
    for move, first, second in moves:
        if move in ("capture", "release", "refund") and not holds:
            continue
        if model.allows(move, first, second):
            _do(books, client, holds, move, first, second)
        else:
            with pytest.raises((NotEnoughCoins, HoldClosed, MoreThanPaid, DBAPIError)):
                _do(books, client, holds, move, first, second)
            continue
        model.apply(move, first, second)
    assert books.has(client, Kind.COINS, Kind.BONUS) == model.free
    assert books.has(books.expert, Kind.EARNING) + books.has(books.tenant_id, Kind.REVENUE) == model.taken
    assert books.has(client, Kind.HELD) == sum(amount for amount, captured, _ in model.holds if captured == -1)
    assert books.drift() == []


def _do(books: Books, client: UUID, holds: list[UUID], move: str, first: int, second: int) -> None:
    if move == "buy":
        books.buy(client, first)
    elif move == "give":
        books.give(client, first, days=second)
    elif move == "hold":
        holds.append(books.hold(client, first))
    else:
        hold = holds[first % len(holds)]
        {"capture": books.capture, "refund": books.refund, "release": lambda one, _: books.release(one)}[move](
            hold, second
        )


def test_two_devices_cannot_spend_the_same_coins() -> None:
    books, client = make_books(), new_id()
    books.buy(client, 10)

    def spend(_: int) -> bool:
        try:
            books.hold(client, 3)
        except NotEnoughCoins:
            return False
        return True

    with ThreadPoolExecutor(8) as devices:
        assert Counter(devices.map(spend, range(16))) == {True: 3, False: 13}
    assert books.has(client, Kind.COINS) == 1
    assert books.drift() == []


def test_one_key_from_many_devices_is_one_move() -> None:
    books, client = make_books(), new_id()
    books.buy(client, 100)
    with ThreadPoolExecutor(8) as devices:
        holds = set(devices.map(lambda _: books.hold(client, 7, name="once"), range(16)))
        assert len(holds) == 1
        captured = set(devices.map(lambda _: books.capture(next(iter(holds)), 7), range(16)))
    assert len(captured) == 1
    assert books.has(client, Kind.COINS) == 93
    assert books.drift() == []


def test_capture_and_release_race_for_a_hold_and_one_wins() -> None:
    books, client = make_books(), new_id()
    books.buy(client, 40)
    for _ in range(4):
        hold = books.hold(client, 10)

        def resolve(n: int, hold: UUID = hold) -> str:
            try:
                books.capture(hold, 10) if n % 2 else books.release(hold)
            except HoldClosed:
                return "late"
            return "captured" if n % 2 else "released"

        with ThreadPoolExecutor(6) as devices:
            outcome = Counter(devices.map(resolve, range(12)))
        assert outcome["late"] == 6
        assert {outcome["captured"], outcome["released"]} == {0, 6}
    assert books.drift() == []


def test_64_clients_conserve_money() -> None:
    books = make_books()
    people = [new_id() for _ in range(8)]  # eight clients share a wallet
    for person in people:
        books.buy(person, 500)
        books.give(person, 50, days=9)

    def client(n: int) -> Counter[str]:
        rng, told, open_holds = random.Random(n), Counter[str](), list[UUID]()
        for _ in range(12):
            try:
                if open_holds and rng.random() < 0.6:
                    hold = open_holds.pop()
                    if rng.random() < 0.7:
                        books.capture(hold, 1)
                        books.refund(hold, 1) if rng.random() < 0.3 else None
                    else:
                        books.release(hold)
                else:
                    open_holds.append(books.hold(people[n % 8], rng.randint(1, 40)))
                told["done"] += 1
            except NotEnoughCoins:
                told["refused"] += 1
        return told

    with ThreadPoolExecutor(CLIENTS) as clients:
        total = sum(clients.map(client, range(CLIENTS)), Counter[str]())
    assert total["done"] > CLIENTS
    assert books.drift() == []
    with money(books.tenant_id) as session:
        assert session.scalar(text("SELECT sum(balance) FROM ledger_account")) == 0


_STORM = """
import random, sys
from uuid import UUID
from tests.ledger.factories import Books
books, seed = Books(UUID(sys.argv[1]), UUID(sys.argv[2])), int(sys.argv[4])
rng, n = random.Random(seed), 0
print("ready", flush=True)
while True:
    n += 1
    hold = books.hold(UUID(sys.argv[3]), 2, name=f"{seed}-{n}")
    (books.capture(hold, 1) if rng.random() < 0.5 else books.release(hold))
    books.buy(UUID(sys.argv[3]), 1, name=f"buy-{seed}-{n}")
"""


def test_kill_9_of_clients_leaves_nothing_half_done() -> None:
    books, client = make_books(), new_id()
    books.buy(client, 1_000)
    command = [sys.executable, "-c", _STORM, str(books.tenant_id), str(books.expert), str(client)]
    for seed in range(3):
        with subprocess.Popen([*command, str(seed)], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE) as storm:
            assert storm.stdout is not None
            assert storm.stdout.readline() == b"ready\n"
            time.sleep(0.4)
            storm.send_signal(signal.SIGKILL)
    assert books.drift() == []
    with money(books.tenant_id) as session:
        assert session.scalar(text("SELECT count(*) FROM ledger_transaction")) > 3
        stuck = session.execute(text("SELECT id, amount FROM ledger_hold WHERE state = 'open'")).all()
    assert books.has(client, Kind.HELD) == sum(amount for _, amount in stuck)
    for hold, _ in stuck:  # what a dead client left is resolved by anybody, once
        books.release(hold)
    assert books.has(client, Kind.HELD) == 0
    assert books.drift() == []
