"""The figures of each day, counted anew from what happened: as often as one likes, the same. DI-133, SQ-137."""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.crypto import PERSONS
from carehub.core.db import unit_of_work
from carehub.core.errors import CareHubError
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.models.statistics import DailyFigure
from carehub.services.ledger.writing import COIN, books
from carehub.services.pricing.reading import coin_minor_of

log = logging.getLogger(__name__)
USUAL = timedelta(days=2)  # what may still change: yesterday and today
FIRST_TIME = timedelta(days=400)
Key = tuple[date, str, str]

_DAY = "CAST({} AT TIME ZONE 'UTC' AS date)"
_TENANTS = text("SELECT id FROM tenant WHERE status <> 'closed' AND id <> :ourselves ORDER BY id")
_BEGUN = text("SELECT EXISTS (SELECT FROM daily_figure WHERE tenant_id = :tenant)")
_APPOINTMENTS = text(f"""
    SELECT 'bookings' AS measure, {_DAY.format("created_at")} AS day, '' AS currency, count(*) AS value FROM appointment
    WHERE tenant_id = :tenant AND created_at >= :since AND created_at < :until GROUP BY 2
    UNION ALL
    SELECT CASE status WHEN 'fulfilled' THEN 'consultations' ELSE 'no_shows' END, {_DAY.format("starts_at")}, '', count(*)
    FROM appointment WHERE tenant_id = :tenant AND starts_at >= :since AND starts_at < :until
      AND status IN ('fulfilled', 'noshow') GROUP BY 1, 2
    UNION ALL
    SELECT 'clients', {_DAY.format("created_at")}, '', count(*) FROM patient
    WHERE tenant_id = :tenant AND created_at >= :since AND created_at < :until GROUP BY 2
    UNION ALL
    SELECT 'transactions', {_DAY.format("paid_at")}, '', count(*) FROM payment
    WHERE tenant_id = :tenant AND paid_at >= :since AND paid_at < :until GROUP BY 2
    UNION ALL
    SELECT 'invoiced', issued_on, currency, sum(CASE kind WHEN 'credit_note' THEN -total_minor ELSE total_minor END) FROM billing_document
    WHERE tenant_id = :tenant AND number IS NOT NULL AND kind <> 'quote' AND issued_on >= :first AND issued_on <= :last GROUP BY 2, 3
    UNION ALL
    SELECT 'received', p.received_on, d.currency, sum(p.amount_minor) FROM billing_payment p
    JOIN billing_document d ON d.tenant_id = p.tenant_id AND d.id = p.document_id
    WHERE p.tenant_id = :tenant AND p.received_on >= :first AND p.received_on <= :last GROUP BY 2, 3""")  # noqa: S608 -- ours
_LEDGER = text(f"""
    SELECT e.kind, {_DAY.format("t.at")} AS day, e.currency, sum(e.amount) AS value, count(DISTINCT t.id) AS number
    FROM ledger_transaction t JOIN ledger_entry e ON e.tenant_id = t.tenant_id AND e.transaction_id = t.id
    WHERE t.tenant_id = :tenant AND t.at >= :since AND t.at < :until AND t.kind IN ('capture', 'refund')
      AND e.kind IN ('earning', 'revenue', 'platform') GROUP BY 1, 2, 3""")  # noqa: S608 -- ours
_CAPTURES = text(f"""
    SELECT {_DAY.format("at")} AS day, count(*) AS value FROM ledger_transaction
    WHERE tenant_id = :tenant AND at >= :since AND at < :until AND kind IN ('capture', 'refund') GROUP BY 1""")  # noqa: S608
_WORTH = text("SELECT currency, billing FROM tenant WHERE id = :tenant")
_PEOPLE = text(f"""
    SELECT 'sign_ins' AS measure, {_DAY.format("at")} AS day, '' AS currency, count(*) AS value FROM login_event
    WHERE outcome = 'success' AND at >= :since AND at < :until GROUP BY 2
    UNION ALL
    SELECT 'accounts', {_DAY.format("created_at")}, '', count(*) FROM person
    WHERE created_at >= :since AND created_at < :until AND email_verified_at IS NOT NULL GROUP BY 2""")  # noqa: S608
_OVER = text("DELETE FROM daily_figure WHERE tenant_id = :tenant AND day >= :first AND day <= :last")
_NAMES = {"earning": "share", "revenue": "kept", "platform": "commission"}


def count_all() -> int:
    """Today and yesterday of every tenant and of the platform, all of the last year where nothing was counted yet. Each in a
    transaction of its own; answers how many."""
    with unit_of_work(system(), Role.WORKER) as session:
        tenants = list(session.scalars(_TENANTS, {"ourselves": PERSONS}))
    done = 0
    for tenant_id in tenants:
        try:
            with unit_of_work(system(tenant_id), Role.APP) as session:
                _count_tenant(session, tenant_id)
            done += 1
        except CareHubError as error:
            log.warning("not counted: %s", type(error).__name__)
    with unit_of_work(system(), Role.AUTH) as session:
        span = _span(session, PERSONS)
        _write(session, PERSONS, span, _plain(session.execute(_PEOPLE, {**span, "tenant": PERSONS})))
    return done + 1


def _span(session: Session, tenant_id: UUID) -> dict[str, Any]:
    begun = session.scalar(_BEGUN, {"tenant": tenant_id})
    last = clock.now().date()
    first = last - (USUAL if begun else FIRST_TIME) + timedelta(days=1)
    since, until = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    return {"first": first, "last": last, "since": since, "until": until}


def _plain(rows: Iterable[Any]) -> dict[Key, int]:
    return {(row.day, row.measure, row.currency): int(row.value) for row in rows}


def _count_tenant(session: Session, tenant_id: UUID) -> None:
    span = _span(session, tenant_id)
    asked = {**span, "tenant": tenant_id}
    found = _plain(session.execute(_APPOINTMENTS, asked))
    worth = session.execute(_WORTH, asked).one()
    coin = coin_minor_of(worth.billing or {}, worth.currency)
    with books(session):
        moved, settled = session.execute(_LEDGER, asked).all(), session.execute(_CAPTURES, asked).all()
    for row in moved:
        is_coin = row.currency == COIN
        currency, value = (worth.currency, int(row.value) * coin) if is_coin else (row.currency, int(row.value))
        for measure in (_NAMES[row.kind], "revenue"):
            key = (row.day, measure, currency)
            found[key] = found.get(key, 0) + value
    for row in settled:
        key = (row.day, "transactions", "")
        found[key] = found.get(key, 0) + int(row.value)
    _write(session, tenant_id, span, found)


def _write(session: Session, tenant_id: UUID, span: Mapping[str, Any], found: dict[Key, int]) -> None:
    """The days of `span` say this and nothing else. A zero of today says that it was counted."""
    found.setdefault((span["last"], "bookings" if tenant_id != PERSONS else "sign_ins", ""), 0)
    session.execute(_OVER, {"tenant": tenant_id, **span})
    now = clock.now()
    rows = [
        {
            "tenant_id": tenant_id, "id": new_id(), "day": day, "measure": measure, "currency": currency, "value": value,
            "counted_at": now,
        }
        for (day, measure, currency), value in found.items()
    ]  # fmt: skip
    session.execute(insert(DailyFigure), rows)
