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
from carehub.services.notify import centre_write, money, render
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.logo import read_logo
from carehub.services.notify.money_texts import DOCUMENTS
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


def enter_for_buyer(session: Session, event: Event) -> None:
    """Who has an account finds the document in their centre too, whatever became of the mail."""
    assert event.tenant_id is not None
    found = _access(session, event.tenant_id, event.payload["document_id"])
    to = person_recipient(session, event.tenant_id, found.person_id) if found and found.person_id else None
    if found is None or to is None:
        return
    to = money.known_as(session, event.tenant_id, to)
    made = write_delivery(
        session,
        tenant_id=found.tenant_id,
        event=event.kind,
        audience=Audience.CLIENT,
        channel=Channel.IN_APP,
        to=to,
        key=f"{event.id}:{Channel.IN_APP}",
        due_at=clock.now(),
        context={"document_id": str(found.id)},
    )
    if made is not None:
        row = session.get_one(Delivery, (found.tenant_id, made))
        params = {
            "number": str(found.number),
            "tenant": read_tenant(session, found.tenant_id).name,
            "amount": Money(max(owed(found), 0), found.currency).text(to.locale),
        }
        words = DOCUMENTS[event.kind, Audience.CLIENT]
        href = f"/invoice/{pay_token(found.tenant_id, found.id)}"
        centre_write.enter(session, row, title=words.title, params=params, href=href)


STAFF_KINDS = {PAID: "billing.received", REMINDED: "billing.overdue", ACCEPTED: ACCEPTED, DECLINED: DECLINED}


def tell_staff(session: Session, event: Event) -> None:
    """Who wrote the document learns what became of it; what the schedule wrote, those who run the organisation (CD-144, CD-148)."""
    assert event.tenant_id is not None
    found = _access(session, event.tenant_id, event.payload["document_id"])
    if found is None or (event.kind == REMINDED and (event.payload["step"] != 1 or event.payload.get("by_hand"))):
        return  # late is told once, and not to who has just recalled it
    tenant, buyer = read_tenant(session, event.tenant_id), buyer_of(found)
    name = found.accepted_by if event.kind in (ACCEPTED, DECLINED) else buyer.name
    money.tell(
        session,
        event,
        [found.created_by] if found.created_by else money.managers(session),
        Audience.PRACTITIONER,
        kind=STAFF_KINDS[event.kind],
        href=f"/w/{tenant.slug}/invoices/{found.id}",
        params={"number": str(found.number), "name": name, "tenant": tenant.name},
        money=(owed(found) if event.kind == REMINDED else found.total_minor, found.currency),
    )


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


for _event, _compose in ((SENT, document_mail), (REMINDED, reminder_mail), (PAID, receipt_mail)):
    handles(_event)(tell_buyer)
    handles(_event)(enter_for_buyer)
    letter(_event)(_compose)
for _event in STAFF_KINDS:
    handles(_event)(tell_staff)
