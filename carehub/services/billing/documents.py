"""Drafts: begin one, write it, throw it away. What is issued is out of reach here."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import decrypt_optional
from carehub.core.errors import Invalid, NotFound
from carehub.core.ids import new_id, parse_id
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, DocumentKind, RecurringInvoice
from carehub.models.booking import Patient
from carehub.services.billing.content import (
    access_document,
    access_draft,
    buyer_of,
    kept_line,
    lines_as_sent,
    note,
    set_amounts,
    set_buyer,
    tenant_of,
)
from carehub.services.billing.errors import NegativeTotal
from carehub.services.billing.forms import Buyer, DocumentForm
from carehub.services.booking.pseudonyms import legal_name_of
from carehub.services.tenancy.settings import vat_rates
from carehub.services.tenancy.settings_forms import BillingForm, Country, Language

READ = "billing.read"
MANAGE = "billing.manage"
TOPIC = "billing"


class WrongKind(Invalid):
    key = "Choose one of the list"


def defaults_of(session: Session, tenant_id: UUID) -> BillingForm:
    """What the tenant's new documents begin with (CD-112)."""
    return BillingForm.model_validate(tenant_of(session, tenant_id).billing)


def begin(
    session: Session,
    tenant_id: UUID,
    kind: DocumentKind,
    *,
    patient: Patient | None = None,
    person_id: UUID | None = None,
) -> BillingDocument:
    """A draft with the tenant's defaults, for a patient as they were invoiced last."""
    tenant, billing = tenant_of(session, tenant_id), defaults_of(session, tenant_id)
    made = BillingDocument(
        tenant_id=tenant_id,
        id=new_id(),
        kind=kind.value,
        currency=tenant.currency,
        locale=tenant.locale,
        days=30 if kind == DocumentKind.QUOTE else billing.payment_days,
        created_by=person_id,
        created_at=clock.now(),
    )
    set_buyer(made, Buyer.model_construct(name="", country=Country(tenant.country)))
    if patient is not None:
        take_patient(session, made, patient)
    session.add(made)
    session.flush()
    return made


def take_patient(session: Session, document: BillingDocument, patient: Patient) -> None:
    """Make the document theirs, to the address that their last document bore."""
    document.patient_id, document.person_id = patient.id, patient.person_id
    document.locale = patient.locale if patient.locale in set(Language) else document.locale
    set_buyer(document, last_buyer(session, patient) or _named(document, patient))


def _named(document: BillingDocument, patient: Patient) -> Buyer:
    email = decrypt_optional(document.tenant_id, "patient.email", patient.email)
    country = buyer_of(document).country
    return Buyer.model_construct(name=legal_name_of(patient), email=email or None, country=country)


def last_buyer(session: Session, patient: Patient) -> Buyer | None:
    d = BillingDocument
    query = select(d).where(col(d.patient_id) == patient.id, col(d.number).is_not(None))
    found = session.scalars(query.order_by(col(d.created_at).desc()).limit(1)).one_or_none()
    return buyer_of(found) if found else None


@verb(MANAGE)
def new_document(session: Session, actor: Actor, *, kind: str, patient_id: UUID | None = None) -> UUID:
    """Begin a quote or an invoice, for a patient if one is named. Raises WrongKind, NotFound."""
    if kind not in (DocumentKind.QUOTE, DocumentKind.INVOICE):
        raise WrongKind(field="kind")
    patient = None
    if patient_id is not None:
        patient = session.scalars(select(Patient).where(col(Patient.id) == patient_id)).one_or_none()
        if patient is None:
            raise NotFound
    assert actor.tenant_id is not None
    made = begin(session, actor.tenant_id, DocumentKind(kind), patient=patient, person_id=actor.person_id)
    note(session, made, "created", actor)
    announce(session, TOPIC)
    return made.id


@verb(MANAGE)
def read_draft(session: Session, _actor: Actor, *, document_id: UUID) -> DocumentForm:
    """As the editor shows it. Raises NotFound, Issued."""
    return form_of(access_draft(session, document_id))


def form_of(document: BillingDocument) -> DocumentForm:
    return DocumentForm.model_construct(
        patient=str(document.patient_id or ""),
        buyer=buyer_of(document),
        subject=document.subject,
        locale=Language(document.locale),
        lines=lines_as_sent(document),
        with_tax=document.with_tax,
        discount=document.discount,
        deposit=document.deposit,
        days=document.days,
        supplied_on=document.supplied_on,
        note=document.note,
    )


@verb(MANAGE)
def save_draft(session: Session, _actor: Actor, *, document_id: UUID, form: DocumentForm) -> DocumentForm:
    """Keep a draft, its amounts computed anew; another patient brings their own address.

    Raises NotFound, Issued, LinesWrong, TooPrecise, RateMissing, NegativeTotal, AmountTooLarge at `lines`.
    """
    found = access_draft(session, document_id)
    _write(session, found, form)
    session.flush()
    announce(session, TOPIC)
    return form_of(found)


def _write(session: Session, found: BillingDocument, form: DocumentForm) -> None:
    found.lines = [kept_line(one, found.currency) for one in form.parsed()]
    found.subject, found.note, found.locale = form.subject, form.note, form.locale.value
    found.with_tax, found.discount, found.days = form.with_tax, form.discount, form.days
    found.deposit = form.deposit if found.kind == DocumentKind.QUOTE else found.deposit
    found.supplied_on = form.supplied_on
    amounts = set_amounts(found)
    if amounts.total < 0 or amounts.discount < 0:
        raise NegativeTotal(field="lines")
    set_buyer(found, form.buyer)
    asked = parse_id(form.patient)
    if asked == found.patient_id:
        return
    patient = session.scalars(select(Patient).where(col(Patient.id) == asked)).one_or_none() if asked else None
    found.patient_id = found.person_id = None
    if patient is not None:
        take_patient(session, found, patient)


@verb(MANAGE)
def choose_patient(session: Session, _actor: Actor, *, document_id: UUID, patient_id: UUID) -> None:
    """Make a draft a patient's, to the address that their last document bore. Raises NotFound, Issued."""
    found = access_draft(session, document_id)
    patient = session.scalars(select(Patient).where(col(Patient.id) == patient_id)).one_or_none()
    if patient is None:
        raise NotFound
    take_patient(session, found, patient)
    session.flush()
    announce(session, TOPIC)


@verb(MANAGE)
def discard(session: Session, _actor: Actor, *, document_id: UUID) -> None:
    """Throw a draft away; it never had a number. Raises NotFound, Issued."""
    found = access_draft(session, document_id)
    session.execute(delete(RecurringInvoice).where(col(RecurringInvoice.document_id) == found.id))
    session.delete(found)
    session.flush()
    announce(session, TOPIC)


@verb(MANAGE)
def copy_document(session: Session, actor: Actor, *, document_id: UUID) -> UUID:
    """A new draft with the same content. Raises NotFound."""
    assert actor.tenant_id is not None
    kept = access_document(session, document_id)
    kind = DocumentKind.QUOTE if kept.kind == DocumentKind.QUOTE else DocumentKind.INVOICE
    made = begin(session, actor.tenant_id, kind, person_id=actor.person_id)
    copy_content(kept, made)
    note(session, made, "created", actor, number=kept.number or "")
    announce(session, TOPIC)
    return made.id


def copy_content(kept: BillingDocument, made: BillingDocument) -> None:
    """Everything that is written of one document, into a draft."""
    for name in ("patient_id", "person_id", "locale", "subject", "note", "lines", "with_tax", "discount", "currency"):
        setattr(made, name, getattr(kept, name))
    set_buyer(made, buyer_of(kept))
    set_amounts(made)


@verb(READ)
def rates(session: Session, actor: Actor) -> list[str]:
    """The rates that the tenant uses, in percent, the default first (CD-112)."""
    assert actor.tenant_id is not None
    return [f"{one.normalize():f}" for one in vat_rates(defaults_of(session, actor.tenant_id))]
