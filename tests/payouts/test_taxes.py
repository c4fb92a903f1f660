"""docs/taxes.md is what the program computes."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.core.money import digits
from carehub.core.settings import ROOT
from carehub.models.payouts import TaxKind, TaxRegime
from carehub.services.ledger.rules import Split, share
from carehub.services.payouts.rules import KNOWN, Portion, Rate, portion, rate_on, taxed

TODAY = date(2026, 11, 20)
COUNTRY = {"TND": "TN", "EUR": "FR"}


def _tables() -> Iterator[list[dict[str, str]]]:
    rows: list[dict[str, str]] = []
    head: list[str] = []
    for line in [*(ROOT / "docs" / "taxes.md").read_text().splitlines(), ""]:
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            if rows:
                yield rows
            rows, head = [], []
        elif not head:
            head = cells
        elif not cells[0].startswith("---"):
            rows.append(dict(zip(head, cells, strict=True)))


EXAMPLES, RATES = _tables()


def _minor(text: str, currency: str) -> int:
    return int(Decimal(text).scaleb(digits(currency)))


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row["case"])
def test_a_worked_example_is_what_is_computed(row: dict[str, str]) -> None:
    currency = row["currency"]
    country = COUNTRY[currency]
    amounts = {name: _minor(row[name], currency) for name in list(row)[3:]}
    parts = share(amounts["paid by clients"], Split())
    assert (parts.tenant, parts.professional) == (amounts["commission"], amounts["share"])
    found = taxed(
        amounts["share"],
        TaxRegime(row["regime"]),
        vat_points=rate_on(KNOWN, TaxKind.VAT, country, TODAY),
        withholding_points=rate_on(KNOWN, TaxKind.WITHHOLDING, country, TODAY),
    )
    said = [amounts[name] for name in ("without VAT", "VAT", "withheld", "sent")]
    assert [found.without_vat, found.vat, found.withheld, found.net] == said


def test_every_regime_has_its_example() -> None:
    assert {row["regime"] for row in EXAMPLES} == {one.value for one in TaxRegime}


@pytest.mark.parametrize("row", RATES, ids=lambda row: row["country"])
def test_the_rates_are_those_that_count_today(row: dict[str, str]) -> None:
    for kind, name in ((TaxKind.VAT, "VAT"), (TaxKind.WITHHOLDING, "withholding")):
        assert rate_on(KNOWN, kind, row["country"], TODAY) == int(Decimal(row[name]) * 100)


def test_every_known_country_is_told() -> None:
    assert {one.country for one in KNOWN} <= {row["country"] for row in RATES}


def test_a_rate_counts_from_its_day_and_the_later_of_one_day_wins() -> None:
    own = [Rate(TaxKind.VAT, "TN", 700, date(2027, 1, 1)), Rate(TaxKind.VAT, "TN", 1300, date(2027, 1, 1))]
    rates = [*KNOWN, *own]
    assert rate_on(rates, TaxKind.VAT, "TN", date(2026, 12, 31)) == 1900
    assert rate_on(rates, TaxKind.VAT, "TN", date(2027, 1, 1)) == 1300
    assert rate_on(rates, TaxKind.WITHHOLDING, "TN", date(2027, 1, 1)) == 1500
    assert rate_on(rates, TaxKind.VAT, "TN", date(2017, 12, 31)) == 0


@given(
    gross=st.integers(0, 10**12),
    regime=st.sampled_from(list(TaxRegime)),
    vat=st.integers(0, 10_000),
    withholding=st.integers(0, 10_000),
)
def test_everything_sums_and_nobody_is_sent_more_than_their_share(
    gross: int, regime: TaxRegime, vat: int, withholding: int
) -> None:
    found = taxed(gross, regime, vat_points=vat, withholding_points=withholding)
    assert found.without_vat + found.vat == gross
    assert found.net + found.withheld == gross
    assert 0 <= found.withheld <= found.without_vat <= gross


@given(money=st.integers(0, 5000), coins=st.integers(0, 50), coin=st.integers(1, 600), wanted=st.integers(1, 40_000))
def test_an_amount_is_made_up_exactly_or_refused(money: int, coins: int, coin: int, wanted: int) -> None:
    found = portion(wanted, money=money, coins=coins, coin_minor=coin)
    if found is not None:
        assert found.money + found.coins * coin == wanted
        assert 0 <= found.money <= money
        assert 0 <= found.coins <= coins
    if wanted == money + coins * coin:
        assert found == Portion(money, coins)
