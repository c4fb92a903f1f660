"""A practitioner's offers and free times, and slot holds: what a booking page of one's own needs. Public."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from carehub.api.problems import locale_of
from carehub.api.v1.appointments import actor_of
from carehub.api.v1.route import GuardedRoute
from carehub.api.v1.schemas import HoldRequest, SlotList
from carehub.core import clock
from carehub.core.db import perform
from carehub.services import booking
from carehub.services.booking.views import HoldView, PractitionerOffers

router = APIRouter(prefix="/clinics/{clinic}", tags=["slots"], route_class=GuardedRoute)
READ: dict[str, Any] = {"x-scope": "directory:read"}
WRITE: dict[str, Any] = {"x-scope": "appointments:write"}


@router.get("/practitioners/{practitioner}", openapi_extra=READ)
def read_practitioner(request: Request, clinic: str, practitioner: str) -> PractitionerOffers:
    """A published practitioner's services, prices and questions, by slugs."""
    locale = locale_of(request)
    return perform(booking.offers, actor_of(request), tenant=clinic, practitioner=practitioner, locale=locale)


@router.get("/practitioners/{practitioner}/slots", openapi_extra=READ)
def list_slots(
    request: Request,
    clinic: str,
    practitioner: str,
    service_id: UUID,
    first: Annotated[date | None, Query(alias="from")] = None,
    days: Annotated[int, Query(ge=1, le=31)] = 7,
) -> SlotList:
    """Free times, one entry a local day of the practitioner."""
    actor = actor_of(request)
    known = perform(booking.offers, actor, tenant=clinic, practitioner=practitioner, locale=locale_of(request))
    found = perform(
        booking.free_days,
        actor,
        tenant=clinic,
        practitioner_id=UUID(known.practitioner_id),
        service_id=service_id,
        first=first or clock.today(known.time_zone),
        days=days,
    )
    return SlotList(time_zone=known.time_zone, days=found)


@router.post("/holds", status_code=201, openapi_extra=WRITE)
def create_hold(request: Request, clinic: str, body: HoldRequest) -> HoldView:
    """Keep a slot for some minutes. The token in the answer confirms it (POST /appointments) or gives it back."""
    return perform(booking.hold_slot, actor_of(request), tenant=clinic, **body.model_dump())


@router.delete("/holds/{token}", status_code=204, openapi_extra=WRITE)
def delete_hold(request: Request, clinic: str, token: str) -> None:
    perform(booking.release_hold, actor_of(request), tenant=clinic, token=token)
