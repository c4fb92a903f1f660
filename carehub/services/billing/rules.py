"""The arithmetic of a document, pure. Integer minor units of one currency, rates in percent.

One rounding rule: half a minor unit goes away from zero. It is applied to each line, then to the tax of each rate on the sum
of its lines (never to the tax of single lines), so that a document's total is what its reader adds up. A discount on the whole
is rounded once and shared out over the rates by largest remainder: nothing is lost. Prices that contain the tax are taken apart
by rate in the same way, so that the total stays exactly what was said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from carehub.services.billing.law import Category

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Priced:
    """What counts of a line. `price` in minor units, `discount` and `rate` in percent."""

    quantity: Decimal
    price: int
    discount: Decimal
    rate: Decimal
    category: Category


@dataclass(frozen=True)
class Tax:
    """One rate of a document: `base` is without tax."""

    category: Category
    rate: Decimal
    base: int
    tax: int


@dataclass(frozen=True)
class Totals:
    """`lines` are the lines' amounts as they are shown, `before` their sum, `discount` what is taken off it; both contain the
    tax when the prices do. `net + tax == total`, and `nets` are the lines without discount of the whole and without tax:
    they sum to `net + off`."""

    lines: tuple[int, ...]
    nets: tuple[int, ...]
    before: int
    discount: int
    off: int
    taxes: tuple[Tax, ...]
    net: int
    tax: int
    total: int


def rounded(exact: Decimal | Fraction) -> int:
    """To a whole minor unit, half of one away from zero."""
    if isinstance(exact, Fraction):
        sign = -1 if exact < 0 else 1
        return sign * int((abs(exact) * 2 + 1) // 2)
    return int(exact.to_integral_value(ROUND_HALF_UP))


def line_amount(line: Priced) -> int:
    """Quantity times price less the line's discount."""
    return rounded(line.quantity * line.price * (HUNDRED - line.discount) / HUNDRED)


def share_out(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` in whole parts in proportion to `weights`, by largest remainder, the first of equal ones first.

    The parts sum to `amount`. Weights that sum to nothing: the first part takes all.
    """
    whole = sum(weights)
    if not weights:
        return []
    if whole == 0:
        return [amount, *[0] * (len(weights) - 1)]
    exact = [Fraction(amount * weight, whole) for weight in weights]
    parts = [one.numerator // one.denominator for one in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: amount - sum(parts)]:
        parts[place] += 1
    return parts


def totals(lines: Sequence[Priced], *, discount: Decimal = Decimal(0), with_tax: bool = False) -> Totals:
    """All amounts of a document. `discount` in percent of the whole; `with_tax`: the lines' prices contain the tax."""
    shown = [line_amount(line) for line in lines]
    groups = sorted({(line.category, line.rate) for line in lines}, key=lambda key: (-key[1], key[0]))
    places = {key: [n for n, line in enumerate(lines) if (line.category, line.rate) == key] for key in groups}
    sums = [sum(shown[n] for n in places[key]) for key in groups]
    before = sum(sums)
    taken = rounded(before * discount / HUNDRED)
    parts = share_out(taken, sums)
    taxes, nets, off = [], [0] * len(lines), 0
    for key, amount, part in zip(groups, sums, parts, strict=True):
        one = _tax(key, amount - part, with_tax=with_tax)
        full = _tax(key, amount, with_tax=with_tax) if with_tax else Tax(*key, amount, 0)
        for place, net in zip(places[key], share_out(full.base, [shown[n] for n in places[key]]), strict=True):
            nets[place] = net
        off += full.base - one.base
        taxes.append(one)
    net, tax = sum(one.base for one in taxes), sum(one.tax for one in taxes)
    return Totals(tuple(shown), tuple(nets), before, taken, off, tuple(taxes), net, tax, net + tax)


def _tax(key: tuple[Category, Decimal], amount: int, *, with_tax: bool) -> Tax:
    category, rate = key
    if with_tax:
        tax = rounded(Fraction(amount) * Fraction(rate) / (100 + Fraction(rate)))
        return Tax(category, rate, amount - tax, tax)
    return Tax(category, rate, amount, rounded(amount * rate / HUNDRED))


def status_of(kind: str, state: str, *, due_on: date | None, due: int, paid: int, credited: int, today: date) -> str:
    """What a reader is told (CD-107): draft, sent, paid, overdue, partial, credited; of a quote also accepted, declined, lapsed."""
    if state != "issued":
        return state
    late = due_on is not None and due_on < today
    if kind == "quote":
        return "lapsed" if late else "sent"
    if kind == "credit_note":
        return "sent"
    if due > 0 and credited >= due:
        return "credited"
    if paid + credited >= due:
        return "paid"
    if late:
        return "overdue"
    return "partial" if paid else "sent"


REMINDERS = (3, 10, 20)  # days after the due day of the first, second and last reminder


def next_reminder(due_on: date, reminded: int) -> date | None:
    """The day of the next reminder by the schedule (CD-103); None after the last."""
    return due_on + timedelta(days=REMINDERS[reminded]) if reminded < len(REMINDERS) else None


def number_of(prefix: str, default: str, year: int, seq: int) -> str:
    """F-2026-0001. A year in the tenant's own prefix gives way to the year of issue; one without a year gets it: numbers of two
    years are never the same."""
    kept = prefix or default
    found = _year_in(kept)
    head = kept.replace(found, str(year), 1) if found else f"{kept}{'' if kept.endswith('-') else '-'}{year}-"
    return f"{head}{seq:04d}"


def _year_in(prefix: str) -> str:
    return next(
        (
            prefix[n : n + 4]
            for n in range(len(prefix) - 3)
            if prefix[n : n + 2] == "20" and prefix[n : n + 4].isdigit()
        ),
        "",
    )


def following(day: date, every: str, wanted: int) -> date:
    """The same day of the next month, quarter or year; the last one where the month is shorter."""
    months = {"month": 1, "quarter": 3, "year": 12}[every]
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=wanted - 1), after - timedelta(days=1))
