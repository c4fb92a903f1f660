"""Amounts are integers in the currency's minor unit, never floats: 62,00 EUR = 6200, 0,500 TND = 500."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import format_currency, get_currency_precision

from carehub.core.errors import Invalid

CURRENCIES = ("EUR", "MAD", "TND", "DZD", "CAD", "USD", "GBP", "CHF", "XOF")


class CurrencyMismatch(Invalid):
    key = "Amounts in {one} and {other} cannot be added"


@dataclass(frozen=True, order=False)
class Money:
    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        self._check_same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._check_same(other)
        return Money(self.minor - other.minor, self.currency)

    def _check_same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(one=self.currency, other=other.currency)

    def text(self, locale: str) -> str:
        """As a reader of `locale` writes it. Digits stay Western in Arabic, as the Maghreb does."""
        return format_currency(self.minor / 10 ** digits(self.currency), self.currency, locale=babel_locale(locale))


def plain_amount(minor: int, currency: str) -> str:
    """As a form holds it: "12.50"."""
    return format(Decimal(minor).scaleb(-digits(currency)), "f")


def minor_of(typed: str, currency: str) -> int | None:
    """What somebody typed ("12,50", "1 200") in minor units; None when it is no amount of the currency."""
    try:
        value = Decimal("".join(typed.split()).replace(",", ".")).scaleb(digits(currency))
    except InvalidOperation:
        return None
    return int(value) if value.is_finite() and value == value.to_integral_value() else None


def babel_locale(locale: str) -> str:
    return {"ar": "ar_MA", "fr": "fr_FR", "en": "en_GB"}.get(locale, locale)


def digits(currency: str) -> int:
    """Decimals of a currency: 2 for EUR, 3 for TND, 0 for XOF."""
    return get_currency_precision(currency)
