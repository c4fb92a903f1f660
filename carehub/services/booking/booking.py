"""A client books: a kept slot and a form become an appointment, once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import encrypt, hash_token
from carehub.core.errors import Faults
from carehub.core.ids import new_id
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.core.verbs import verb
from carehub.models.booking import AppointmentStatus, IntakeAnswer, Source
from carehub.models.practice import ConfirmationMode, Mode, Prepay
from carehub.services.booking.errors import AnswerMissing, GuestsRefused, HoldExpired, PaymentNeeded
from carehub.services.booking.holds import take
from carehub.services.booking.patients import (
    SAME_ADDRESS,
    SAME_PERSON,
    ClientForm,
    Guest,
    Known,
    check_guest,
    clean_phone,
    patient_for_guest,
    patient_for_person,
)
from carehub.services.booking.queries import wall
from carehub.services.booking.rules import BookingRules, booking_rules, client_may_change
from carehub.services.booking.tenants import Place, enter_tenant
from carehub.services.booking.tokens import manage_token
from carehub.services.booking.views import AppointmentView, BookedView
from carehub.services.booking.write import Booking, add
from carehub.services.pricing.reading import HOURS_SQL, SESSION_SQL, hours_of, prepay_of
from carehub.services.pricing.rules import priced
from carehub.services.privacy.consents import booking_consent
from carehub.services.tenancy.plans import plan_named


@verb(PUBLIC)
def book(session: Session, actor: Actor, *, tenant: str, token: str, form: ClientForm) -> BookedView:
    """Confirm a kept slot (MC-053, MC-054, DI-044, SQ-025, SQ-153), for the signed-in person or a guest.

    Booked at once when the practitioner confirms instantly, otherwise a request. Raises HoldExpired, SlotTaken,
    PaymentNeeded, GuestsRefused, NoNewClients, NotFound, and NameMissing, EmailInvalid, PhoneInvalid or AnswerMissing at the field, or
    SeveralInvalid that tells every field at fault; the hold stays then.
    """
    place = enter_tenant(session, tenant)
    return _book(session, actor, place, token, form, Source.ONLINE if actor.person_id else Source.GUEST)


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
    place = enter_tenant(session, tenant)
    kept = take(
        session,
        practitioner_id=practitioner_id,
        service_id=service_id,
        starts_at=starts_at.astimezone(UTC),
        mode=mode,
        replaces="",
        slug=place.slug,
    )
    return _book(session, actor, place, kept.token, form, Source.API)


_HOLD = """
    SELECT h.id, h.practitioner_id, h.service_id, h.mode, h.starts_at, h.ends_at,
           p.honorific, p.given_name, p.family_name, p.slug, p.colour, p.time_zone, p.confirmation, p.accepts_new, p.site_id,
           s.name AS service, s.names AS service_names, coalesce(sp.price_minor, s.price_minor) AS price_minor, t.booking_rules,
           s.prepay, s.deposit_percent, t.modules, {hours} AS hours, {session} AS has_session,
           i.address, i.city, (SELECT plan FROM tenant_plan WHERE tenant_id = h.tenant_id) AS plan,
           (SELECT jsonb_agg(jsonb_build_array(q.id, q.required, q.choices)) FROM intake_question q
             WHERE q.tenant_id = h.tenant_id AND q.service_id = h.service_id AND q.active) AS questions,
           {found} AS found
    FROM slot_hold h
    JOIN tenant t ON t.id = h.tenant_id
    JOIN practitioner p ON p.tenant_id = h.tenant_id AND p.id = h.practitioner_id
    JOIN service s ON s.tenant_id = h.tenant_id AND s.id = h.service_id
    JOIN service_practitioner sp ON sp.tenant_id = h.tenant_id AND sp.service_id = s.id AND sp.practitioner_id = p.id
    LEFT JOIN site i ON i.tenant_id = h.tenant_id AND i.id = p.site_id
    WHERE h.tenant_id = :tenant AND {which} AND h.expires_at > :now AND p.active AND s.active
    FOR UPDATE OF h"""
_OF_GUEST = text(_HOLD.format(which="h.token_hash = :hash", hours=HOURS_SQL, session="false", found=SAME_ADDRESS))
_OF_PERSON = text(_HOLD.format(which="h.token_hash = :hash", hours=HOURS_SQL, session=SESSION_SQL, found=SAME_PERSON))
_BY_ID = text(_HOLD.format(which="h.id = :hold", hours=HOURS_SQL, session=SESSION_SQL, found=SAME_PERSON))


def access_hold(session: Session, actor: Actor, *, token: str, guest: Guest | None = None) -> Row[Any]:
    """The hold behind a token, locked, with all that confirming it needs. Raises HoldExpired when it lapsed, was taken or is
    offered no more."""
    values = {"tenant": UUID(session.info["tenant"]), "hash": hash_token(token), "now": clock.now()}
    if actor.person_id is not None:
        row = session.execute(_OF_PERSON, values | {"person": actor.person_id}).one_or_none()
    else:
        row = session.execute(_OF_GUEST, values | {"index": guest and guest.index}).one_or_none()
    if row is None:
        raise HoldExpired
    return row


def read_hold(session: Session, actor: Actor, hold_id: UUID) -> Row[Any] | None:
    """access_hold by an id that only we know; None when it lapsed, was taken or is offered no more."""
    values = {"tenant": UUID(session.info["tenant"]), "hold": hold_id, "now": clock.now(), "person": actor.person_id}
    return session.execute(_BY_ID, values).one_or_none()


def wall_start(hold: Row[Any]) -> datetime:
    return clock.to_local(hold.starts_at, hold.time_zone).replace(tzinfo=None)


def _check_free_of_payment(hold: Row[Any], form: ClientForm) -> None:
    """Whoever pays, uses a code or a paid session agrees to the price first. Raises PaymentNeeded."""
    rules = booking_rules(hold.booking_rules)
    prepaid = prepay_of(hold.prepay, rules.prepay, hold.modules) is not Prepay.NONE and hold.price_minor > 0
    if prepaid or hold.has_session or form.code.strip():
        raise PaymentNeeded


def _book(session: Session, actor: Actor, place: Place, token: str, form: ClientForm, source: Source) -> BookedView:
    faults = Faults()
    guest = None if actor.person_id else check_guest(place.id, form, country=place.country, faults=faults)
    hold = access_hold(session, actor, token=token, guest=guest)
    _check_free_of_payment(hold, form)
    return confirm(session, actor, place, hold, form, source, guest=guest, faults=faults)


def confirm(
    session: Session,
    actor: Actor,
    place: Place,
    hold: Row[Any],
    form: ClientForm,
    source: Source,
    *,
    price_minor: int | None = None,
    guest: Guest | None = None,
    faults: Faults | None = None,
) -> BookedView:
    """A kept slot becomes an appointment, at the price of its hour unless another was agreed to. `faults`: what was found wrong in
    the form already."""
    faults = faults or Faults()
    rules = booking_rules(hold.booking_rules)
    answers = _checked_answers(hold.questions or (), form, faults)
    patient = _patient(session, actor, place, hold, guest, form, faults)
    instant = hold.confirmation == ConfirmationMode.INSTANT
    status = AppointmentStatus.BOOKED if instant else AppointmentStatus.PENDING
    booking = Booking(
        practitioner_id=hold.practitioner_id,
        service_id=hold.service_id,
        site_id=hold.site_id if hold.mode == Mode.IN_PERSON else None,
        patient_id=patient.id,
        person_id=actor.person_id,
        status=status.value,
        mode=hold.mode,
        starts_at=hold.starts_at,
        ends_at=hold.ends_at,
        time_zone=hold.time_zone,
        price_minor=_price(hold) if price_minor is None else price_minor,
        currency=place.currency,
        source=source.value,
    )
    consent = booking_consent(actor, tenant_id=place.id, tenant=place.name, patient_id=patient.id, locale=form.locale)
    appointment_id = add(
        session,
        booking,
        kind="booked" if instant else "requested",
        by="client",
        person_id=actor.person_id,
        hold_id=hold.id,
        beside=[patient.row, consent] if patient.row else [consent],
    )
    _keep_answers(session, place.id, appointment_id, answers, form.note.strip())
    view = _view(appointment_id, booking, place, hold, patient.name, rules)
    return BookedView(view, manage_token(place.id, appointment_id))


def _price(hold: Row[Any]) -> int:
    price, _ = priced(hold.price_minor, hours_of(hold.hours), local_start=wall_start(hold), service_id=hold.service_id)
    return price


def check_form(place: Place, hold: Row[Any], form: ClientForm) -> None:
    """What `confirm` would refuse in a signed-in person's form. Raises PhoneInvalid, AnswerMissing, SeveralInvalid."""
    faults = Faults()
    with faults:
        clean_phone(form.phone, place.country)
    _checked_answers(hold.questions or (), form, faults)
    faults.check()


def _view(
    appointment_id: UUID, booking: Booking, place: Place, hold: Row[Any], patient: str, rules: BookingRules
) -> AppointmentView:
    """What was just written, without reading it again."""
    now = clock.now()
    on_site = ", ".join(part for part in (hold.address, hold.city) if part) if booking.site_id else ""
    return AppointmentView(
        id=str(appointment_id),
        tenant=place.slug,
        tenant_name=place.name,
        practitioner_id=str(hold.practitioner_id),
        practitioner=" ".join(part for part in (hold.honorific, hold.given_name, hold.family_name) if part),
        practitioner_slug=hold.slug,
        colour=hold.colour,
        service_id=str(hold.service_id),
        service=hold.service,
        patient_id=str(booking.patient_id),
        patient=patient,
        status=booking.status,
        mode=booking.mode,
        starts_at=booking.starts_at.isoformat(),
        ends_at=booking.ends_at.isoformat(),
        local_start=wall(booking.starts_at, booking.time_zone),
        local_end=wall(booking.ends_at, booking.time_zone),
        time_zone=booking.time_zone,
        price_minor=booking.price_minor,
        currency=booking.currency,
        source=booking.source,
        reason="",
        cancelled_by="",
        address=on_site,
        sequence=0,
        can_cancel=client_may_change(booking.status, booking.starts_at, now=now, hours=rules.cancel_hours),
        can_move=client_may_change(booking.status, booking.starts_at, now=now, hours=rules.reschedule_hours),
        service_names=hold.service_names,
    )


def _patient(
    session: Session, actor: Actor, place: Place, hold: Row[Any], guest: Guest | None, form: ClientForm, faults: Faults
) -> Known:
    """Who comes, once the whole form is right: every field at fault is told at once, with those that `faults` holds already."""
    terms: Any = {"found": hold.found, "plan": plan_named(hold.plan), "accepts_new": hold.accepts_new}
    if actor.person_id is not None:
        phone = ""
        with faults:
            phone = clean_phone(form.phone, place.country)
        faults.check()
        pseudonyms = booking_rules(hold.booking_rules).pseudonyms
        return patient_for_person(session, actor.person_id, phone=phone, pseudonyms=pseudonyms, **terms)
    if not booking_rules(hold.booking_rules).guests:
        raise GuestsRefused
    faults.check()
    assert guest is not None  # an address that lacks is at fault
    return patient_for_guest(session, guest, **terms)


def _checked_answers(asked: Sequence[Any], form: ClientForm, faults: Faults) -> dict[UUID, str]:
    """Answers to the service's questions; AnswerMissing at `answers.<question>` of each that lacks, gathered in `faults`."""
    given: dict[UUID, str] = {}
    for question_id, required, choices in asked:
        answer = form.answers.get(question_id, "").strip()[:2000]
        wrong = bool(choices) and answer not in choices
        with faults:
            if (required and not answer) or (answer and wrong):
                raise AnswerMissing(field=f"answers.{question_id}")
        if answer:
            given[UUID(question_id)] = answer
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
