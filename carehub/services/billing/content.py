"""What a document holds between its row and its form: lines, amounts, the buyer."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import decrypt, encrypt
from carehub.core.errors import NotFound
from carehub.models.billing import BillingDocument, BillingEvent, DocumentState
from carehub.models.tenancy import Tenant
from carehub.services.billing.errors import AmountTooLarge, Issued, NotIssued, RateMissing
from carehub.services.billing.forms import Buyer, LineForm
from carehub.services.billing.law import Category
from carehub.services.billing.rules import Priced, Tax, Totals, totals
from carehub.services.booking.config import to_major, to_minor

BUYER = "billing_document.buyer"
MOST = 10**14  # minor units of one document


def access_document(session: Session, document_id: UUID, *, lock: bool = False) -> BillingDocument:
    """Of the session's tenant. Raises NotFound."""
    query = select(BillingDocument).where(col(BillingDocument.id) == document_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_draft(session: Session, document_id: UUID) -> BillingDocument:
    """Locked. Raises NotFound, Issued."""
    found = access_document(session, document_id, lock=True)
    if found.state != DocumentState.DRAFT:
        raise Issued
    return found


def access_issued(session: Session, document_id: UUID) -> BillingDocument:
    """Locked. Raises NotFound, NotIssued."""
    found = access_document(session, document_id, lock=True)
    if found.state == DocumentState.DRAFT:
        raise NotIssued
    return found


def buyer_of(document: BillingDocument) -> Buyer:
    """Raises nothing: a document without a buyer has an empty one."""
    if document.buyer is None:
        return Buyer.model_construct()
    return Buyer.model_validate_json(decrypt(document.tenant_id, BUYER, document.buyer))


def set_buyer(document: BillingDocument, buyer: Buyer) -> None:
    document.buyer_name = buyer.name
    document.buyer = encrypt(document.tenant_id, BUYER, buyer.model_dump_json())


def kept_line(line: LineForm, currency: str) -> dict[str, Any]:
    """As the row holds it. Raises TooPrecise, RateMissing at `lines`."""
    if line.category == Category.STANDARD and line.rate == 0:
        raise RateMissing(field="lines")
    taxed = line.category == Category.STANDARD
    return {
        "description": line.description,
        "detail": line.detail,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "price": to_minor(line.price, currency, field="lines"),
        "discount": plain(line.discount),
        "rate": plain(line.rate if taxed else Decimal(0)),
        "category": line.category.value,
    }


def plain(value: Decimal) -> str:
    """1.500 is 1.5, 20.00 is 20."""
    return f"{value.normalize():f}" if value else "0"


def priced(line: dict[str, Any]) -> Priced:
    return Priced(
        Decimal(line["quantity"]),
        int(line["price"]),
        Decimal(line["discount"]),
        Decimal(line["rate"]),
        Category(line["category"]),
    )


def totals_of(document: BillingDocument) -> Totals:
    return totals([priced(one) for one in document.lines], discount=document.discount, with_tax=document.with_tax)


def taxes_of(document: BillingDocument) -> list[Tax]:
    return [Tax(Category(one["category"]), Decimal(one["rate"]), one["base"], one["tax"]) for one in document.taxes]


def set_amounts(document: BillingDocument) -> Totals:
    """Compute all amounts of a draft anew. Raises AmountTooLarge at `lines`."""
    found = totals_of(document)
    if any(abs(one) > MOST for one in (found.before, found.total, *found.lines)):
        raise AmountTooLarge(field="lines")
    document.taxes = [
        {"category": one.category.value, "rate": plain(one.rate), "base": one.base, "tax": one.tax}
        for one in found.taxes
    ]
    document.net_minor, document.tax_minor, document.total_minor = found.net, found.tax, found.total
    document.due_minor = found.total - sum(int(one["total"]) for one in document.deducted)
    return found


def lines_as_sent(document: BillingDocument) -> str:
    """The lines as the editor reads them."""
    shown = [{**one, "price": f"{to_major(int(one['price']), document.currency):f}"} for one in document.lines]
    return json.dumps(shown, ensure_ascii=False)


def note(session: Session, document: BillingDocument, kind: str, actor: Actor | None = None, **details: Any) -> None:
    """Add to the document's history (CD-077)."""
    session.add(
        BillingEvent(
            tenant_id=document.tenant_id,
            document_id=document.id,
            kind=kind,
            at=clock.now(),
            person_id=actor.person_id if actor else None,
            name=actor.name if actor else "",
            details=details,
        )
    )


def tenant_of(session: Session, tenant_id: UUID) -> Tenant:
    return session.get_one(Tenant, tenant_id)
