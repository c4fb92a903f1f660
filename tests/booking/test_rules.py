"""Free times as pure rules: whatever the hours, the busy spans and the limits are."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.models.booking import AppointmentStatus
from carehub.services.booking.rules import (
    ALLOWED,
    BookingRules,
    Exceptional,
    Offer,
    Schedule,
    WeeklyRule,
    booking_rules,
    client_may_change,
    free_slots,
    may_become,
    openings,
)

MONDAY = date(2026, 11, 23)
ZONES = ("Europe/Paris", "Africa/Casablanca", "Africa/Tunis", "America/Toronto")
DAYS = st.integers(0, 400).map(lambda n: date(2026, 6, 1) + timedelta(days=n))
QUARTERS = st.integers(0, 95)


def wall(quarter: int) -> time:
    return time(quarter // 4, quarter % 4 * 15)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    rules = []
    for _ in range(draw(st.integers(0, 4))):
        first, last = sorted(draw(st.lists(QUARTERS, min_size=2, max_size=2, unique=True)))
        rules.append(WeeklyRule(draw(st.integers(0, 6)), wall(first), wall(last)))
    exceptions = []
    for _ in range(draw(st.integers(0, 2))):
        start = datetime.combine(draw(DAYS), wall(draw(QUARTERS)))
        exceptions.append(Exceptional(draw(st.booleans()), start, start + timedelta(hours=draw(st.integers(1, 30)))))
    return Schedule(draw(st.sampled_from(ZONES)), tuple(rules), tuple(exceptions))


@st.composite
def offers(draw: st.DrawFn) -> Offer:
    return Offer(
        duration=draw(st.integers(5, 180)),
        step=draw(st.sampled_from((5, 15, 30, 45))),
        buffer_before=draw(st.integers(0, 30)),
        buffer_after=draw(st.integers(0, 30)),
        minimum_notice=draw(st.integers(0, 3000)),
        horizon_days=draw(st.integers(0, 90)),
        daily_cap=draw(st.none() | st.integers(1, 4)),
    )


@st.composite
def busy_spans(draw: st.DrawFn, day: date) -> list[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time(), UTC)
    starts = draw(st.lists(st.integers(-120, 1600), max_size=5))
    return [
        (midnight + timedelta(minutes=n), midnight + timedelta(minutes=n + draw(st.integers(1, 200)))) for n in starts
    ]


@given(st.data())
def test_slots_keep_to_openings_and_never_touch_busy_time_nor_each_limit(data: st.DataObject) -> None:
    schedule, offer, day = data.draw(schedules()), data.draw(offers()), data.draw(DAYS)
    busy = data.draw(busy_spans(day))
    now = datetime.combine(day, time(), UTC) - timedelta(hours=data.draw(st.integers(0, 2400)))
    taken = data.draw(st.integers(0, 4))
    slots = free_slots(schedule, offer, busy, day=day, now=now, taken=taken)
    opened = openings(schedule, day)
    before, after = timedelta(minutes=offer.buffer_before), timedelta(minutes=offer.buffer_after)
    for slot in slots:
        assert slot.end - slot.start == timedelta(minutes=offer.duration)
        assert any(one.start <= slot.start and slot.end <= one.end for one in opened)
        assert all(slot.end + after <= start or slot.start - before >= end for start, end in busy)
        assert slot.start >= now + timedelta(minutes=offer.minimum_notice)
        assert slot.start.astimezone(ZoneInfo(schedule.zone)).date() == day
    if offer.daily_cap is not None and taken >= offer.daily_cap:
        assert slots == []
    if (day - now.astimezone(ZoneInfo(schedule.zone)).date()).days > offer.horizon_days:
        assert slots == []
    assert [slot.start for slot in slots] == sorted({slot.start for slot in slots})


@given(st.data())
def test_openings_of_a_day_do_not_overlap_where_modes_are_equal(data: st.DataObject) -> None:
    opened = openings(data.draw(schedules()), data.draw(DAYS))
    assert all(one.end <= other.start for one, other in itertools.pairwise(opened))


def week(zone: str, starts: time = time(0), ends: time = time(23, 59)) -> Schedule:
    return Schedule(zone, tuple(WeeklyRule(day, starts, ends) for day in range(7)))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Paris", date(2026, 10, 25), 25),  # clocks go back
        ("Europe/Paris", date(2027, 3, 28), 23),  # and forward
        ("Europe/Paris", MONDAY, 24),
        ("Africa/Tunis", date(2026, 10, 25), 24),  # no summer time
        ("Africa/Tunis", date(2027, 3, 28), 24),
    ],
)
def test_a_day_open_from_midnight_to_midnight_has_the_hours_of_that_day(zone: str, day: date, hours: int) -> None:
    (opened,) = openings(week(zone), day)
    assert opened.end - opened.start == timedelta(hours=hours)


def test_casablanca_stays_on_utc_after_20_september_2026() -> None:
    morning = week("Africa/Casablanca", time(9), time(10))
    before, after = openings(morning, date(2026, 9, 18))[0], openings(morning, date(2026, 9, 21))[0]
    assert before.start.hour == 8
    assert after.start.hour == 9
    assert openings(morning, date(2027, 7, 5))[0].start.hour == 9


def test_times_that_clocks_skip_are_not_offered() -> None:
    night = week("Europe/Paris", time(1), time(4))
    offer = Offer(duration=30, step=30)
    slots = free_slots(night, offer, [], day=date(2027, 3, 28), now=datetime(2027, 3, 27, tzinfo=UTC))
    walls = [slot.start.astimezone(ZoneInfo("Europe/Paris")).strftime("%H:%M") for slot in slots]
    assert walls == ["01:00", "01:30", "03:00", "03:30"]


def test_the_hour_that_comes_twice_is_offered_twice_without_overlap() -> None:
    night = week("Europe/Paris", time(2), time(3))
    offer = Offer(duration=60, step=60)
    slots = free_slots(night, offer, [], day=date(2026, 10, 25), now=datetime(2026, 10, 24, tzinfo=UTC))
    assert all(one.end <= other.start for one, other in itertools.pairwise(slots))


def test_an_absence_takes_away_and_an_extra_opening_adds() -> None:
    base = week("Europe/Paris", time(9), time(12))
    away = Exceptional(False, datetime.combine(MONDAY, time(10)), datetime.combine(MONDAY, time(11)))
    extra = Exceptional(True, datetime.combine(MONDAY, time(18)), datetime.combine(MONDAY, time(19)))
    schedule = Schedule(base.zone, base.weekly, (away, extra))
    slots = free_slots(schedule, Offer(60, 60), [], day=MONDAY, now=datetime(2026, 11, 20, tzinfo=UTC))
    assert [slot.start.hour + 1 for slot in slots] == [9, 11, 18]


def test_a_public_holiday_closes_the_week_but_not_an_extra_opening() -> None:
    base = week("Europe/Paris", time(9), time(12))
    extra = Exceptional(True, datetime.combine(MONDAY, time(18)), datetime.combine(MONDAY, time(19)))
    schedule = Schedule(base.zone, base.weekly, (extra,), frozenset({MONDAY}))
    assert len(openings(schedule, MONDAY)) == 1


@pytest.mark.parametrize("status", list(AppointmentStatus))
def test_what_is_over_by_words_stays_over(status: AppointmentStatus) -> None:
    assert not may_become(AppointmentStatus.CANCELLED, status)
    assert not may_become(AppointmentStatus.DECLINED, status)
    assert all(target in ALLOWED for target in ALLOWED[status])


NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "hours_ahead", "allowed"),
    [
        ("booked", 25, True),
        ("booked", 24, True),
        ("booked", 23, False),
        ("pending", 1, True),  # an unanswered request can always be withdrawn
        ("proposed", 1, True),
        ("pending", -1, False),
        ("cancelled", 48, False),
        ("fulfilled", 48, False),
    ],
)
def test_a_client_changes_within_the_window(status: str, hours_ahead: int, allowed: bool) -> None:
    assert client_may_change(status, NOW + timedelta(hours=hours_ahead), now=NOW, hours=24) is allowed


def test_stored_rules_that_are_unknown_are_left_out() -> None:
    assert booking_rules({"cancel_hours": 48, "from_another_version": 1}) == BookingRules(cancel_hours=48)
