"""What was received for an invoice, by hand or by card, and what is still owed (CD-104, CD-108)."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.money import Money
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, BillingPayment, DocumentKind, PaymentMethod
from carehub.services.billing.content import access_issued, note, tenant_of
from carehub.services.billing.documents import MANAGE, TOPIC
from carehub.services.billing.errors import InFuture, TooMuchReceived, WrongDocument
from carehub.services.billing.forms import PaymentForm
from carehub.services.billing.rules import next_reminder
from carehub.services.booking.config import to_major, to_minor

PAYABLE = (DocumentKind.INVOICE, DocumentKind.DEPOSIT)
PAID = "billing.paid"


def access_payable(session: Session, document_id: UUID) -> BillingDocument:
    """An issued invoice, locked. Raises NotFound, NotIssued, WrongDocument."""
    found = access_issued(session, document_id)
    if found.kind not in PAYABLE:
        raise WrongDocument
    return found


def owed(document: BillingDocument) -> int:
    """Minor units still to pay; negative: to give back."""
    return document.due_minor - document.paid_minor - document.credited_minor


@verb(MANAGE)
def payment_form(session: Session, _actor: Actor, *, document_id: UUID) -> PaymentForm:
    """What is still owed, received today. Raises NotFound, NotIssued, WrongDocument."""
    found = access_payable(session, document_id)
    today = clock.today(tenant_of(session, found.tenant_id).time_zone)
    return PaymentForm.model_construct(
        amount=to_major(owed(found), found.currency), method=PaymentMethod.TRANSFER, received_on=today, reference=""
    )


@verb(MANAGE)
def record_payment(session: Session, actor: Actor, *, document_id: UUID, form: PaymentForm) -> int:
    """Write down what came by transfer, in cash or otherwise, in part or whole. Answers what is still owed.

    Raises NotFound, NotIssued, WrongDocument, TooPrecise and TooMuchReceived at `amount`, InFuture at `received_on`.
    """
    found = access_payable(session, document_id)
    amount = to_minor(form.amount, found.currency, field="amount")
    if form.received_on > clock.today(tenant_of(session, found.tenant_id).time_zone):
        raise InFuture(field="received_on")
    most = owed(found)
    if amount == 0 or amount > most or -amount > found.paid_minor:
        text = Money(most if amount >= 0 else found.paid_minor, found.currency).text(actor.locale)
        raise TooMuchReceived(field="amount", amount=text)
    receive(session, found, amount, form.method, form.received_on, reference=form.reference, actor=actor)
    return owed(found)


def receive(
    session: Session,
    found: BillingDocument,
    amount: int,
    method: PaymentMethod,
    day: date,
    *,
    reference: str = "",
    key: str | None = None,
    actor: Actor | None = None,
) -> bool:
    """Add to what a locked document has received. `key` makes it count once: False when it did already."""
    if key is not None and session.scalar(select(col(BillingPayment.id)).where(col(BillingPayment.key) == key)):
        return False
    session.add(
        BillingPayment(
            tenant_id=found.tenant_id,
            document_id=found.id,
            amount_minor=amount,
            method=method.value,
            received_on=day,
            reference=reference,
            key=key,
            recorded_by=actor.person_id if actor else None,
            created_at=clock.now(),
        )
    )
    session.flush()
    sums = select(func.coalesce(func.sum(col(BillingPayment.amount_minor)), 0))
    found.paid_minor = int(session.scalar(sums.where(col(BillingPayment.document_id) == found.id)) or 0)
    settled = owed(found) <= 0
    if settled or found.due_on is None:
        found.remind_on = None
    else:
        found.remind_on = next_reminder(found.due_on, found.reminded)
    note(session, found, "paid" if amount > 0 else "given_back", actor, amount=amount, method=method.value)
    session.flush()
    if settled and amount > 0:
        outbox.emit(session, PAID, document_id=str(found.id))
    announce(session, TOPIC)
    return True
