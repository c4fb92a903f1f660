"""The arithmetic of documents: nothing is lost or invented by rounding, whatever is written."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.services.billing.law import Category
from carehub.services.billing.rules import Priced, following, number_of, rounded, share_out, status_of, totals

PERCENT = st.decimals(0, 100, places=2)
RATES = st.sampled_from([Decimal(one) for one in ("0", "2.1", "5.5", "7", "10", "19", "20")])


@st.composite
def priced_lines(draw: st.DrawFn, least: int = 0) -> list[Priced]:
    def one() -> Priced:
        rate = draw(RATES)
        category = Category.STANDARD if rate else draw(st.sampled_from(list(Category)[1:]))
        quantity = draw(st.decimals("0.001", 500, places=3))
        return Priced(quantity, draw(st.integers(least, 10**8)), draw(PERCENT), rate, category)

    return [one() for _ in range(draw(st.integers(1, 8)))]


@given(priced_lines(), PERCENT, st.booleans())
def test_all_parts_of_a_document_add_up(lines: list[Priced], discount: Decimal, with_tax: bool) -> None:
    found = totals(lines, discount=discount, with_tax=with_tax)
    assert found.before == sum(found.lines)
    assert found.net + found.tax == found.total
    assert sum(one.base for one in found.taxes) == found.net == sum(found.nets) - found.off
    assert sum(one.tax for one in found.taxes) == found.tax
    assert (found.total if with_tax else found.net) == found.before - found.discount


@given(priced_lines(), PERCENT, st.booleans())
def test_the_tax_of_each_rate_is_within_half_a_minor_unit_of_the_exact_one(
    lines: list[Priced], discount: Decimal, with_tax: bool
) -> None:
    for one in totals(lines, discount=discount, with_tax=with_tax).taxes:
        rate = Fraction(one.rate) / 100
        exact = (one.base + one.tax) * rate / (1 + rate) if with_tax else one.base * rate
        assert abs(one.tax - exact) <= Fraction(1, 2)


@given(priced_lines(), st.booleans())
def test_untaxed_lines_bear_no_tax_and_each_rate_stands_once(lines: list[Priced], with_tax: bool) -> None:
    found = totals(lines, with_tax=with_tax).taxes
    assert len({(one.category, one.rate) for one in found}) == len(found)
    assert all(one.tax == 0 for one in found if one.category != Category.STANDARD)


@given(priced_lines(), PERCENT)
def test_the_order_of_lines_does_not_change_what_is_asked(lines: list[Priced], discount: Decimal) -> None:
    assert totals(lines, discount=discount).total == totals(lines[::-1], discount=discount).total


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=9))
def test_shares_sum_to_what_was_shared(amount: int, weights: list[int]) -> None:
    parts = share_out(amount, weights)
    assert sum(parts) == amount
    whole = sum(weights)
    if whole:
        assert all(abs(part - Fraction(amount * one, whole)) < 1 for part, one in zip(parts, weights, strict=True))


@given(st.fractions())
def test_half_a_unit_goes_away_from_zero(exact: Fraction) -> None:
    assert abs(rounded(exact) - exact) <= Fraction(1, 2)
    assert rounded(-exact) == -rounded(exact)


def test_the_worked_example_of_the_guide() -> None:
    """docs/billing.md, "An invoice": three lines at 20 %."""
    standard = (Decimal(0), Decimal(20), Category.STANDARD)
    lines = [
        Priced(Decimal(1), 1150_00, *standard),
        Priced(Decimal(2), 620_00, *standard),
        Priced(Decimal("6.5"), 95_00, *standard),
    ]
    found = totals(lines)
    assert (found.net, found.tax, found.total) == (3007_50, 601_50, 3609_00)


def test_the_worked_example_of_a_discount_over_two_rates() -> None:
    """docs/billing.md, "A discount"."""
    lines = [
        Priced(Decimal(3), 33_33, Decimal(0), Decimal(20), Category.STANDARD),
        Priced(Decimal(1), 50_01, Decimal(0), Decimal("5.5"), Category.STANDARD),
    ]
    found = totals(lines, discount=Decimal(5))
    assert found.before == 150_00
    assert found.discount == 7_50
    assert [(str(one.rate), one.base, one.tax) for one in found.taxes] == [("20", 94_99, 19_00), ("5.5", 47_51, 2_61)]
    assert found.total == 164_11


def test_the_worked_example_of_a_price_that_contains_the_tax() -> None:
    """docs/billing.md, "Prices that contain the tax": 62,00 € stay 62,00 €."""
    found = totals([Priced(Decimal(1), 62_00, Decimal(0), Decimal(20), Category.STANDARD)], with_tax=True)
    assert (found.net, found.tax, found.total) == (51_67, 10_33, 62_00)


@pytest.mark.parametrize(
    ("prefix", "default", "wanted"),
    [
        ("", "F-", "F-2027-0012"),
        ("F-2026-", "F-", "F-2027-0012"),
        ("VC", "F-", "VC-2027-0012"),
        ("2026", "F-", "20270012"),
    ],
)
def test_numbers_bear_the_year_of_issue(prefix: str, default: str, wanted: str) -> None:
    assert number_of(prefix, default, 2027, 12) == wanted


def test_an_invoice_repeats_on_its_day_or_the_last_of_a_shorter_month() -> None:
    assert following(date(2026, 1, 31), "month", 31) == date(2026, 2, 28)
    assert following(date(2026, 2, 28), "month", 31) == date(2026, 3, 31)
    assert following(date(2026, 11, 30), "quarter", 30) == date(2027, 2, 28)
    assert following(date(2026, 12, 1), "month", 1) == date(2027, 1, 1)
    assert following(date(2024, 2, 29), "year", 29) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("kind", "state", "paid", "credited", "day", "wanted"),
    [
        ("invoice", "draft", 0, 0, 1, "draft"),
        ("invoice", "issued", 0, 0, 1, "sent"),
        ("invoice", "issued", 0, 0, 30, "overdue"),
        ("invoice", "issued", 40, 0, 1, "partial"),
        ("invoice", "issued", 40, 0, 30, "overdue"),
        ("invoice", "issued", 100, 0, 30, "paid"),
        ("invoice", "issued", 60, 40, 30, "paid"),
        ("invoice", "issued", 0, 100, 30, "credited"),
        ("quote", "issued", 0, 0, 30, "lapsed"),
        ("quote", "accepted", 0, 0, 30, "accepted"),
        ("credit_note", "issued", 0, 0, 30, "sent"),
    ],
)
def test_a_status_follows_from_days_and_amounts(
    kind: str, state: str, paid: int, credited: int, day: int, wanted: str
) -> None:
    today = date(2026, 11, day)
    found = status_of(kind, state, due_on=date(2026, 11, 20), due=100, paid=paid, credited=credited, today=today)
    assert found == wanted
