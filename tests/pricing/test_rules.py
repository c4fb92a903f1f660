"""What an appointment costs, line by line, and what of a payment is kept."""

from datetime import date, datetime, time
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.models.practice import Prepay
from carehub.services.booking.policy import kept_minor
from carehub.services.pricing.rules import Held, Hours, Promo, coins_for, default_coin_minor, kept_of, quote

SERVICE = UUID(int=1)
TUESDAY_AT_14 = datetime(2026, 12, 1, 14, 0)
QUIET = Hours("Quiet hours", frozenset({1}), time(13), time(16), -20)


def _quote(base: int = 6000, **more: object) -> tuple[list[tuple[str, int]], int, int, int]:
    asked = {"service": "Session", "service_id": SERVICE, "local_start": TUESDAY_AT_14} | more
    found = quote(base, **asked)  # type: ignore[arg-type]
    return (
        [(line.key, line.amount_minor) for line in found.lines],
        found.price_minor,
        found.due_minor,
        found.later_minor,
    )


def test_without_rules_the_price_is_paid_on_the_day() -> None:
    assert _quote() == ([("Price of {service}", 6000), ("Left to pay on the day", 6000)], 6000, 0, 6000)


def test_quiet_hours_then_a_code_then_a_deposit() -> None:
    lines, price, due, later = _quote(
        hours=[QUIET], promo=Promo("RENTREE", percent=10), prepay=Prepay.DEPOSIT, deposit_percent=30
    )
    assert [amount for _, amount in lines] == [6000, -1200, -480, 1296, 3024]
    assert (price, due, later) == (4320, 1296, 3024)


@pytest.mark.parametrize(
    ("at", "fits"),
    [
        (datetime(2026, 12, 1, 12, 59), False),
        (datetime(2026, 12, 1, 13, 0), True),
        (datetime(2026, 12, 1, 15, 59), True),
        (datetime(2026, 12, 1, 16, 0), False),
        (datetime(2026, 12, 2, 14, 0), False),
    ],
)
def test_hours_begin_with_their_start_and_end_before_their_end(at: datetime, fits: bool) -> None:
    assert QUIET.fits(at, SERVICE) is fits


def test_hours_are_of_a_period_and_a_service() -> None:
    of_december = Hours("x", frozenset({1}), time(0), time(23), -5, SERVICE, date(2026, 12, 1), date(2026, 12, 31))
    assert of_december.fits(TUESDAY_AT_14, SERVICE)
    assert not of_december.fits(TUESDAY_AT_14, uuid4())
    assert not of_december.fits(datetime(2027, 1, 5, 14), SERVICE)


def test_of_two_rules_the_cheaper_counts() -> None:
    busy = Hours("Busy", frozenset({1}), time(8), time(20), 15)
    assert _quote(hours=[busy, QUIET])[1] == 4800
    assert _quote(hours=[busy])[1] == 6900


def test_a_code_takes_no_more_than_the_price() -> None:
    assert _quote(promo=Promo("GIFT", amount_minor=9000), prepay=Prepay.FULL)[1:] == (0, 0, 0)


def test_a_paid_session_covers_all_and_leaves_the_code() -> None:
    lines, price, due, later = _quote(promo=Promo("X", percent=10), package="Five sessions", prepay=Prepay.FULL)
    assert (price, due, later) == (6000, 0, 0)
    assert [amount for _, amount in lines] == [6000, -6000]


@given(
    base=st.integers(0, 10**9),
    change=st.integers(-90, 100).filter(bool),
    percent=st.integers(1, 100),
    deposit=st.integers(1, 100),
    prepay=st.sampled_from([Prepay.NONE, Prepay.DEPOSIT, Prepay.FULL]),
)
def test_the_lines_sum_to_the_price_and_the_price_to_now_and_later(
    base: int, change: int, percent: int, deposit: int, prepay: Prepay
) -> None:
    hours = Hours("h", frozenset({1}), time(0), time(23), change)
    found = quote(
        base,
        service="s",
        service_id=SERVICE,
        local_start=TUESDAY_AT_14,
        hours=[hours],
        promo=Promo("C", percent=percent),
        prepay=prepay,
        deposit_percent=deposit,
    )
    assert sum(line.amount_minor for line in found.lines[:3]) == found.price_minor
    assert found.price_minor == found.due_minor + found.later_minor
    assert 0 <= found.due_minor <= found.price_minor


@given(due=st.integers(1, 10**7), coin=st.integers(1, 5000))
def test_coins_pay_all_of_it_and_less_than_one_too_much(due: int, coin: int) -> None:
    assert 0 <= coins_for(due, coin) * coin - due < coin


def test_a_coin_is_half_a_unit() -> None:
    assert (default_coin_minor("TND"), default_coin_minor("EUR"), default_coin_minor("XOF")) == (500, 50, 1)


@given(coins=st.integers(0, 500), coin=st.integers(1, 900), money=st.integers(0, 10**6), share=st.integers(0, 100))
def test_what_is_kept_never_exceeds_what_was_decided(coins: int, coin: int, money: int, share: int) -> None:
    total = coins * coin + money
    keep = total * share // 100
    parts = [Held(coins, coin), Held(money)]
    kept = kept_of(parts, keep, total)
    assert all(0 <= units <= one.amount for units, one in zip(kept, parts, strict=True))
    worth = kept[0] * coin + kept[1]
    assert worth <= keep
    assert keep - worth < coin or kept[1] == money
    if keep == total:
        assert kept == [coins, money]


@given(st.integers(1, 500), st.integers(1, 900), st.integers(0, 10**6), st.integers(0, 100), st.integers(0, 100))
def test_keeping_less_never_takes_more_of_one_means(coins: int, coin: int, money: int, one: int, other: int) -> None:
    total, parts = coins * coin + money, [Held(coins, coin), Held(money)]
    less, more = sorted((one, other))
    fewer = kept_of(parts, total * less // 100, total)[0]
    assert fewer <= kept_of(parts, total * more // 100, total)[0]


@pytest.mark.parametrize(
    ("status", "by", "hours", "keep"),
    [
        ("fulfilled", "", 0, 6000),
        ("noshow", "", -1, 4000),
        ("declined", "", 50, 0),
        ("cancelled", "client", 25, 0),
        ("cancelled", "client", 23, 3000),
        ("cancelled", "staff", 1, 0),
        ("booked", "", 10, None),
    ],
)
def test_what_the_organisation_keeps_follows_its_policy(status: str, by: str, hours: float, keep: int | None) -> None:
    found = kept_minor(
        status, by=by, hours_before=hours, free_hours=24, late_minor=3000, no_show_minor=4000, paid_minor=6000
    )
    assert found == keep
