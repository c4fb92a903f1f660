"""An invoice is paid by card, by its link or by its buyer's account (CD-094, CD-095)."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.i18n import translate
from carehub.core.outbox import Event
from carehub.core.permissions import PUBLIC
from carehub.core.verbs import verb
from carehub.models.billing import BillingPayment, DocumentKind, PaymentMethod
from carehub.services import payments
from carehub.services.billing.content import access_document, tenant_of
from carehub.services.billing.errors import NothingDue
from carehub.services.billing.links import by_link
from carehub.services.billing.paper import TITLES
from carehub.services.billing.payments import access_payable, owed, receive
from carehub.services.payments.views import PaymentStep

PURPOSE = "invoice"


@verb(PUBLIC)
def pay_by_link(session: Session, actor: Actor, *, token: str) -> PaymentStep:
    """Begin to pay all that is owed by card; the answer's address is opened as a whole page.

    Raises NotFound, WrongDocument, NothingDue, PaymentsOff, PaymentUnderWay, PaymentAmountInvalid.
    """
    with by_link(session, token) as document_id:
        found = access_payable(session, document_id)
        if owed(found) <= 0:
            raise NothingDue
        title = translate(TITLES[DocumentKind(found.kind)], found.locale)
        return payments.start_payment(
            session,
            actor,
            purpose=PURPOSE,
            subject_id=found.id,
            amount=owed(found),
            currency=found.currency,
            description=f"{title} {found.number}",
            return_path=f"/invoice/{token}",
            facts={"document_id": str(found.id)},
        )


def take_payment(session: Session, event: Event) -> None:
    """A card paid: written down once, also when the invoice was settled otherwise meanwhile, so that it can be given back."""
    if event.payload["purpose"] != PURPOSE or event.tenant_id is None:
        return
    payment_id = UUID(event.payload["payment_id"])
    found = access_document(session, UUID(event.payload["subject_id"]), lock=True)
    paid = payments.payment_state(session, system(event.tenant_id), payment_id=payment_id)
    day = clock.today(tenant_of(session, found.tenant_id).time_zone)
    key = f"payment:{payment_id}"
    receive(session, found, paid.captured, PaymentMethod.CARD, day, reference=paid.paid_with, key=key)


def take_refund(session: Session, event: Event) -> None:
    """What went back to the card, once."""
    if event.payload["purpose"] != PURPOSE or event.tenant_id is None:
        return
    found = access_document(session, UUID(event.payload["subject_id"]), lock=True)
    taken = select(func.coalesce(func.sum(col(BillingPayment.amount_minor)), 0))
    most = int(session.scalar(taken.where(col(BillingPayment.document_id) == found.id)) or 0)
    amount = min(int(event.payload["amount"]), most)
    if amount > 0:
        day = clock.today(tenant_of(session, found.tenant_id).time_zone)
        receive(session, found, -amount, PaymentMethod.CARD, day, key=f"refund:{event.payload['refund_id']}")
