"""Pure rules of a payout: VAT and withholding, each with its own rate, of its own day and country. DI-094, DI-095.

A practitioner's share is what their clients paid, VAT included, less the commission. VAT is inside the share and theirs to declare;
what is withheld is a part of the share without VAT, and is the organisation's to pay to the state. Amounts are minor units; each is
rounded half up, once. docs/taxes.md works every case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from carehub.models.payouts import TaxKind, TaxRegime

POINTS = 10_000  # a whole, in hundredths of a per cent


@dataclass(frozen=True)
class Rate:
    """`points` in hundredths of a per cent, from a day on, in one country."""

    kind: TaxKind
    country: str
    points: int
    valid_from: date


_ALWAYS = date(2000, 1, 1)
# What the law of a country asks unless the organisation says otherwise. A country that is not named: nothing.
KNOWN: tuple[Rate, ...] = (
    Rate(TaxKind.VAT, "TN", 1_900, date(2018, 1, 1)),
    Rate(TaxKind.WITHHOLDING, "TN", 1_500, _ALWAYS),
    Rate(TaxKind.VAT, "FR", 2_000, date(2014, 1, 1)),
    Rate(TaxKind.VAT, "MA", 2_000, _ALWAYS),
    Rate(TaxKind.VAT, "DZ", 1_900, date(2017, 1, 1)),
    Rate(TaxKind.VAT, "BE", 2_100, _ALWAYS),
    Rate(TaxKind.VAT, "LU", 1_700, date(2024, 1, 1)),
    Rate(TaxKind.VAT, "GB", 2_000, date(2011, 1, 4)),
    Rate(TaxKind.VAT, "CH", 810, date(2024, 1, 1)),
)


@dataclass(frozen=True)
class Taxes:
    """How a gross share becomes what is sent: gross = without_vat + vat, net = gross - withheld."""

    gross: int
    without_vat: int
    vat: int
    withheld: int
    net: int
    vat_points: int
    withholding_points: int


def _rounded(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))


def rate_on(rates: Iterable[Rate], kind: TaxKind, country: str, on: date) -> int:
    """The rate of that day: the newest that has begun; of two that began together the later one of `rates`."""
    begun = [one for one in rates if one.kind == kind and one.country == country and one.valid_from <= on]
    return sorted(begun, key=lambda one: one.valid_from)[-1].points if begun else 0


def taxed(gross: int, regime: TaxRegime, *, vat_points: int, withholding_points: int) -> Taxes:
    """Without VAT for who is exempt; nothing withheld but under the regime of withholding."""
    vat_points = 0 if regime is TaxRegime.EXEMPT else vat_points
    withholding_points = withholding_points if regime is TaxRegime.WITHHOLDING else 0
    without_vat = _rounded(Decimal(gross) * POINTS / (POINTS + vat_points))
    withheld = _rounded(Decimal(without_vat) * withholding_points / POINTS)
    return Taxes(
        gross, without_vat, gross - without_vat, withheld, gross - withheld, vat_points, withholding_points
    )  # fmt: skip


@dataclass(frozen=True)
class Portion:
    """What of an asked amount comes from money and what from coins."""

    money: int
    coins: int


def portion(asked: int, *, money: int, coins: int, coin_minor: int) -> Portion | None:
    """Money first, then whole coins; None where coins do not make up the amount exactly."""
    of_money = min(asked, money)
    rest = asked - of_money
    if rest % coin_minor and of_money >= coin_minor - rest % coin_minor:
        of_money -= coin_minor - rest % coin_minor
        rest = asked - of_money
    if rest % coin_minor or rest // coin_minor > coins:
        return None
    return Portion(of_money, rest // coin_minor)
