"""Days, weeks and months of a chart."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.services.statistics.rules import PERIODS, Span, buckets, change, gathered, month_of, span_of

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(("period", "count"), [("7", 7), ("30", 30), ("90", 13), ("365", 13), ("x", 30), ("", 30)])
def test_a_period_has_as_many_bars_as_are_read_at_a_glance(period: str, count: int) -> None:
    assert len(buckets(span_of(period, TODAY))) in (count, count + 1)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sampled_from(sorted(PERIODS)), st.data())
def test_no_day_of_the_period_is_lost_or_counted_twice(today: date, period: str, data: st.DataObject) -> None:
    span = span_of(period, today)
    days = st.dates(span.first, span.last)
    values = data.draw(st.dictionaries(days, st.integers(0, 1000)))
    assert sum(gathered(values, buckets(span))) == sum(values.values())


def test_the_period_before_ends_where_this_one_begins() -> None:
    span = span_of("30", TODAY)
    assert (span.before.days, span.before.last + timedelta(days=1)) == (30, span.first)


def test_the_month_of_a_report_is_the_one_that_is_over() -> None:
    assert month_of(date(2027, 1, 1)) == Span(date(2026, 12, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("now", "before", "said"), [(15, 10, 50), (5, 10, -50), (0, 10, -100), (3, 0, None), (0, 0, None)]
)
def test_a_change_is_told_where_there_was_something_to_compare_with(now: int, before: int, said: int | None) -> None:
    assert change(now, before) == said
