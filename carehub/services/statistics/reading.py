"""Figures over a period beside the one before, for the console and for a tenant's own report. DI-100, DI-133, DI-135."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.money import digits
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.services.statistics.rules import AMOUNTS, COUNTS, OF_PLATFORM, Span, buckets, change, gathered, span_of
from carehub.services.statistics.views import Bar, Figure, Statistics, TenantLine

PLATFORM_READ, TENANT_READ = "platform.read", "wallet.read|billing.manage"
MOST = 50
ALL = text("""
    SELECT measure, currency, day, sum(value) AS value FROM daily_figure WHERE day BETWEEN :first AND :last GROUP BY 1, 2, 3""")
_OWN = text("""
    SELECT measure, currency, day, value FROM daily_figure WHERE tenant_id = :tenant AND day BETWEEN :first AND :last""")
_COUNTED = text("SELECT max(counted_at) FROM daily_figure WHERE cast(:tenant AS uuid) IS NULL OR tenant_id = :tenant")
_TENANTS = text("""
    SELECT t.id, t.name, t.currency,
           coalesce(sum(f.value) FILTER (WHERE f.measure = 'bookings'), 0) AS bookings,
           coalesce(sum(f.value) FILTER (WHERE f.measure = 'consultations'), 0) AS consultations,
           coalesce(sum(f.value) FILTER (WHERE f.measure = 'transactions'), 0) AS transactions,
           coalesce(sum(f.value) FILTER (WHERE f.measure = 'revenue' AND f.currency = t.currency), 0) AS revenue,
           coalesce(sum(f.value) FILTER (WHERE f.measure = 'commission' AND f.currency = t.currency), 0) AS commission
    FROM daily_figure f JOIN tenant t ON t.id = f.tenant_id
    WHERE f.day BETWEEN :first AND :last AND f.measure = ANY (ARRAY['bookings', 'consultations', 'transactions', 'revenue', 'commission'])
    GROUP BY t.id, t.name, t.currency ORDER BY transactions DESC, consultations DESC, bookings DESC, t.name LIMIT :most""")
Rows = dict[tuple[str, str], dict[date, int]]


@verb(PLATFORM_READ, role=Role.PLATFORM)
def platform_statistics(session: Session, _actor: Actor, *, period: str) -> Statistics:
    """Use, transactions, consultations and revenue of the whole platform (DI-133, DI-135), and what each organisation brought (DI-100).
    An unknown period reads as 30 days."""
    span = span_of(period, clock.now().date())
    rows = rows_of(session.execute(ALL, {"first": span.before.first, "last": span.last}))
    lines = [
        TenantLine(str(row.id), row.name, row.currency, *(int(one) for one in row[3:]))
        for row in session.execute(_TENANTS, {"first": span.first, "last": span.last, "most": MOST})
    ]
    return _statistics(session, span, rows, lines, None)


@verb(TENANT_READ)
def tenant_statistics(session: Session, actor: Actor, *, period: str) -> Statistics:
    """The organisation's own: bookings, consultations, transactions, revenue and commissions (DI-100)."""
    span = span_of(period, clock.now().date())
    asked = {"tenant": actor.tenant_id, "first": span.before.first, "last": span.last}
    return _statistics(session, span, rows_of(session.execute(_OWN, asked)), [], actor.tenant_id)


def rows_of(found: Any) -> Rows:
    rows: Rows = {}
    for row in found:
        rows.setdefault((row.measure, row.currency), {})[row.day] = int(row.value)
    return rows


def figures(rows: Rows, span: Span, *, own: bool) -> tuple[list[Figure], list[Figure]]:
    """Counts in the order of the table, zeros too; amounts where there was one, by currency."""
    counts = [_figure(name, "", rows.get((name, ""), {}), span) for name in COUNTS if not (own and name in OF_PLATFORM)]
    amounts = [
        _figure(name, currency, rows[name, currency], span)
        for currency in sorted({currency for _, currency in rows if currency})
        for name in AMOUNTS
        if any(rows.get((name, currency), {}).values())
    ]
    return counts, amounts


def _figure(measure: str, currency: str, values: dict[date, int], span: Span) -> Figure:
    here = {day: value for day, value in values.items() if span.first <= day <= span.last}
    total = sum(here.values())
    changed = change(total, sum(value for day, value in values.items() if day < span.first))
    firsts = buckets(span)
    sums = gathered(here, firsts)
    top = max(1, *sums)
    bars = [
        Bar(max(first, span.first).isoformat(), value, max(0, round(value * 100 / top)))
        for first, value in zip(firsts, sums, strict=True)
    ]
    return Figure(measure, currency, total, changed or 0, changed is not None, bars)


def _statistics(session: Session, span: Span, rows: Rows, tenants: list[TenantLine], own: Any) -> Statistics:
    counts, amounts = figures(rows, span, own=own is not None)
    counted = session.scalar(_COUNTED, {"tenant": own})
    return Statistics(
        period=str(span.days),
        first=span.first.isoformat(),
        last=span.last.isoformat(),
        unit="day" if span.days <= 31 else "week" if span.days <= 92 else "month",
        counted_at=counted.isoformat() if counted else "",
        counts=counts,
        amounts=amounts,
        tenants=tenants,
    )


def as_csv(found: Statistics) -> bytes:
    """Every measure and bucket, one a line; amounts in the currency's own unit."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["measure", "currency", "from", "value"])
    for one in (*found.counts, *found.amounts):
        for bar in one.bars:
            writer.writerow([one.measure, one.currency, bar.first, _plain(bar.value, one.currency)])
    if found.tenants:
        writer.writerow([])
        writer.writerow(
            ["organisation", "currency", "bookings", "consultations", "transactions", "revenue", "commission"]
        )
        for line in found.tenants:
            name = "'" + line.name if line.name[:1] in "=+-@" else line.name  # no spreadsheet runs a name
            amounts = (_plain(line.revenue, line.currency), _plain(line.commission, line.currency))
            writer.writerow([name, line.currency, line.bookings, line.consultations, line.transactions, *amounts])
    return out.getvalue().encode()


def _plain(value: int, currency: str) -> str:
    return f"{Decimal(value).scaleb(-digits(currency)):f}" if currency else str(value)
