"""A draft gets its number and becomes what nobody changes any more (CD-099, CD-100)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.i18n import translate
from carehub.core.ids import new_id
from carehub.core.money import Money
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, DocumentKind, DocumentState
from carehub.models.tenancy import Tenant
from carehub.services.billing import law
from carehub.services.billing.content import access_document, access_draft, buyer_of, note, set_amounts, tenant_of
from carehub.services.billing.documents import MANAGE, TOPIC
from carehub.services.billing.errors import (
    BuyerMissing,
    LegalDataMissing,
    NegativeTotal,
    NothingToInvoice,
    TooMuchCredited,
)
from carehub.services.billing.law import Category
from carehub.services.billing.rules import next_reminder, number_of
from carehub.services.tenancy.paper_forms import PaperForm, PapersForm
from carehub.services.tenancy.settings_forms import BillingForm

# series -> how its numbers begin where the tenant says nothing
QUOTES, INVOICES, CREDITS = "quote", "invoice", "credit_note"
SERIES = {
    DocumentKind.QUOTE: QUOTES,
    DocumentKind.DEPOSIT: INVOICES,
    DocumentKind.INVOICE: INVOICES,
    DocumentKind.CREDIT_NOTE: CREDITS,
}
PREFIXES = {QUOTES: "D-", INVOICES: "F-", CREDITS: "A-"}
ISSUED = "billing.issued"

_NEXT = text("""
    INSERT INTO billing_counter (tenant_id, id, series, year, last) VALUES (:tenant, :id, :series, :year, 1)
    ON CONFLICT (tenant_id, series, year) DO UPDATE SET last = billing_counter.last + 1 RETURNING last""")


def next_number(session: Session, tenant_id: UUID, series: str, year: int) -> int:
    """The next of the series. Its row stays locked until the transaction ends: what is rolled back never had a number."""
    values = {"tenant": tenant_id, "id": new_id(), "series": series, "year": year}
    return int(session.execute(_NEXT, values).scalar_one())


def seller_of(tenant: Tenant) -> dict[str, Any]:
    """Who issues, as it stands now (CD-111)."""
    names = ("name", "legal_name", "address", "postcode", "city", "country", "phone", "email", "website", "accent")
    billing = BillingForm.model_validate(tenant.billing)
    return {
        **{name: getattr(tenant, name) for name in names},
        "registration_number": tenant.registration_number,
        "vat_number": tenant.vat_number,
        "logo_file_id": str(tenant.logo_file_id or ""),
        "iban": billing.iban,
        "bic": billing.bic,
        "footer": billing.footer,
    }


def paper_of(tenant: Tenant, kind: DocumentKind) -> PaperForm:
    """How the tenant wants this kind of document to look now (CD-072)."""
    both = PapersForm.model_validate(tenant.papers)
    return both.quote if kind == DocumentKind.QUOTE else both.invoice


@verb(MANAGE)
def issue(session: Session, actor: Actor, *, document_id: UUID) -> str:
    """Give a draft its number and its day; from now on only payments and credit notes change anything about it.

    Raises NotFound, Issued, NothingToInvoice, LegalDataMissing, BuyerMissing, TooMuchCredited. Answers the number.
    """
    found = access_draft(session, document_id)
    issue_draft(session, found, actor)
    return str(found.number)


def issue_draft(session: Session, found: BillingDocument, actor: Actor | None) -> None:
    """What `issue` does, for a draft that is locked already."""
    tenant = tenant_of(session, found.tenant_id)
    kind = DocumentKind(found.kind)
    _check(session, found, tenant)
    billing = BillingForm.model_validate(tenant.billing)
    series = SERIES[kind]
    year = clock.today(tenant.time_zone).year
    seq = next_number(session, found.tenant_id, series, year)
    today = clock.today(tenant.time_zone)  # after the lock: numbers and days run the same way
    found.series, found.year, found.seq = series, year, seq
    prefix = {QUOTES: billing.quote_prefix, INVOICES: billing.invoice_prefix}.get(series, "")
    found.number = number_of(prefix, PREFIXES[series], year, seq)
    found.issued_on, found.due_on = today, None if kind == DocumentKind.CREDIT_NOTE else today + timedelta(found.days)
    found.supplied_on = found.supplied_on or today
    found.seller = {**seller_of(tenant), "paper": paper_of(tenant, kind).model_dump(mode="json")}
    found.terms = billing.terms
    found.mentions = mentions_of(found, tenant, billing)
    found.state = DocumentState.ISSUED.value
    if kind in (DocumentKind.INVOICE, DocumentKind.DEPOSIT) and found.due_on and found.due_minor > 0:
        found.remind_on = next_reminder(found.due_on, 0)
    session.flush()
    if kind == DocumentKind.CREDIT_NOTE:
        _credit(session, found, actor)
    note(session, found, "issued", actor, number=found.number)
    outbox.emit(session, ISSUED, document_id=str(found.id))
    announce(session, TOPIC)


def _check(session: Session, found: BillingDocument, tenant: Tenant) -> None:
    amounts = set_amounts(found)
    if not found.lines or not any(amounts.lines):
        raise NothingToInvoice(field="lines")
    if found.total_minor < 0 or found.due_minor < 0:
        raise NegativeTotal(field="lines")
    if not (tenant.legal_name or tenant.name) or not tenant.address or not tenant.city:
        raise LegalDataMissing
    buyer = buyer_of(found)
    if not buyer.name or (buyer.business and not (buyer.address and buyer.city)):
        raise BuyerMissing(field="buyer.name" if not buyer.name else "buyer.address")
    if found.kind == DocumentKind.CREDIT_NOTE:
        _check_credit(session, found)


def _check_credit(session: Session, found: BillingDocument) -> None:
    assert found.source_id is not None
    invoice = access_document(session, found.source_id, lock=True)
    left = invoice.total_minor - invoice.credited_minor
    if found.total_minor > left:
        raise TooMuchCredited(field="lines", amount=Money(left, found.currency).text(found.locale))


def _credit(session: Session, found: BillingDocument, actor: Actor | None) -> None:
    assert found.source_id is not None
    invoice = access_document(session, found.source_id, lock=True)
    invoice.credited_minor += found.total_minor
    if invoice.credited_minor + invoice.paid_minor >= invoice.due_minor:
        invoice.remind_on = None
    note(session, invoice, "credited", actor, number=found.number, amount=found.total_minor)


def mentions_of(found: BillingDocument, tenant: Tenant, billing: BillingForm) -> list[str]:
    """What the law wants, in the document's language, then the tenant's own notices."""
    categories = {Category(one["category"]) for one in found.lines}
    needed = law.mentions(tenant.country, categories, to_business=buyer_of(found).business)
    return [*(translate(one, found.locale) for one in needed), *filter(None, [billing.notices])]
