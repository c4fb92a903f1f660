"""Messages that are paid when answered, calls that are paid by the second."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.permissions import TenantRole
from carehub.models.metered import MeteredKind
from carehub.services import metered
from carehub.services.ledger.errors import NotEnoughCoins
from carehub.services.metered.errors import CoinsPerUseInvalid, MinutesInvalid, NotPriced, UseOver
from carehub.services.metered.rules import call_coins, share_out
from carehub.services.metered.views import CallView
from tests import factories as make
from tests.checkout.factories import Practice, make_paid_practice


@pytest.fixture(scope="module")
def practice(worker_database: str) -> Practice:
    made = make_paid_practice()
    for kind, coins in ((MeteredKind.MESSAGE, 10), (MeteredKind.CALL, 3)):
        perform(metered.set_use_price, made.owner, kind=kind, coins=coins)
    return made


def _message(practice: Practice, client: Actor, message_id: UUID | None = None) -> UUID:
    asked = message_id or uuid4()
    perform(
        metered.hold_for_message,
        client,
        tenant=practice.tenant.slug,
        practitioner_id=practice.practitioner.id,
        message_id=asked,
    )
    return asked


def _agree(practice: Practice, client: Actor, minutes: int, consent: str = "") -> CallView:
    return perform(
        metered.agree_to_call,
        client,
        tenant=practice.tenant.slug,
        practitioner_id=practice.practitioner.id,
        minutes=minutes,
        consent=consent or str(uuid4()),
    )


def test_prices_are_public(practice: Practice) -> None:
    found = perform(metered.use_prices, Actor(), tenant=practice.tenant.slug, practitioner_id=practice.practitioner.id)
    assert (found.message, found.video_message, found.call) == (10, 0, 3)
    with pytest.raises(CoinsPerUseInvalid):
        perform(metered.set_use_price, practice.owner, kind=MeteredKind.CALL, coins=-1)


def test_a_message_is_paid_when_it_is_answered(practice: Practice) -> None:
    person = practice.client(coins=15)
    client = make.person_actor(person)
    before = practice.coins(practice.practitioner.id, "earning")
    sent = _message(practice, client)
    assert practice.coins(person.id, "coins") == 5
    assert perform(metered.answer_message, practice.owner, message_id=sent).state == "paid"
    assert perform(metered.answer_message, practice.owner, message_id=sent).state == "paid"
    assert practice.coins(practice.practitioner.id, "earning") - before == 8
    assert perform(metered.my_paid_message, client, message_id=sent).state == "paid"
    assert practice.drift() == []


def test_an_unanswered_one_comes_back_in_time(practice: Practice) -> None:
    person = practice.client(coins=10)
    sent = _message(practice, make.person_actor(person))
    metered.release_unanswered()
    assert practice.coins(person.id, "coins") == 0
    with clock.travel(clock.now() + timedelta(hours=49)):
        assert metered.release_unanswered() >= 1
    assert practice.coins(person.id, "coins") == 10
    with pytest.raises(UseOver):
        perform(metered.answer_message, practice.owner, message_id=sent)
    assert metered.release_unanswered() == 0


def test_sent_twice_it_is_paid_once(practice: Practice) -> None:
    person = practice.client(coins=30)
    client = make.person_actor(person)
    sent = _message(practice, client)
    _message(practice, client, sent)
    assert practice.coins(person.id, "coins") == 20
    with pytest.raises(NotFound):
        _message(practice, make.person_actor(practice.client(coins=30)), sent)


def test_two_devices_spend_the_last_coins_once(practice: Practice) -> None:
    person = practice.client(coins=10)
    client, start = make.person_actor(person), Barrier(4)

    def send(_: int) -> bool:
        start.wait()
        try:
            _message(practice, client)
        except NotEnoughCoins:
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        assert sum(crowd.map(send, range(4))) == 1
    assert practice.coins(person.id, "coins") == 0


def test_only_the_practitioner_is_paid_for_an_answer(practice: Practice) -> None:
    sent = _message(practice, make.person_actor(practice.client(coins=10)))
    colleague = make.make_practitioner(practice.tenant)
    other = make.make_member(practice.tenant, TenantRole.PRACTITIONER, practitioner=colleague)
    with pytest.raises(NotFound):
        perform(metered.answer_message, other, message_id=sent)


def test_what_is_not_priced_is_not_sold(practice: Practice) -> None:
    client = make.person_actor(practice.client(coins=10))
    asked = {"tenant": practice.tenant.slug, "practitioner_id": practice.practitioner.id, "message_id": uuid4()}
    with pytest.raises(NotPriced):
        perform(metered.hold_for_message, client, kind=MeteredKind.VIDEO_MESSAGE, **asked)  # type: ignore[arg-type]


def test_a_call_is_settled_to_the_second(practice: Practice) -> None:
    person = practice.client(coins=100)
    client = make.person_actor(person)
    call = UUID(_agree(practice, client, 20).id)
    assert practice.coins(person.id, "held") == 60
    perform(metered.begin_call, practice.owner, call_id=call)
    began = clock.now()
    with clock.travel(began + timedelta(minutes=12, seconds=21)):
        assert perform(metered.read_call, client, call_id=call).coins in (37, 38)
        ended = perform(metered.end_call, practice.owner, call_id=call)
    assert ended.coins in (37, 38)
    assert practice.coins(person.id, "coins") == 100 - ended.coins
    assert perform(metered.hang_up, client, call_id=call).coins == ended.coins
    assert practice.drift() == []


def test_a_short_one_costs_the_minimum(practice: Practice) -> None:
    person = practice.client(coins=100)
    client = make.person_actor(person)
    call = UUID(_agree(practice, client, 15).id)
    perform(metered.begin_call, practice.owner, call_id=call)
    assert perform(metered.hang_up, client, call_id=call).coins == 30


def test_one_that_never_began_costs_nothing(practice: Practice) -> None:
    person = practice.client(coins=100)
    client = make.person_actor(person)
    first = UUID(_agree(practice, client, 10).id)
    assert perform(metered.hang_up, client, call_id=first).state == "released"
    _agree(practice, client, 10)
    with clock.travel(clock.now() + timedelta(hours=25)):
        metered.end_calls()
    assert practice.coins(person.id, "coins") == 100


def test_more_minutes_need_consent_and_one_consent_counts_once(practice: Practice) -> None:
    person = practice.client(coins=100)
    client = make.person_actor(person)
    call = UUID(_agree(practice, client, 10).id)
    perform(metered.begin_call, practice.owner, call_id=call)
    began = clock.now()
    for _ in range(2):
        assert perform(metered.extend_call, client, call_id=call, minutes=5, consent="more").minutes == 15
    with clock.travel(began + timedelta(minutes=30)):
        with pytest.raises(UseOver):
            perform(metered.extend_call, client, call_id=call, minutes=5, consent="late")
        metered.end_calls()
        ended = perform(metered.read_call, client, call_id=call)
    assert (ended.state, ended.coins) == ("paid", 45)
    assert practice.coins(person.id, "coins") == 55
    assert practice.drift() == []


@pytest.mark.parametrize("minutes", [9, 241, -1])
def test_minutes_have_bounds(practice: Practice, minutes: int) -> None:
    with pytest.raises(MinutesInvalid):
        _agree(practice, make.person_actor(practice.client(coins=1000)), minutes)


def test_agreeing_twice_is_once_and_without_coins_nothing(practice: Practice) -> None:
    person = practice.client(coins=40)
    client = make.person_actor(person)
    first, again = (_agree(practice, client, 10, "same") for _ in range(2))
    assert first.id == again.id
    assert practice.coins(person.id, "held") == 30
    with pytest.raises(NotEnoughCoins):
        _agree(practice, client, 10)


def test_both_hang_up_at_once_it_is_taken_once(practice: Practice) -> None:
    person = practice.client(coins=60)
    client = make.person_actor(person)
    call = UUID(_agree(practice, client, 20).id)
    perform(metered.begin_call, practice.owner, call_id=call)
    start = Barrier(4)
    ways: list[Callable[[], CallView]] = [
        lambda: perform(metered.hang_up, client, call_id=call),
        lambda: perform(metered.end_call, practice.owner, call_id=call),
    ] * 2

    def end(way: Callable[[], CallView]) -> int:
        start.wait()
        return way().coins

    with ThreadPoolExecutor(4) as crowd:
        assert set(crowd.map(end, ways)) == {30}
    assert practice.coins(person.id, "coins") == 30
    assert practice.drift() == []


@given(
    per_minute=st.integers(1, 500),
    minimum=st.integers(1, 60),
    more=st.integers(0, 180),
    seconds=st.floats(0, 20_000, allow_nan=False),
)
def test_a_call_costs_at_least_its_minimum_and_at_most_what_was_agreed(
    per_minute: int, minimum: int, more: int, seconds: float
) -> None:
    cost = call_coins(per_minute, minimum=minimum, agreed=minimum + more, seconds=seconds)
    assert per_minute * minimum <= cost <= per_minute * (minimum + more)


@given(st.integers(0, 1000), st.lists(st.integers(1, 300), min_size=1, max_size=6))
def test_holds_are_taken_in_their_order(total: int, holds: list[int]) -> None:
    taken = share_out(total, holds)
    assert sum(taken) == min(total, sum(holds))
    assert all(0 <= part <= whole for part, whole in zip(taken, holds, strict=True))
