"""From a quote to its invoices: accepted or declined, a deposit, the rest (CD-102, MC-078)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.i18n import N_, translate
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, DocumentKind, DocumentState
from carehub.services.billing.content import access_issued, note, plain, set_amounts, taxes_of, tenant_of
from carehub.services.billing.documents import MANAGE, TOPIC, begin, copy_content
from carehub.services.billing.errors import NothingDue, QuoteAnswered, QuoteLapsed, WrongDocument
from carehub.services.billing.rules import rounded

ACCEPTED = "billing.accepted"
USUAL_DEPOSIT = Decimal(30)  # percent
DEPOSIT_LINE = N_("Deposit of {percent} % on quote {number}")


def access_quote(session: Session, document_id: UUID) -> BillingDocument:
    """Issued, locked. Raises NotFound, NotIssued, WrongDocument."""
    found = access_issued(session, document_id)
    if found.kind != DocumentKind.QUOTE:
        raise WrongDocument
    return found


def answer_quote(
    session: Session, found: BillingDocument, actor: Actor | None, *, accepted: bool, name: str, address: str
) -> None:
    """Write down who answered, when and from where. Raises QuoteAnswered, QuoteLapsed."""
    if found.state != DocumentState.ISSUED:
        raise QuoteAnswered
    today = clock.today(tenant_of(session, found.tenant_id).time_zone)
    if found.due_on is not None and found.due_on < today:
        raise QuoteLapsed(day=found.due_on.isoformat())
    found.state = (DocumentState.ACCEPTED if accepted else DocumentState.DECLINED).value
    found.accepted_at, found.accepted_by, found.accepted_from = clock.now(), name, address
    session.flush()
    note(session, found, found.state, actor, by=name, address=address)
    outbox.emit(session, ACCEPTED if accepted else "billing.declined", document_id=str(found.id))
    announce(session, TOPIC)


@verb(MANAGE)
def mark_answered(session: Session, actor: Actor, *, document_id: UUID, accepted: bool) -> None:
    """The client answered by other means: signed on paper, said so. Raises NotFound, QuoteAnswered, QuoteLapsed."""
    found = access_quote(session, document_id)
    answer_quote(session, found, actor, accepted=accepted, name=found.buyer_name, address="")


def _accepted(session: Session, document_id: UUID) -> BillingDocument:
    found = access_quote(session, document_id)
    if found.state != DocumentState.ACCEPTED:
        raise WrongDocument
    return found


def _from_quote(session: Session, quote: BillingDocument, kind: DocumentKind, actor: Actor) -> BillingDocument:
    made = begin(session, quote.tenant_id, kind, person_id=actor.person_id)
    copy_content(quote, made)
    made.source_id = quote.id
    return made


@verb(MANAGE)
def deposit_invoice(session: Session, actor: Actor, *, document_id: UUID, percent: Decimal | None = None) -> UUID:
    """A draft of a deposit on an accepted quote: a line a rate, `percent` of what the rate's services cost (None: as the quote
    says, else USUAL_DEPOSIT).

    Raises NotFound, WrongDocument.
    """
    quote = _accepted(session, document_id)
    percent = percent or quote.deposit or USUAL_DEPOSIT
    if not 0 < percent <= 100:
        raise WrongDocument
    made = _from_quote(session, quote, DocumentKind.DEPOSIT, actor)
    said = translate(DEPOSIT_LINE, quote.locale, percent=plain(percent), number=str(quote.number))
    made.lines = [
        {
            "description": said,
            "detail": "",
            "quantity": "1",
            "unit": "",
            "price": rounded((one.base + one.tax if quote.with_tax else one.base) * percent / 100),
            "discount": "0",
            "rate": plain(one.rate),
            "category": one.category.value,
        }
        for one in taxes_of(quote)
    ]
    made.discount, made.deposit = Decimal(0), percent
    set_amounts(made)
    note(session, made, "created", actor, number=quote.number)
    announce(session, TOPIC)
    return made.id


@verb(MANAGE)
def final_invoice(session: Session, actor: Actor, *, document_id: UUID) -> UUID:
    """A draft of all that the quote holds, less the deposits that were invoiced (CD-099). Raises NotFound, WrongDocument, NothingDue."""
    quote = _accepted(session, document_id)
    d = BillingDocument
    rows = session.scalars(
        select(d)
        .where(col(d.source_id) == quote.id, col(d.number).is_not(None), col(d.kind) != DocumentKind.QUOTE)
        .order_by(col(d.seq))
    ).all()
    if any(one.kind == DocumentKind.INVOICE and one.credited_minor < one.due_minor for one in rows):
        raise NothingDue
    made = _from_quote(session, quote, DocumentKind.INVOICE, actor)
    made.deducted = _deposits(session, rows)
    set_amounts(made)
    note(session, made, "created", actor, number=quote.number)
    announce(session, TOPIC)
    return made.id


def _deposits(session: Session, invoices: Sequence[BillingDocument]) -> list[dict[str, Any]]:
    """What deposits asked before, less what of them was credited."""
    of = [one for one in invoices if one.kind == DocumentKind.DEPOSIT]
    d = BillingDocument
    back = session.scalars(
        select(d)
        .where(col(d.source_id).in_([one.id for one in of]), col(d.kind) == DocumentKind.CREDIT_NOTE)
        .where(col(d.number).is_not(None))
        .order_by(col(d.seq))
    )
    return [*(_deducted(one, 1) for one in of), *(_deducted(one, -1) for one in back)]


def _deducted(one: BillingDocument, sign: int) -> dict[str, Any]:
    taxes = [{**tax, "base": sign * tax["base"], "tax": sign * tax["tax"]} for tax in one.taxes]
    amounts = {"net": sign * one.net_minor, "tax": sign * one.tax_minor, "total": sign * one.total_minor}
    return {"number": one.number, "issued_on": str(one.issued_on), "taxes": taxes, **amounts}


@verb(MANAGE)
def credit_note(session: Session, actor: Actor, *, document_id: UUID) -> UUID:
    """A draft that takes back an invoice; lower its lines to take back a part. Raises NotFound, NotIssued, WrongDocument."""
    invoice = access_issued(session, document_id)
    if invoice.kind not in (DocumentKind.INVOICE, DocumentKind.DEPOSIT):
        raise WrongDocument
    if invoice.credited_minor >= invoice.total_minor:
        raise NothingDue
    made = _from_quote(session, invoice, DocumentKind.CREDIT_NOTE, actor)
    note(session, made, "created", actor, number=invoice.number)
    announce(session, TOPIC)
    return made.id
