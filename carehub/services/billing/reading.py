"""A document for who reads it: staff with its history, its buyer without."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, BillingEvent, BillingPayment, DocumentKind
from carehub.services.billing.content import access_document, buyer_of, tenant_of, totals_of
from carehub.services.billing.documents import READ
from carehub.services.billing.payments import owed
from carehub.services.billing.rules import rounded, status_of
from carehub.services.billing.tokens import pay_token
from carehub.services.billing.views import (
    DeductedView,
    DocumentView,
    EventView,
    LineView,
    PaymentView,
    RelatedView,
    TaxView,
)
from carehub.services.payments import accepts_cards


@verb(READ)
def read_document(session: Session, _actor: Actor, *, document_id: UUID) -> DocumentView:
    """All of it, with what was received, what happened, and what stems from it. Raises NotFound."""
    found = access_document(session, document_id)
    shown = view_of(session, found)
    d = BillingDocument
    near = or_(col(d.source_id) == found.id, col(d.id) == found.source_id)
    related = session.scalars(select(d).where(near).order_by(col(d.created_at)))
    return replace(
        shown,
        patient_id=str(found.patient_id or ""),
        pay=f"/invoice/{pay_token(found.tenant_id, found.id)}" if found.number else "",
        events=_events(session, found),
        related=[
            RelatedView(str(one.id), one.kind, one.number or "", _status(session, one), one.total_minor)
            for one in related
        ],
    )


def public_view(session: Session, found: BillingDocument) -> DocumentView:
    """As its buyer sees it: neither history nor whose patient it is. `pay`: something is owed and a card can pay it."""
    shown = view_of(session, found)
    pays = shown.owed > 0 and accepts_cards(session, found.tenant_id)
    return replace(shown, pay="card" if pays else "")


def _status(session: Session, one: BillingDocument) -> str:
    return status_of(
        one.kind,
        one.state,
        due_on=one.due_on,
        due=one.due_minor,
        paid=one.paid_minor,
        credited=one.credited_minor,
        today=clock.today(tenant_of(session, one.tenant_id).time_zone),
    )


def view_of(session: Session, one: BillingDocument) -> DocumentView:
    """Amounts are computed again from the lines: what is shown is what adds up."""
    amounts, buyer = totals_of(one), buyer_of(one)
    tenant = tenant_of(session, one.tenant_id)
    return DocumentView(
        id=str(one.id),
        kind=one.kind,
        status=_status(session, one),
        number=one.number or "",
        buyer=one.buyer_name,
        email=buyer.email or "",
        seller=tenant.name,
        subject=one.subject,
        note=one.note,
        locale=one.locale,
        currency=one.currency,
        issued_on=_day(one.issued_on),
        due_on=_day(one.due_on),
        sent_at=_day(one.sent_at),
        with_tax=one.with_tax,
        before=amounts.before,
        discount=amounts.discount,
        net=amounts.net,
        tax=amounts.tax,
        total=amounts.total,
        due=one.due_minor,
        paid=one.paid_minor,
        credited=one.credited_minor,
        owed=owed(one) if one.kind in (DocumentKind.INVOICE, DocumentKind.DEPOSIT) else 0,
        deposit=rounded(amounts.total * one.deposit / 100) if one.kind == DocumentKind.QUOTE else 0,
        accepted_by=one.accepted_by,
        accepted_at=_day(one.accepted_at),
        reminded=one.reminded,
        lines=[_line(kept, net) for kept, net in zip(one.lines, amounts.lines, strict=True)],
        taxes=[TaxView(f"{t.rate.normalize():f}", t.category.value, t.base, t.tax) for t in amounts.taxes],
        deducted=[DeductedView(d["number"], d["issued_on"], int(d["total"])) for d in one.deducted],
        payments=_payments(session, one),
    )


def _day(value: Any) -> str:
    return value.isoformat() if value is not None else ""


def _line(kept: dict[str, Any], net: int) -> LineView:
    names = ("description", "detail", "quantity", "unit", "price", "discount", "rate", "category")
    return LineView(**{name: kept[name] for name in names}, net=net)


def _payments(session: Session, one: BillingDocument) -> list[PaymentView]:
    p = BillingPayment
    rows = session.scalars(select(p).where(col(p.document_id) == one.id).order_by(col(p.received_on), col(p.id)))
    return [
        PaymentView(str(row.id), row.amount_minor, row.method, row.received_on.isoformat(), row.reference)
        for row in rows
    ]


def _events(session: Session, one: BillingDocument) -> list[EventView]:
    e = BillingEvent
    rows = session.scalars(select(e).where(col(e.document_id) == one.id).order_by(col(e.at).desc(), col(e.id).desc()))
    return [EventView(row.kind, row.at.isoformat(), row.name, _detail(row.details)) for row in rows]


def _detail(details: dict[str, Any]) -> str:
    """Who answered and from where, or the number of the other document."""
    return " · ".join(str(details[name]) for name in ("by", "address", "number", "to") if details.get(name))
