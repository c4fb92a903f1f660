"""A made-up agenda keeps the rules of a real one."""

import random
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from carehub.models.booking import BUSY
from carehub.models.booking import AppointmentStatus as S
from carehub.models.identity import RegistrationKind
from carehub.services.booking.rules import Offer, Schedule, WeeklyRule, openings
from carehub.services.demo.names import draw_names, slug_of
from carehub.services.demo.offer import registration_number
from carehub.services.demo.plan import Diary, Offered, plan
from carehub.services.demo.weeks import WEEKS

NOW = datetime(2026, 3, 27, 10, 20, tzinfo=UTC)  # clocks move within the plan


def _diary(week: str, duration: int, after: int, on_request: bool) -> Diary:
    weekly = tuple(WeeklyRule(h.weekday, h.starts, h.ends, None) for h in WEEKS[week])
    offer = Offer(duration=duration, step=30, buffer_after=after, modes=("in_person", "video"))
    return Diary(Schedule("Europe/Paris", weekly), (Offered("one", offer),), 0.9, on_request, NOW, NOW.date())


@settings(max_examples=25, deadline=None)
@given(
    week=st.sampled_from(sorted(WEEKS)),
    duration=st.sampled_from([20, 45, 60, 90]),
    after=st.sampled_from([0, 10, 15]),
    seed=st.integers(0, 1000),
    on_request=st.booleans(),
)
def test_no_two_busy_appointments_meet_and_all_fall_into_openings(
    week: str, duration: int, after: int, seed: int, on_request: bool
) -> None:
    diary = _diary(week, duration, after, on_request)
    planned = plan(diary, random.Random(seed))
    busy = sorted((one for one in planned if one.status in BUSY), key=lambda one: one.starts_at)
    for one, other in pairwise(busy):
        assert one.ends_at + timedelta(minutes=after) <= other.starts_at
    for one in planned:
        day = openings(diary.schedule, one.starts_at.astimezone(ZoneInfo("Europe/Paris")).date())
        assert any(opening.start <= one.starts_at and one.ends_at <= opening.end for opening in day)


def test_the_same_seed_plans_the_same_agenda() -> None:
    diary = _diary("office", 45, 15, True)
    assert plan(diary, random.Random(7)) == plan(diary, random.Random(7))


def test_instant_practitioners_have_no_open_requests() -> None:
    planned = plan(_diary("office", 30, 0, False), random.Random(3))
    assert not [one for one in planned if one.status in (S.PENDING, S.PROPOSED, S.DECLINED)]


def test_proposed_times_are_free_and_ahead() -> None:
    planned = plan(_diary("office", 45, 15, True), random.Random(5))
    proposed = [one for one in planned if one.status == S.PROPOSED]
    taken = [(one.starts_at, one.ends_at) for one in planned if one.status in BUSY]
    assert proposed
    for time_ in (start for one in proposed for start in one.proposals):
        assert time_ > NOW
        assert all(end <= time_ or start >= time_ + timedelta(minutes=45) for start, end in taken)


def test_weeks_are_in_order() -> None:
    for hours in (one for week in WEEKS.values() for one in week):
        assert time() < hours.starts < hours.ends


def test_names_are_all_different() -> None:
    drawn = draw_names(random.Random(1), "moroccan", 500)
    assert len(set(drawn)) == 500
    assert slug_of("Émilie", "de Saint-Amand") == "emilie-de-saint-amand"


def test_made_up_register_numbers_have_a_right_check_digit() -> None:
    for kind, length in ((RegistrationKind.RPPS, 11), (RegistrationKind.SIRET, 14)):
        number = registration_number(kind, "Inès|Belkacem")
        assert len(number) == length
        assert luhn.is_valid(number)
    assert registration_number(RegistrationKind.NONE, "Inès|Belkacem") == ""
