"""Appointments (SQ-156): a person's own; with ?clinic=, those of a clinic for its staff. DELETE cancels."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from carehub.api.v1.route import GuardedRoute
from carehub.api.v1.schemas import AppointmentChange, AppointmentList, AppointmentRequest, Booked
from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import Invalid
from carehub.core.settings import settings
from carehub.services import booking
from carehub.services.booking import ClientForm
from carehub.services.booking.client import PAGE
from carehub.services.booking.views import AppointmentView

router = APIRouter(prefix="/appointments", tags=["appointments"], route_class=GuardedRoute)
READ: dict[str, Any] = {"x-scope": "appointments:read"}
WRITE: dict[str, Any] = {"x-scope": "appointments:write"}
Clinic = Annotated[str, Query(description="A clinic's slug: act as its staff", max_length=80)]


class NothingToChange(Invalid):
    key = "Say either a new start or a new status"


class DirectBookingIncomplete(Invalid):
    key = "Without a hold, name the practitioner, the service and the start"


def actor_of(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


@router.get("", openapi_extra=READ)
def list_appointments(
    request: Request,
    clinic: Clinic = "",
    past: bool = False,
    first: Annotated[date | None, Query(alias="from", description="Staff: the first day")] = None,
    days: Annotated[int, Query(ge=1, le=45, description="Staff: how many days")] = 7,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> AppointmentList:
    """50 a page: coming ones soonest first, or `past` ones latest first. Staff: those of `days` days from `from`."""
    actor = actor_of(request)
    if clinic:
        start = first or clock.now().date()
        found = perform(booking.agenda, actor, first=start, days=days, with_cancelled=True).appointments
        shown = found[(page - 1) * PAGE : page * PAGE]
        return AppointmentList(items=shown, page=page, next_page=page + 1 if len(found) > page * PAGE else None)
    items = perform(booking.my_appointments, actor, past=past, page=page)
    return AppointmentList(items=items, page=page, next_page=page + 1 if len(items) == PAGE else None)


@router.post("", status_code=201, openapi_extra=WRITE)
def create_appointment(request: Request, body: AppointmentRequest) -> Booked:
    """Confirm a hold, as the signed-in person or a guest; or book directly as a signed-in person."""
    form = ClientForm(**body.client.model_dump(), note=body.note, answers=body.answers)
    if body.hold_token:
        done = perform(booking.book, actor_of(request), tenant=body.clinic, token=body.hold_token, form=form)
    elif body.practitioner_id and body.service_id and body.starts_at:
        done = perform(
            booking.book_directly,
            actor_of(request),
            tenant=body.clinic,
            practitioner_id=body.practitioner_id,
            service_id=body.service_id,
            starts_at=body.starts_at,
            mode=body.mode,
            form=form,
        )
    else:
        raise DirectBookingIncomplete(field="hold_token")
    return Booked(appointment=done.appointment, manage_url=f"{settings.url}/booking/{done.manage_token}")


@router.get("/{appointment_id}", openapi_extra=READ)
def read_appointment(request: Request, appointment_id: UUID, clinic: Clinic = "") -> AppointmentView:
    if clinic:
        return perform(booking.detail, actor_of(request), appointment_id=appointment_id).appointment
    return perform(booking.read_mine, actor_of(request), appointment_id=appointment_id)


@router.patch("/{appointment_id}", openapi_extra=WRITE)
def change_appointment(
    request: Request, appointment_id: UUID, body: AppointmentChange, clinic: Clinic = ""
) -> AppointmentView:
    """Move it, within the clinic's window for clients; staff may also step its status."""
    actor = actor_of(request)
    if (body.starts_at is None) == (body.status is None):
        raise NothingToChange(field="starts_at")
    if body.starts_at is not None and not clinic:
        return perform(booking.reschedule_mine, actor, appointment_id=appointment_id, starts_at=body.starts_at)
    if body.starts_at is not None:
        return _move(actor, appointment_id, body.starts_at, body)
    return _step(actor, appointment_id, body)


def _move(actor: Actor, appointment_id: UUID, starts_at: datetime, body: AppointmentChange) -> AppointmentView:
    zone = perform(booking.detail, actor, appointment_id=appointment_id).appointment.time_zone
    wall = clock.to_local(starts_at.astimezone(UTC), zone).replace(tzinfo=None)
    return perform(
        booking.reschedule,
        actor,
        appointment_id=appointment_id,
        local_start=wall,
        minutes=body.minutes,
        sequence=body.sequence,
    )


def _step(actor: Actor, appointment_id: UUID, body: AppointmentChange) -> AppointmentView:
    if body.status == "declined":
        return perform(booking.decline, actor, appointment_id=appointment_id, reason=body.reason)
    steps = {
        "booked": booking.accept,
        "arrived": booking.arrive,
        "fulfilled": booking.fulfil,
        "noshow": booking.mark_no_show,
    }
    return perform(steps[body.status or ""], actor, appointment_id=appointment_id)


@router.delete("/{appointment_id}", openapi_extra=WRITE)
def cancel_appointment(
    request: Request,
    appointment_id: UUID,
    clinic: Clinic = "",
    reason: Annotated[str, Query(max_length=500)] = "",
) -> AppointmentView:
    """Cancel; the other side is told. The appointment stays readable."""
    verb = booking.cancel if clinic else booking.cancel_mine
    return perform(verb, actor_of(request), appointment_id=appointment_id, reason=reason)
