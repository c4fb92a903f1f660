"""A practitioner's earnings: by service, by week, what may be paid and what not yet. DI-022, DI-092, DI-098."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.verbs import verb
from carehub.models.payouts import TaxRegime
from carehub.services.ledger.writing import COIN, books
from carehub.services.payouts.balances import balances
from carehub.services.payouts.gate import Known, known_of
from carehub.services.payouts.reading import PAYOUTS_OF, Terms, read_terms, view_of
from carehub.services.payouts.rules import Taxes
from carehub.services.payouts.taxes import taxes_of
from carehub.services.payouts.views import EarningsView, ServiceEarning, Week

_DONE = text("""
    SELECT count(*) AS ever, count(*) FILTER (WHERE starts_at >= :since) AS month FROM appointment
    WHERE tenant_id = :tenant AND practitioner_id = :owner AND status = 'fulfilled'""")
EVER = datetime(2000, 1, 1, tzinfo=UTC)

OWN = "earnings.own"
WEEKS = 12

# Of each capture or refund: what the practitioner got, and all that was shared out. Coins count as what they were worth.
_SHARED = """
    FROM ledger_entry e JOIN ledger_transaction t ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id
    CROSS JOIN LATERAL (SELECT sum(o.amount) AS paid FROM ledger_entry o WHERE o.tenant_id = e.tenant_id
        AND o.transaction_id = e.transaction_id AND o.kind IN ('earning', 'revenue', 'platform')) AS all_of
    CROSS JOIN LATERAL (SELECT CASE WHEN e.currency = :coin THEN :coin_minor ELSE 1 END AS unit) AS worth
    WHERE e.tenant_id = :tenant AND e.owner_id = :owner AND e.kind = 'earning' AND t.kind IN ('capture', 'refund', 'dispute', 'dispute won')
      AND e.currency IN (:coin, :currency)"""
_TOTAL = text(f"""
    SELECT coalesce(sum(all_of.paid * worth.unit), 0) AS paid, coalesce(sum(e.amount * worth.unit), 0) AS share {_SHARED}
      AND t.at >= :since AND t.at < :until""")
_WEEKLY = text(f"""
    SELECT width_bucket(t.at, cast(:bounds AS timestamptz[])) AS place, sum(e.amount * worth.unit) AS share {_SHARED}
      AND t.at >= :since GROUP BY 1""")
BY_SERVICE = text(f"""
    WITH taken AS (SELECT t.reference, t.memo ->> 'purpose' AS purpose, e.amount * worth.unit AS share, t.kind {_SHARED}
      AND t.at >= :since AND t.at < :until)
    SELECT coalesce(s.name, '') AS name, coalesce(k.purpose, '') AS purpose, count(*) FILTER (WHERE k.kind = 'capture') AS number,
           sum(k.share) AS share
    FROM taken k LEFT JOIN checkout c ON c.tenant_id = :tenant
      AND c.id = CASE WHEN k.reference LIKE 'checkout:%' THEN cast(substr(k.reference, 10) AS uuid) END
    LEFT JOIN service s ON s.tenant_id = c.tenant_id AND s.id = c.service_id
    GROUP BY 1, 2 ORDER BY share DESC""")  # noqa: S608 -- a fragment of ours
_WAITING = text("""
    SELECT count(DISTINCT c.id) AS number, coalesce(sum(p.amount * CASE WHEN p.currency = :coin THEN c.coin_minor ELSE 1 END), 0) AS minor
    FROM checkout c JOIN checkout_part p ON p.tenant_id = c.tenant_id AND p.checkout_id = c.id
    JOIN appointment a ON a.tenant_id = c.tenant_id AND a.id = c.appointment_id
    WHERE c.tenant_id = :tenant AND a.practitioner_id = :owner AND c.state = 'held'""")


def own_practitioner(actor: Actor) -> UUID:
    if actor.practitioner_id is None:
        raise NotFound
    return actor.practitioner_id


@verb(OWN)
def earnings(session: Session, actor: Actor) -> EarningsView:
    """The member's own earnings, in the organisation's currency. Raises NotFound for who receives nobody here."""
    practitioner_id = own_practitioner(actor)
    terms = read_terms(session, actor)
    known = known_of(session, terms.tenant_id, practitioner_id)
    held = balances(session, practitioner_id, days=terms.days)
    worth = {one.currency: terms.coin_minor if one.currency == COIN else 1 for one in held}
    mine = [one for one in held if one.currency in (COIN, terms.currency)]

    def sum_of(read: Any) -> int:
        return sum(read(one) * worth[one.currency] for one in mine)

    available = sum_of(lambda one: one.available)
    month = _month(terms)
    facts = _read(session, terms, practitioner_id, month)
    taxes = taxes_of(session, terms.tenant_id, available, known.regime or TaxRegime.VAT, on=month)
    rows = session.execute(PAYOUTS_OF, {"tenant": terms.tenant_id, "practitioner": practitioner_id}).all()
    return _view(
        terms, known, taxes, facts,
        available=available,
        maturing=sum_of(lambda one: max(0, min(one.maturing, one.earning))),
        on_its_way=sum_of(lambda one: one.on_its_way),
        payouts=[view_of(row, actor) for row in rows],
        month=month,
    )  # fmt: skip


def _month(terms: Terms) -> date:
    return clock.today(terms.zone)


def _read(session: Session, terms: Terms, practitioner_id: UUID, today: date) -> dict[str, Any]:
    first = clock.from_local(datetime.combine(today.replace(day=1), time.min), terms.zone)
    monday = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    weeks = [monday + timedelta(days=7 * place) for place in range(WEEKS)]
    begins = [clock.from_local(datetime.combine(one, time.min), terms.zone) for one in weeks]
    bounds = {"bounds": begins, "since": begins[0]}
    values = {
        "tenant": terms.tenant_id,
        "owner": practitioner_id,
        "coin": COIN,
        "coin_minor": terms.coin_minor,
        "currency": terms.currency,
        "until": clock.now() + timedelta(days=1),
    }
    with books(session):
        total = session.execute(_TOTAL, values | {"since": first}).one()
        ever = session.execute(_TOTAL, values | {"since": EVER}).one()
        weekly = {row.place: int(row.share) for row in session.execute(_WEEKLY, values | bounds)}
    by_service = services_between(session, values | {"since": first})
    waiting = session.execute(_WAITING, values).one()
    return {
        "total": total,
        "ever": ever,
        "done": session.execute(_DONE, values | {"since": first}).one(),
        "weeks": [Week(one.isoformat(), max(0, weekly.get(place, 0))) for place, one in enumerate(weeks, 1)],
        "services": by_service,
        "waiting": waiting,
    }


def services_between(session: Session, values: dict[str, Any]) -> list[ServiceEarning]:
    found: list[Row[Any]] = list(session.execute(BY_SERVICE, values))
    return [ServiceEarning(row.name, row.purpose, row.number, int(row.share)) for row in found]


def _view(
    terms: Terms,
    known: Known,
    taxes: Taxes,
    facts: dict[str, Any],
    *,
    available: int,
    maturing: int,
    on_its_way: int,
    payouts: list[Any],
    month: date,
) -> EarningsView:
    total, waiting = facts["total"], facts["waiting"]
    return EarningsView(
        practitioner=known.holder,
        currency=terms.currency,
        month=month.isoformat(),
        paid_minor=int(total.paid),
        commission_minor=int(total.paid - total.share),
        share_minor=int(total.share),
        available_minor=available,
        maturing_minor=maturing,
        held_minor=int(waiting.minor),
        held_count=waiting.number,
        on_its_way_minor=on_its_way,
        days=terms.days,
        minimum_minor=terms.minimum,
        coin_minor=terms.coin_minor,
        regime=known.regime.value if known.regime else "",
        without_vat_minor=taxes.without_vat,
        vat_minor=taxes.vat,
        withheld_minor=taxes.withheld,
        net_minor=taxes.net,
        vat_points=taxes.vat_points,
        withholding_points=taxes.withholding_points,
        iban_hint=known.hint,
        services=facts["services"],
        weeks=facts["weeks"],
        checks=known.checks(),
        payouts=payouts,
        done_ever=facts["done"].ever,
        done_month=facts["done"].month,
        ever_paid_minor=int(facts["ever"].paid),
        ever_share_minor=int(facts["ever"].share),
    )
