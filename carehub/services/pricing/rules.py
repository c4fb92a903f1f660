"""Pure rules of a price: every line of a quote, in minor units, and what is paid now. SQ-064, MC-145..MC-147.

Percentages are rounded half up to a minor unit. Of several hours' rules that fit, the one that costs least counts. A code comes
after the hours; a paid session of a package covers everything and leaves a code unused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from carehub.core.i18n import N_
from carehub.core.money import digits
from carehub.models.practice import Prepay

BASE = N_("Price of {service}")
HOURS = N_("{name}: {percent} %")
CODE = N_("Code {code}")
CODE_PERCENT = N_("Code {code}: {percent} %")
SESSION = N_("A session of your package {package}")
DEPOSIT = N_("Deposit of {percent} %, paid now")
ON_THE_DAY = N_("Left to pay on the day")


@dataclass(frozen=True)
class Hours:
    """Appointments that begin on one of `weekdays` from `starts` until before `ends` cost `percent` more (negative: less)."""

    name: str
    weekdays: frozenset[int]
    starts: time
    ends: time
    percent: int
    service_id: UUID | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def fits(self, local_start: datetime, service_id: UUID) -> bool:
        day = local_start.date()
        return (
            self.service_id in (None, service_id)
            and day.weekday() in self.weekdays
            and self.starts <= local_start.time() < self.ends
            and (self.valid_from is None or day >= self.valid_from)
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True)
class Promo:
    """What a code takes off, once it may be used."""

    code: str
    percent: int | None = None
    amount_minor: int | None = None


@dataclass(frozen=True)
class Line:
    """One line of a quote: a msgid with its parameters, and what it adds (or, negative, takes off)."""

    key: str
    params: dict[str, str]
    amount_minor: int

    def kept(self) -> dict[str, Any]:
        return {"key": self.key, "params": self.params, "amount_minor": self.amount_minor}


@dataclass(frozen=True)
class Quote:
    """`price_minor` is what it costs, `due_minor` what is paid when it is booked; the lines before the deposit sum to the price."""

    lines: tuple[Line, ...]
    price_minor: int
    due_minor: int
    later_minor: int


def part(amount: int, percent: int) -> int:
    """`percent` of an amount, half a unit rounded away from zero."""
    return int((Decimal(amount) * percent / 100).to_integral_value(ROUND_HALF_UP))


def priced(base: int, hours: Sequence[Hours], *, local_start: datetime, service_id: UUID) -> tuple[int, Line | None]:
    """The price at that hour, and the line that says why it differs."""
    fitting = [one for one in hours if one.fits(local_start, service_id)]
    if not fitting:
        return base, None
    least = min(fitting, key=lambda one: one.percent)
    change = part(base, least.percent)
    return base + change, Line(HOURS, {"name": least.name, "percent": f"{least.percent:+d}".replace("-", "−")}, change)


def taken_off(price: int, promo: Promo) -> int:
    """What a code takes off a price: never more than the price."""
    wanted = part(price, promo.percent) if promo.percent is not None else promo.amount_minor or 0
    return min(price, wanted)


def quote(
    base: int,
    *,
    service: str,
    service_id: UUID,
    local_start: datetime,
    hours: Sequence[Hours] = (),
    promo: Promo | None = None,
    package: str = "",
    prepay: Prepay = Prepay.NONE,
    deposit_percent: int = 100,
) -> Quote:
    """What one appointment costs and what is paid now. `package`: the name of the package that a paid session comes from."""
    price, of_hour = priced(base, hours, local_start=local_start, service_id=service_id)
    lines = [Line(BASE, {"service": service}, base), *([of_hour] if of_hour else [])]
    if package:
        return Quote((*lines, Line(SESSION, {"package": package}, -price)), price, 0, 0)
    if promo is not None:
        off = taken_off(price, promo)
        said = {"code": promo.code} if promo.percent is None else {"code": promo.code, "percent": f"−{promo.percent}"}
        lines.append(Line(CODE if promo.percent is None else CODE_PERCENT, said, -off))
        price -= off
    due = {Prepay.FULL: price, Prepay.DEPOSIT: part(price, deposit_percent)}.get(prepay, 0)
    if 0 < due < price:
        lines.append(Line(DEPOSIT, {"percent": str(deposit_percent)}, due))
    if due < price:
        lines.append(Line(ON_THE_DAY, {}, price - due))
    return Quote(tuple(lines), price, due, price - due)


def coins_for(minor: int, coin_minor: int) -> int:
    """Whole coins that pay an amount: the last one is rounded up."""
    return -(-minor // coin_minor)


def default_coin_minor(currency: str) -> int:
    """Half a unit of the currency: 500 millimes of a dinar, 50 cents of a euro."""
    return max(1, int(10 ** digits(currency)) // 2)


@dataclass(frozen=True)
class Held:
    """What one means of payment set aside: `amount` units, each worth `unit` minor units (coins) or 1 (money)."""

    amount: int
    unit: int = 1


def kept_of(parts: Sequence[Held], keep: int, total: int) -> list[int]:
    """How many units of each part are kept when `keep` of `total` minor units is: each in its share, so that whatever is given
    back goes back to the mix it came from. Whole coins are rounded down and money makes up for it where it can: the organisation
    never keeps more than `keep`. All of it keeps every unit."""
    if keep >= total:
        return [one.amount for one in parts]
    if keep <= 0:
        return [0 for _ in parts]
    kept = [one.amount * keep // total for one in parts]
    missing = keep - sum(units * one.unit for units, one in zip(kept, parts, strict=True))
    for place, one in enumerate(parts):
        more = min(missing // one.unit, one.amount - kept[place]) if one.unit == 1 else 0
        more = max(more, -kept[place])
        kept[place] += more
        missing -= more * one.unit
    return kept
