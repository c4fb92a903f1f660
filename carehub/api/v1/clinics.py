"""Clinics (SQ-155) and the directory's search."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel

from carehub.api.v1.appointments import actor_of
from carehub.api.v1.route import GuardedRoute
from carehub.core.db import perform
from carehub.services import directory
from carehub.services.directory.views import Found
from carehub.services.tenancy import clinics as service
from carehub.services.tenancy.clinics import ClinicChange, ClinicView
from carehub.services.tenancy.opening import NewTenant, OpenedTenant, open_tenant

router = APIRouter(route_class=GuardedRoute)
READ: dict[str, Any] = {"x-scope": "clinics:read"}
WRITE: dict[str, Any] = {"x-scope": "clinics:write"}
SEARCH: dict[str, Any] = {"x-scope": "directory:read"}
Slug = Annotated[str, Path(description="The clinic's slug", max_length=80)]


class ClinicList(BaseModel):
    items: list[ClinicView]
    page: int
    next_page: int | None


@router.get("/clinics", tags=["clinics"], openapi_extra=READ)
def list_clinics(
    request: Request,
    q: Annotated[str, Query(max_length=80, description="Part of the name or the city")] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> ClinicList:
    """Active clinics by name, 50 a page."""
    items = perform(service.list_clinics, actor_of(request), text=q, page=page)
    return ClinicList(items=items, page=page, next_page=page + 1 if len(items) == service.PAGE else None)


@router.post("/clinics", status_code=201, tags=["clinics"], openapi_extra=WRITE)
def create_clinic(request: Request, body: NewTenant) -> OpenedTenant:
    """Open a clinic owned by the caller, with a first practitioner, service and weekly hours."""
    return perform(open_tenant, actor_of(request), form=body)


@router.get("/clinics/{clinic}", tags=["clinics"], openapi_extra=READ)
def read_clinic(request: Request, clinic: Slug) -> ClinicView:
    """By slug or id."""
    return perform(service.read_clinic, actor_of(request), clinic=clinic)


@router.patch("/clinics/{clinic}", tags=["clinics"], openapi_extra=WRITE)
def change_clinic(request: Request, clinic: Slug, body: ClinicChange) -> ClinicView:  # noqa: ARG001 -- the guard has read it
    """By its staff, with the permission to change settings."""
    return perform(service.change_clinic, actor_of(request), change=body)


@router.delete("/clinics/{clinic}", status_code=204, tags=["clinics"], openapi_extra=WRITE)
def close_clinic(request: Request, clinic: Slug) -> None:  # noqa: ARG001
    """By its owner, once no appointment is to come. Nothing is deleted."""
    perform(service.close_clinic, actor_of(request))


@router.get("/practitioners", tags=["directory"], openapi_extra=SEARCH)
def search(request: Request) -> Found:
    """Published practitioners. The query is that of the search page: q, speciality, city, lat, lng, radius, when
    (today, week), mode, lang, max (euros), new, sort (earliest, rating, price, distance), page; 20 a page."""
    asked = directory.parse(request.query_params)
    return perform(directory.search, actor_of(request), asked=asked)
