"""What is written of quotes and invoices: the document with its PDF, reminders, receipts, and a quote's answer to who wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import N_, translate
from carehub.core.money import Money
from carehub.core.outbox import Event, handles
from carehub.core.settings import settings
from carehub.integrations.mail import Attachment, Mail
from carehub.models.billing import BillingDocument, DocumentKind
from carehub.models.notify import Audience, Channel, Delivery
from carehub.services.billing.content import buyer_of
from carehub.services.billing.files import file_of
from carehub.services.billing.paper import TITLES, long_day, pay_address
from carehub.services.billing.payments import PAID, owed
from carehub.services.billing.quotes import ACCEPTED
from carehub.services.billing.sending import REMINDED, SENT
from carehub.services.billing.tokens import pay_token
from carehub.services.notify import render
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import Recipient, person_recipient

DECLINED = "billing.declined"


@dataclass(frozen=True)
class Words:
    subject: str
    lead: str
    action: str


SENDING: Mapping[str, Words] = {
    DocumentKind.QUOTE: Words(
        N_("Quote {number} from {tenant}"),
        N_("Here is our quote. You can read, accept or decline it online; it is attached as a file too."),
        N_("Read and answer"),
    ),
    DocumentKind.INVOICE: Words(
        N_("Invoice {number} from {tenant}"),
        N_("Here is your invoice, attached as a file. Thank you for your trust."),
        N_("See the invoice"),
    ),
    DocumentKind.CREDIT_NOTE: Words(
        N_("Credit note {number} from {tenant}"),
        N_("Here is a credit note, attached as a file."),
        N_("See the credit note"),
    ),
}
STEPS = (
    Words(
        N_("Reminder: invoice {number} from {tenant}"),
        N_("Our invoice may have escaped you: it was due on {day}. If you have paid meanwhile, forget this message."),
        N_("See the invoice"),
    ),
    Words(
        N_("Second reminder: invoice {number} from {tenant}"),
        N_("Our invoice is still unpaid: it was due on {day}. Please settle it, or tell us what keeps you from it."),
        N_("See the invoice"),
    ),
    Words(
        N_("Last reminder: invoice {number} from {tenant}"),
        N_("In spite of our reminders this invoice, due on {day}, is unpaid. Please settle it within eight days."),
        N_("See the invoice"),
    ),
)
RECEIVED = Words(
    N_("Payment received: {number}"), N_("We have received your payment in full. Thank you."), N_("See the invoice")
)
ANSWERS: Mapping[str, Words] = {
    ACCEPTED: Words(
        N_("Quote {number} is accepted"),
        N_("{name} has accepted your quote. You can invoice a deposit now."),
        N_("Open it"),
    ),
    DECLINED: Words(N_("Quote {number} is declined"), N_("{name} has declined your quote."), N_("Open it")),
}


def _access(session: Session, tenant_id: UUID, document_id: str) -> BillingDocument | None:
    return session.get(BillingDocument, (tenant_id, UUID(document_id)))


def tell_buyer(session: Session, event: Event) -> None:
    """One mail an event, to the address on the document, in its language."""
    assert event.tenant_id is not None
    found = _access(session, event.tenant_id, event.payload["document_id"])
    buyer = buyer_of(found) if found else None
    if found is None or buyer is None or not buyer.email:
        return
    _write(session, event, found, Audience.CLIENT, Recipient(buyer.contact or buyer.name, buyer.email, found.locale))


def tell_author(session: Session, event: Event) -> None:
    """Who wrote the quote learns what became of it."""
    assert event.tenant_id is not None
    found = _access(session, event.tenant_id, event.payload["document_id"])
    to = person_recipient(session, event.tenant_id, found.created_by) if found and found.created_by else None
    if found is not None and to is not None:
        _write(session, event, found, Audience.PRACTITIONER, to)


def _write(session: Session, event: Event, found: BillingDocument, audience: Audience, to: Recipient) -> None:
    write_delivery(
        session,
        tenant_id=found.tenant_id,
        event=event.kind,
        audience=audience,
        channel=Channel.EMAIL,
        to=to,
        key=f"{event.id}",
        due_at=clock.now(),
        context={"document_id": str(found.id), "step": event.payload.get("step", 0)},
    )


def _of(session: Session, delivery: Delivery) -> BillingDocument | None:
    return _access(session, delivery.tenant_id, delivery.context["document_id"])


def document_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    """The document itself, its PDF attached."""
    found = _of(session, delivery)
    if found is None:
        return None
    kind = DocumentKind.INVOICE if found.kind == DocumentKind.DEPOSIT else DocumentKind(found.kind)
    return _mail(session, delivery, to, found, SENDING[kind], note=found.note)


def reminder_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    """None once nothing is owed."""
    found = _of(session, delivery)
    if found is None or owed(found) <= 0:
        return None
    return _mail(session, delivery, to, found, STEPS[min(int(delivery.context["step"]), len(STEPS)) - 1])


def receipt_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    found = _of(session, delivery)
    return None if found is None else _mail(session, delivery, to, found, RECEIVED)


def _mail(
    session: Session, delivery: Delivery, to: str, found: BillingDocument, words: Words, *, note: str = ""
) -> Mail:
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    day = long_day(found.due_on, delivery.locale) if found.due_on else ""
    lines = [
        render.Line(
            say(TITLES[DocumentKind(found.kind)]),
            (str(found.number), found.subject) if found.subject else (str(found.number),),
        ),
        render.Line(say(N_("Amount")), (Money(found.due_minor, found.currency).text(delivery.locale),)),
    ]
    if day and found.kind != DocumentKind.CREDIT_NOTE:
        label = N_("Valid until") if found.kind == DocumentKind.QUOTE else N_("To be paid by")
        lines.append(render.Line(say(label), (day,)))
    left = owed(found) if found.kind in (DocumentKind.INVOICE, DocumentKind.DEPOSIT) else found.due_minor
    if left != found.due_minor:
        lines.append(render.Line(say(N_("Left to pay")), (Money(max(left, 0), found.currency).text(delivery.locale),)))
    shown = {
        "lead": say(words.lead, day=day, tenant=tenant.name),
        "lines": lines,
        "notes": [render.Line("", (note,))] if note else [],
        "action": say(words.action),
        "url": pay_address(pay_token(found.tenant_id, found.id)),
        "foot": [say(render.SIGNED, tenant=tenant.name), " · ".join(filter(None, (tenant.place, tenant.phone)))],
    }
    file = file_of(session, found)
    attached = Attachment(f"{file.name}.pdf", file.content, "pdf", maintype="application")
    subject = say(words.subject, number=str(found.number), tenant=tenant.name)
    logo = read_logo(session, delivery.tenant_id)
    return render.branded_mail(delivery, tenant, to, subject, shown, logo=logo, files=(attached,))


def answer_mail(session: Session, delivery: Delivery, to: str) -> Mail | None:
    found = _of(session, delivery)
    if found is None:
        return None
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    words = ANSWERS[delivery.event]
    amount = Money(found.total_minor, found.currency).text(delivery.locale)
    shown = {
        "lead": say(words.lead, name=found.accepted_by),
        "lines": [render.Line(say(N_("Amount")), (amount,))],
        "notes": [],
        "action": say(words.action),
        "url": f"{settings.url}/w/{tenant.slug}/invoices/{found.id}",
        "foot": [say(render.SIGNED, tenant=tenant.name), " · ".join(filter(None, (tenant.place, tenant.phone)))],
    }
    subject = say(words.subject, number=str(found.number))
    return render.branded_mail(delivery, tenant, to, subject, shown, logo=read_logo(session, delivery.tenant_id))


for _event, _compose in ((SENT, document_mail), (REMINDED, reminder_mail), (PAID, receipt_mail)):
    handles(_event)(tell_buyer)
    letter(_event)(_compose)
for _event in ANSWERS:
    handles(_event)(tell_author)
    letter(_event)(answer_mail)
