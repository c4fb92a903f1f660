"""A client books: a kept slot and a form become an appointment, once."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.actor import Actor
from carehub.core.crypto import encrypt
from carehub.core.db import tenant_scope
from carehub.core.ids import new_id
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.booking import AppointmentStatus, IntakeAnswer, IntakeQuestion, SlotHold, Source
from carehub.services.booking.errors import AnswerMissing, GuestsRefused, HoldExpired, SlotTaken
from carehub.services.booking.holds import access_hold, take
from carehub.services.booking.patients import ClientForm, clean_phone, patient_for_guest, patient_for_person
from carehub.services.booking.queries import read_view
from carehub.services.booking.slots import Offered, read_offer
from carehub.services.booking.tenants import Place, access_tenant
from carehub.services.booking.tokens import manage_token
from carehub.services.booking.views import BookedView
from carehub.services.booking.write import Booking, add


@verb(PUBLIC)
def book(session: Session, actor: Actor, *, tenant: str, token: str, form: ClientForm) -> BookedView:
    """Confirm a kept slot (MC-053..055, DI-044, SQ-025, SQ-153), for the signed-in person or a guest.

    Booked at once when the practitioner confirms instantly, otherwise a request. Raises HoldExpired, SlotTaken,
    GuestsRefused, NoNewClients, NotFound, and NameMissing, EmailInvalid, PhoneInvalid or AnswerMissing at the field; the hold
    stays when a field is at fault.
    """
    place = access_tenant(session, tenant)
    with tenant_scope(session, Role.BOOKING, place.id):
        hold = access_hold(session, place.id, token)
        if hold is None:
            raise HoldExpired
        return _confirm(session, actor, place, hold, form, Source.ONLINE if actor.person_id else Source.GUEST)


@verb(SIGNED_IN)
def book_directly(
    session: Session,
    actor: Actor,
    *,
    tenant: str,
    practitioner_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    mode: str,
    form: ClientForm,
) -> BookedView:
    """Hold and book in one step, for the REST API (SQ-156). Raises as hold_slot and book do."""
    place = access_tenant(session, tenant)
    with tenant_scope(session, Role.BOOKING, place.id):
        kept = take(
            session,
            practitioner_id=practitioner_id,
            service_id=service_id,
            starts_at=starts_at.astimezone(UTC),
            mode=mode,
            replaces="",
            slug=place.slug,
        )
        hold = access_hold(session, place.id, kept.token)
        if hold is None:
            raise SlotTaken
        return _confirm(session, actor, place, hold, form, Source.API)


def _confirm(
    session: Session, actor: Actor, place: Place, hold: SlotHold, form: ClientForm, source: Source
) -> BookedView:
    day = hold.starts_at.date()
    offered = read_offer(session, practitioner_id=hold.practitioner_id, service_id=hold.service_id, first=day, days=1)
    patient_id = _patient(session, actor, place, offered, form)
    answers = _checked_answers(session, hold.service_id, form)
    status = AppointmentStatus.BOOKED if offered.instant else AppointmentStatus.PENDING
    booking = Booking(
        practitioner_id=hold.practitioner_id,
        service_id=hold.service_id,
        site_id=offered.site_id if hold.mode == "in_person" else None,
        patient_id=patient_id,
        person_id=actor.person_id,
        status=status.value,
        mode=hold.mode,
        starts_at=hold.starts_at,
        ends_at=hold.ends_at,
        time_zone=offered.zone,
        price_minor=offered.price_minor,
        currency=offered.currency,
        source=source.value,
    )
    kind = "booked" if offered.instant else "requested"
    appointment_id = add(session, booking, kind=kind, by="client", person_id=actor.person_id)
    _keep_answers(session, place.id, appointment_id, answers, form.note.strip())
    session.execute(
        delete(SlotHold)
        .where(col(SlotHold.tenant_id) == place.id, col(SlotHold.id) == hold.id)
        .execution_options(synchronize_session=False)
    )
    return BookedView(read_view(session, appointment_id, for_client=True), manage_token(place.id, appointment_id))


def _patient(session: Session, actor: Actor, place: Place, offered: Offered, form: ClientForm) -> UUID:
    if actor.person_id is not None:
        phone = clean_phone(form.phone, place.country)
        return patient_for_person(session, actor.person_id, phone=phone, accepts_new=offered.accepts_new)
    if not offered.rules.guests:
        raise GuestsRefused
    return patient_for_guest(session, form, country=place.country, accepts_new=offered.accepts_new)


def _checked_answers(session: Session, service_id: UUID, form: ClientForm) -> dict[UUID, str]:
    """Answers to the service's questions. Raises AnswerMissing at `answers.<question>`."""
    asked = session.execute(
        select(col(IntakeQuestion.id), col(IntakeQuestion.required), col(IntakeQuestion.choices)).where(
            col(IntakeQuestion.service_id) == service_id, col(IntakeQuestion.active)
        )
    )
    given: dict[UUID, str] = {}
    for question_id, required, choices in asked:
        answer = form.answers.get(str(question_id), "").strip()[:2000]
        wrong = bool(choices) and answer not in choices
        if (required and not answer) or (answer and wrong):
            raise AnswerMissing(field=f"answers.{question_id}")
        if answer:
            given[question_id] = answer
    return given


def _keep_answers(session: Session, tenant_id: UUID, appointment_id: UUID, answers: dict[UUID, str], note: str) -> None:
    """Health data: written encrypted, and not readable by the role that writes it."""
    said: list[tuple[UUID | None, str]] = [*answers.items(), *([(None, note)] if note else [])]
    for question_id, answer in said:
        session.execute(
            insert(IntakeAnswer).values(
                tenant_id=tenant_id,
                id=new_id(),
                appointment_id=appointment_id,
                question_id=question_id,
                answer=encrypt(tenant_id, "intake.answer", answer),
            )
        )
