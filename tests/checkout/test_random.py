"""Many clients, few times and few coins, at once: money is conserved, each time is sold once, each payment is in one state."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from carehub.core import clock, outbox
from carehub.core.actor import system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import CareHubError
from carehub.core.roles import Role
from carehub.integrations.stripe_sink.server import Sink
from carehub.models.identity import Person
from carehub.services import booking, checkout, payments
from carehub.services.booking.errors import SlotTaken
from carehub.services.checkout import paying
from carehub.services.checkout.errors import CheckoutOver, PriceChanged, TimeLost
from carehub.services.ledger.errors import NotEnoughCoins
from carehub.services.ledger.verify import verify
from carehub.services.payments.driving import settle
from carehub.services.payments.tokens import opened
from tests import factories as make
from tests.checkout import crowd as many
from tests.checkout.factories import Practice, make_paid_practice
from tests.payments.factories import KEY, Till

CLIENTS = 12
CROWD, VISITS, LONGEST_ROUNDS = 64, 3, 20


@pytest.fixture(scope="module")
def practice(worker_database: str) -> Practice:
    return make_paid_practice()


def total(practice: Practice) -> int:
    """Every coin that stands with somebody, and what was issued (negative): nothing."""
    with unit_of_work(system(practice.tenant.id), Role.MONEY) as session:
        return int(session.scalar(text("SELECT sum(balance) FROM ledger_account WHERE currency = 'COIN'")) or 0)


def states(practice: Practice) -> Counter[str]:
    with unit_of_work(system(practice.tenant.id), Role.APP) as session:
        return Counter(session.scalars(text("SELECT state FROM checkout")))


def test_two_devices_pay_with_the_last_coins_once(practice: Practice) -> None:
    person = practice.client(coins=120)
    made = [practice.begin(person) for _ in range(4)]
    start = Barrier(4)

    def pay(one: UUID) -> bool:
        start.wait()
        try:
            practice.pay(person, one)
        except NotEnoughCoins:
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        assert sum(crowd.map(pay, made)) == 1
    assert practice.coins(person.id, "coins", "held") == 120
    assert practice.drift() == []


def test_the_last_use_of_a_code_is_used_once(practice: Practice) -> None:
    practice.promo("LAST", in_all=1)
    people = [practice.client(coins=200) for _ in range(4)]
    made = [(one, practice.begin(one, code="LAST")) for one in people]
    seen = [(one, practice.read(one, which)) for one, which in made]
    start = Barrier(4)

    def pay(one: int) -> bool:
        start.wait()
        try:
            practice.pay_seen(*seen[one])
        except CareHubError:
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        assert sum(crowd.map(pay, range(4))) == 1


def test_a_crowd_books_pays_cancels_and_is_received(practice: Practice) -> None:
    people = [practice.client(coins=random.Random(n).choice((60, 120, 240, 600))) for n in range(CLIENTS)]
    start = Barrier(CLIENTS)

    def live(n: int) -> None:
        rng, person = random.Random(n), people[n]
        start.wait()
        for _ in range(6):
            try:
                _once(practice, person, rng)
            except (SlotTaken, NotEnoughCoins, TimeLost, PriceChanged, CheckoutOver):
                continue

    with ThreadPoolExecutor(CLIENTS) as crowd:
        list(crowd.map(live, range(CLIENTS)))
    outbox.drain()
    checkout.end_all()
    outbox.drain()
    assert practice.drift() == []
    assert total(practice) == 0
    assert not {"paying"} & set(states(practice))
    with unit_of_work(system(practice.tenant.id), Role.APP) as session:
        unsettled = session.scalar(
            text("""
                SELECT count(*) FROM checkout c JOIN appointment a ON a.tenant_id = c.tenant_id AND a.id = c.appointment_id
                WHERE c.state = 'held' AND a.status IN ('fulfilled', 'noshow', 'cancelled', 'declined')""")
        )
        doubled = session.scalar(
            text("SELECT count(*) FROM (SELECT 1 FROM checkout_part GROUP BY hold_id HAVING count(*) > 1) AS twice")
        )
    assert (unsettled, doubled) == (0, 0)


def _once(practice: Practice, person: Person, rng: random.Random) -> None:
    days = rng.randint(2, 4)
    slot = make.free_start(
        practice.tenant, practice.practitioner, practice.service, days_ahead=days, nth=rng.randint(0, 3)
    )
    made = practice.begin(person, start=datetime.fromisoformat(slot.isoformat()))
    if rng.random() < 0.2:
        return  # never finished
    practice.pay(person, made)
    if rng.random() < 0.3:
        practice.pay(person, made)
    appointment = UUID(practice.read(person, made).appointment_id)
    way = rng.random()
    if way < 0.4:
        perform(booking.cancel_mine, make.person_actor(person), appointment_id=appointment)
    elif way < 0.7:
        perform(booking.fulfil, practice.owner, appointment_id=appointment)


@pytest.mark.parametrize("where", ["hold_coins", "finish", "confirm"])
def test_whoever_dies_on_the_way_leaves_nothing_behind(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    person = practice.client(coins=120)
    made = practice.begin(person)
    real = getattr(paying, where)

    def dies(*args: object, **kwargs: object) -> object:
        real(*args, **kwargs)
        raise RuntimeError("killed")

    monkeypatch.setattr(paying, where, dies)
    with pytest.raises(RuntimeError):
        practice.pay(person, made)
    monkeypatch.undo()
    assert practice.coins(person.id, "held") == 0
    assert practice.read(person, made).state == "open"
    assert practice.pay(person, made).state == "held"
    assert practice.coins(person.id, "held") == 120
    assert practice.drift() == []


def test_64_clients_pay_by_coins_and_card_give_up_and_cancel(sink: Sink, db: psycopg.Connection) -> None:
    """Whatever they do, money is conserved and each payment ends as an appointment or goes back: also at Stripe."""
    house = many.make_house(people=24)
    till = Till(sink, UUID(house.tenant_id), make.person_actor(make.make_person()))

    def bank(go: str, number: str, *, agree: bool) -> None:
        found = opened(go.rpartition("/")[2])
        assert found is not None
        address = settle(*found, begin=True).address
        done = till.type_card(address, number) if address else {}
        if "/confirm/" in done.get("next", ""):
            till.confirm(done["next"], agree=agree)
        settle(*found)
        outbox.drain()

    clients = [many.Client(house, seed, bank) for seed in range(CROWD)]

    def live(client: many.Client) -> None:
        for _ in range(VISITS):
            client.visit()

    with ThreadPoolExecutor(CROWD) as threads:
        list(threads.map(live, clients))
    with clock.travel(clock.now() + timedelta(minutes=70)):
        for _ in range(LONGEST_ROUNDS):
            if not (checkout.end_all() + outbox.drain() + payments.work_due()):
                break
    told = sum((one.told for one in clients), Counter[str]())
    assert {"booked", "cancelled", "cancelled by staff", "fulfilled", "changed mind"} <= set(told), told
    with unit_of_work(system(UUID(house.tenant_id)), Role.MONEY) as session:
        assert verify(session) == []
    assert many.wrong(db, house) == {}
    assert many.wrong_at_stripe(db, house, sink.store, KEY) == []
