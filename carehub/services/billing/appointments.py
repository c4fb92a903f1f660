"""An appointment becomes an invoice at its own price (CD-099)."""

from decimal import Decimal
from uuid import UUID

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import NotFound
from carehub.core.money import babel_locale
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, DocumentKind
from carehub.models.booking import Appointment, AppointmentStatus, Patient
from carehub.models.practice import Service
from carehub.models.tenancy import Tenant, TenantKind
from carehub.services.billing.content import kept_line, note, set_amounts, tenant_of
from carehub.services.billing.documents import MANAGE, TOPIC, begin, defaults_of
from carehub.services.billing.errors import AlreadyInvoiced, NotYetInvoiced
from carehub.services.billing.forms import LineForm
from carehub.services.billing.law import Category
from carehub.services.booking.config import to_major

_BILLED = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW)
_CARE = (TenantKind.PRACTICE, TenantKind.CLINIC)


@verb(MANAGE)
def invoice_appointment(session: Session, actor: Actor, *, appointment_id: UUID) -> UUID:
    """A draft of the appointment at the price that was agreed on, tax included; once.

    Raises NotFound, NotYetInvoiced, AlreadyInvoiced.
    """
    a = Appointment
    found = session.scalars(select(a).where(col(a.id) == appointment_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    if found.status not in _BILLED:
        raise NotYetInvoiced
    d = BillingDocument
    query = select(d).where(col(d.appointment_id) == appointment_id, col(d.kind) == DocumentKind.INVOICE)
    known = session.scalars(query).one_or_none()
    if known is not None:
        if known.number is None:
            return known.id
        raise AlreadyInvoiced(number=known.number)
    return draft_of(session, found, actor, price_minor=found.price_minor)


def draft_of(session: Session, appointment: Appointment, actor: Actor, *, price_minor: int) -> UUID:
    """A draft of a locked appointment that has no invoice yet, at a price that contains its tax."""
    patient = session.get_one(Patient, (appointment.tenant_id, appointment.patient_id))
    service = session.get_one(Service, (appointment.tenant_id, appointment.service_id))
    made = begin(session, appointment.tenant_id, DocumentKind.INVOICE, patient=patient, person_id=actor.person_id)
    made.appointment_id, made.currency, made.with_tax = appointment.id, appointment.currency, True
    made.supplied_on = appointment.local_start.date()
    category, rate = usual_tax(session, tenant_of(session, appointment.tenant_id))
    day = format_date(appointment.local_start.date(), "long", locale=babel_locale(made.locale))
    line = LineForm(
        description=service.names.get(made.locale) or service.name,
        detail=day,
        price=to_major(price_minor, appointment.currency),
        rate=rate,
        category=category,
    )
    made.subject = line.description
    made.lines = [kept_line(line, made.currency)]
    set_amounts(made)
    session.flush()
    note(session, made, "created", actor)
    announce(session, TOPIC)
    return made.id


def usual_tax(session: Session, tenant: Tenant) -> tuple[Category, Decimal]:
    """What a service of this tenant usually bears: its default rate, or none where that is zero."""
    rate = defaults_of(session, tenant.id).vat_rate
    if rate:
        return Category.STANDARD, rate
    return Category.EXEMPT_CARE if tenant.kind in _CARE else Category.SMALL_BUSINESS, Decimal(0)
