"""Payouts and the organisation's terms, as the database has them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.money import digits
from carehub.models.payouts import Payout
from carehub.services.payouts.views import PayoutView, ServiceEarning
from carehub.services.pricing.reading import coin_minor_of
from carehub.services.tenancy.settings_forms import BillingForm


@dataclass(frozen=True)
class Terms:
    """How an organisation pays its practitioners. Amounts in minor units."""

    tenant_id: UUID
    currency: str
    zone: str
    coin_minor: int
    minimum: int
    two_people: int  # from this amount on a second person approves
    days: int  # after the service until it can be paid


_TENANT = text("SELECT id, currency, time_zone, billing FROM tenant WHERE id = :tenant")


def read_terms(session: Session, actor: Actor) -> Terms:
    row = session.execute(_TENANT, {"tenant": actor.tenant_id}).one()
    form = BillingForm.model_validate(row.billing or {})

    def minor(value: Decimal) -> int:
        return int(value.scaleb(digits(row.currency)))

    return Terms(
        row.id, row.currency, row.time_zone, coin_minor_of(row.billing or {}, row.currency), minor(form.payout_minimum),
        minor(form.payout_two_people), form.earning_days,
    )  # fmt: skip


_READ = """
    SELECT o.*, concat_ws(' ', p.given_name, p.family_name) AS practitioner, p.person_id, b.number AS batch,
           concat_ws(' ', f.given_name, f.family_name) AS first_name, concat_ws(' ', s.given_name, s.family_name) AS second_name
    FROM payout o JOIN practitioner p ON p.tenant_id = o.tenant_id AND p.id = o.practitioner_id
    LEFT JOIN payout_batch b ON b.tenant_id = o.tenant_id AND b.id = o.batch_id
    LEFT JOIN person f ON f.id = o.first_by LEFT JOIN person s ON s.id = o.second_by
    WHERE o.tenant_id = :tenant"""
PAYOUTS_OF = text(f"{_READ} AND o.practitioner_id = :practitioner ORDER BY o.created_at DESC LIMIT 50")
PAYOUT = text(f"{_READ} AND o.id = :id")
IN_BATCH = text(f"{_READ} AND o.batch_id = :batch ORDER BY o.number")


def access_payout(session: Session, payout_id: UUID) -> Payout:
    """Locked: whoever answers, sends or books one takes turns. Raises NotFound."""
    statement = select(Payout).where(col(Payout.id) == payout_id).with_for_update()
    found = session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound
    return found


def view_of(row: Row[Any], actor: Actor) -> PayoutView:
    told = row.statement
    return PayoutView(
        id=str(row.id),
        number=row.number,
        practitioner=row.practitioner,
        currency=row.currency,
        gross_minor=row.gross_minor,
        vat_minor=row.vat_minor,
        withheld_minor=row.withheld_minor,
        net_minor=row.net_minor,
        without_vat_minor=row.gross_minor - row.vat_minor,
        vat_points=told.get("vat_points", 0),
        withholding_points=told.get("withholding_points", 0),
        coins=row.coins,
        coin_minor=row.coin_minor,
        money_minor=row.money_minor,
        regime=row.regime,
        holder=row.holder,
        iban_hint=row.iban_hint,
        state=row.state,
        reason=row.reason,
        two_people=row.two_people,
        own=actor.person_id in (row.person_id, row.asked_by),
        first_by=row.first_name,
        second_by=row.second_name,
        batch_id=str(row.batch_id or ""),
        batch=row.batch or "",
        created_at=row.created_at.isoformat(),
        paid_at=row.paid_at.isoformat() if row.paid_at else "",
        services=[ServiceEarning(**one) for one in told.get("services", ())],
    )
