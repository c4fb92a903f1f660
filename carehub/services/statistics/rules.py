"""What is counted, and how days make up what a chart shows. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from carehub.core.i18n import N_

COUNTS: dict[str, str] = {
    "sign_ins": N_("Sign-ins"),
    "accounts": N_("New accounts"),
    "bookings": N_("Bookings"),
    "consultations": N_("Consultations done"),
    "no_shows": N_("No-shows"),
    "clients": N_("New people"),
    "transactions": N_("Transactions"),
}
AMOUNTS: dict[str, str] = {
    "revenue": N_("Revenue"),  # all that was paid for what was done
    "share": N_("Practitioners’ share"),
    "kept": N_("The organisation’s commission"),
    "commission": N_("CareHub’s commission"),
    "invoiced": N_("Invoiced"),
    "received": N_("Received for invoices"),
}
OF_PLATFORM = ("sign_ins", "accounts")
PERIODS: dict[str, str] = {
    "7": N_("7 days"),
    "30": N_("30 days"),
    "90": N_("90 days"),
    "365": N_("12 months"),
}


@dataclass(frozen=True)
class Span:
    """`days` days that end with `last`; `before` is the same number of days before them."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Span":
        return Span(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


def span_of(period: str, today: date) -> Span:
    """An unknown period reads as 30 days."""
    days = int(period) if period in PERIODS else 30
    return Span(today - timedelta(days=days - 1), today)


def month_of(day: date) -> Span:
    """The whole month before the one of `day`."""
    last = day.replace(day=1) - timedelta(days=1)
    return Span(last.replace(day=1), last)


def buckets(span: Span) -> list[date]:
    """First days of what a chart shows: days up to a month, weeks up to a quarter, months beyond."""
    if span.days <= 31:
        return [span.first + timedelta(days=place) for place in range(span.days)]
    if span.days <= 92:
        monday = span.first - timedelta(days=span.first.weekday())
        return [monday + timedelta(days=7 * place) for place in range((span.last - monday).days // 7 + 1)]
    found, day = [], span.first.replace(day=1)
    while day <= span.last:
        found.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return found


def gathered(values: dict[date, int], firsts: list[date]) -> list[int]:
    """The sum of each bucket; a day before the first bucket counts for none."""
    sums = [0] * len(firsts)
    for day, value in values.items():
        place = sum(first <= day for first in firsts) - 1
        if place >= 0:
            sums[place] += value
    return sums


def change(now: int, before: int) -> int | None:
    """In whole percent; None where there was nothing to compare with."""
    return None if before == 0 else round((now - before) * 100 / before)
