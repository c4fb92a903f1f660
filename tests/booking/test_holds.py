"""A kept slot: nobody else's while it lasts, anybody's afterwards; one of many at once wins."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest

from carehub.core import clock
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform
from carehub.core.errors import CareHubError, ModuleOff, NotFound, TooMany
from carehub.services import booking
from carehub.services.booking.errors import HoldExpired, SlotNotOffered, SlotTaken
from tests.booking.factories import house, second_practitioner
from tests.booking.journeys import booked, confirm, free, guest_form, hold

CROWD = 64


def test_a_kept_slot_is_not_offered_to_others() -> None:
    made = house()
    first = free(made)[0]
    hold(made, first.starts_at)
    assert first.starts_at not in [slot.starts_at for slot in free(made)]
    with pytest.raises(SlotTaken):
        hold(made, first.starts_at)


def test_a_kept_slot_comes_back_when_it_lapses() -> None:
    made = house()
    first = free(made)[0]
    kept = hold(made, first.starts_at)
    with clock.travel(datetime.fromisoformat(kept.expires_at) + timedelta(seconds=1)):
        with pytest.raises(HoldExpired):
            confirm(made, kept)
        assert hold(made, first.starts_at).starts_at == first.starts_at


def test_another_choice_gives_the_first_one_back() -> None:
    made = house()
    one, other = free(made)[:2]
    kept = hold(made, one.starts_at)
    hold(made, other.starts_at, replaces=kept.token)
    assert next(slot.starts_at for slot in free(made)) == one.starts_at
    with pytest.raises(HoldExpired):
        confirm(made, kept)


def test_a_ticket_takes_the_same_hold_again_but_does_not_book() -> None:
    made = house()
    kept = hold(made, free(made)[0].starts_at)
    with pytest.raises(HoldExpired):
        perform(booking.book, VISITOR, tenant=made.slug, token=kept.ticket, form=guest_form())
    again = hold(made, kept.starts_at, ticket=kept.ticket)
    assert again.token != kept.token
    assert confirm(made, again).appointment.starts_at == kept.starts_at


def test_a_ticket_of_another_tenant_opens_nothing() -> None:
    made, other = house(), house()
    kept = hold(made, free(made)[0].starts_at)
    stranger = hold(other, free(other)[0].starts_at)
    with pytest.raises(SlotTaken):
        hold(made, kept.starts_at, ticket=stranger.ticket)
    with pytest.raises(SlotTaken):
        hold(made, kept.starts_at, ticket="made-up")


def test_releasing_gives_the_slot_back() -> None:
    made = house()
    kept = hold(made, free(made)[0].starts_at)
    perform(booking.release_hold, VISITOR, tenant=made.slug, token=kept.token)
    assert free(made)[0].starts_at == kept.starts_at


def test_a_hold_books_once() -> None:
    made = house()
    kept = hold(made, free(made)[0].starts_at)
    confirm(made, kept)
    with pytest.raises(HoldExpired):
        confirm(made, kept)


@pytest.mark.parametrize("shift", [timedelta(minutes=1), timedelta(days=-30), timedelta(days=400), timedelta(hours=13)])
def test_a_time_that_the_rules_do_not_offer_is_refused(shift: timedelta) -> None:
    made = house()
    at = datetime.fromisoformat(free(made)[0].starts_at) + shift
    with pytest.raises(SlotNotOffered):
        hold(made, at)


def test_a_service_of_another_tenant_does_not_exist_here() -> None:
    made, other = house(), house()
    wanted = {"tenant": made.slug, "starts_at": datetime.fromisoformat(free(made)[0].starts_at)}
    with pytest.raises(NotFound):
        perform(
            booking.hold_slot,
            VISITOR,
            practitioner_id=other.practitioner_id,
            service_id=other.service_id,
            **wanted,
        )
    with pytest.raises(NotFound):
        perform(booking.hold_slot, VISITOR, practitioner_id=uuid4(), service_id=uuid4(), **wanted)


def test_a_service_that_only_the_desk_books_is_not_found() -> None:
    made = house(service={"is_public": False})
    with pytest.raises(NotFound):
        free(made)


def test_a_switched_off_module_takes_no_bookings(db: psycopg.Connection) -> None:
    made = house()
    db.execute("update tenant set modules = '{records}' where id = %s", [made.id])
    with pytest.raises(ModuleOff):
        free(made)


def test_the_nearest_times_surround_the_one_that_was_lost() -> None:
    made = house()
    slots = free(made)
    lost = slots[5]
    hold(made, lost.starts_at)
    found = perform(
        booking.nearest,
        VISITOR,
        tenant=made.slug,
        practitioner_id=made.practitioner_id,
        service_id=made.service_id,
        around=datetime.fromisoformat(lost.starts_at),
        count=2,
    )
    assert [slot.starts_at for slot in found] == [slots[4].starts_at, slots[6].starts_at]


def _together(work: list) -> list:  # type: ignore[type-arg]
    gate = Barrier(len(work))

    def one(job):  # type: ignore[no-untyped-def]
        gate.wait(30)
        try:
            return job()
        except CareHubError as refusal:
            return refusal

    with ThreadPoolExecutor(len(work)) as crowd:
        return list(crowd.map(one, work))


def test_of_64_who_want_the_same_slot_exactly_one_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = house()
    start = free(made)[0].starts_at

    def attempt(number: int):  # type: ignore[no-untyped-def]
        return lambda: confirm(made, hold(made, start), email=f"guest{number}@example.com", given_name=f"G{number}")

    results = _together([attempt(number) for number in range(CROWD)])
    refused = [one for one in results if isinstance(one, CareHubError)]
    assert len(refused) == CROWD - 1
    assert {type(one) for one in refused} == {SlotTaken}


def test_the_constraint_refuses_two_holders_of_overlapping_slots(db: psycopg.Connection) -> None:
    """Even if two holds stood on one time, only one would be booked."""
    made = house()
    one, other = free(made)[:2]
    kept, later = hold(made, one.starts_at), hold(made, other.starts_at)
    db.execute(
        "update slot_hold set starts_at = %s, ends_at = %s where tenant_id = %s",
        [kept.starts_at, kept.ends_at, made.id],
    )
    results = _together([lambda: confirm(made, kept), lambda: confirm(made, later, email="b@example.com")])
    assert sorted(type(one).__name__ for one in results) == ["BookedView", "SlotTaken"]


def test_two_practitioners_take_the_same_hour() -> None:
    made = house()
    second_practitioner(made)
    first = booked(made)
    assert first.appointment.status == "booked"
    assert free(made)


def test_buffers_keep_the_neighbours_free() -> None:
    made = house(service={"buffer_after": 15, "slot_step": 15})
    kept = hold(made, free(made)[0].starts_at)
    after = [datetime.fromisoformat(slot.starts_at) for slot in free(made)]
    assert min(after) >= datetime.fromisoformat(kept.ends_at) + timedelta(minutes=15)


def test_a_daily_cap_closes_the_day() -> None:
    made = house(service={"daily_cap": 1})
    day = booked(made).appointment.local_start[:10]
    assert day not in {slot.local[:10] for slot in free(made)}


def test_a_hidden_practitioner_is_not_held_by_id(db: psycopg.Connection) -> None:
    made = house()
    first = free(made)[0]
    db.execute("update practitioner set visibility = 'hidden' where id = %s", [made.practitioner_id])
    with pytest.raises(NotFound):
        hold(made, first.starts_at)


def test_one_address_does_not_hold_a_whole_agenda() -> None:
    made = house()
    visitor = Actor(address="203.0.113.77")
    times = [slot.starts_at for slot in free(made)]
    asked = {"tenant": made.slug, "practitioner_id": made.practitioner_id, "service_id": made.service_id}

    def hold_on() -> None:
        for start in (times * 40)[:40]:
            with contextlib.suppress(SlotTaken):
                perform(booking.hold_slot, visitor, **asked, starts_at=datetime.fromisoformat(start))

    with pytest.raises(TooMany):
        hold_on()
