"""Approximate exchange rates, only to compare published prices across currencies ("up to 70 €"). Nothing is ever charged with them.

Set by hand from central banks' 2026 averages; a currency that is not here has no comparable price and is left out of
price filters.
"""

from decimal import Decimal

from carehub.core.money import digits

EURO_IN = {
    "EUR": Decimal("1"),
    "MAD": Decimal("10.7"),
    "TND": Decimal("3.4"),
    "DZD": Decimal("152"),
    "CAD": Decimal("1.62"),
    "CHF": Decimal("0.93"),
    "USD": Decimal("1.16"),
    "GBP": Decimal("0.87"),
    "XOF": Decimal("655.957"),
}


def euro_cents(minor: int | None, currency: str) -> int | None:
    """About how many euro cents `minor` units of `currency` are worth; None without a price or a rate."""
    rate = EURO_IN.get(currency)
    if minor is None or rate is None:
        return None
    return round(Decimal(minor) / Decimal(10) ** digits(currency) / rate * 100)
