"""Sites, where people are received, and their rooms (SQ-086)."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from carehub.core import outbox
from carehub.core.actor import Actor
from carehub.core.errors import CareHubError, Faults, NotFound, Taken
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.models.tenancy import Room, Site
from carehub.services.booking.site_hours import WEEK, day_stretches
from carehub.services.tenancy.settings import MANAGE, READ, own_tenant
from carehub.services.tenancy.settings_forms import COUNTRY_LABELS, Country, Line

SITE: Table = Site.__table__  # type: ignore[attr-defined]
ROOM: Table = Room.__table__  # type: ignore[attr-defined]
_COMING = text("""
    SELECT count(*) FROM appointment a JOIN practitioner p ON p.tenant_id = a.tenant_id AND p.id = a.practitioner_id
    WHERE coalesce(a.site_id, p.site_id) = :site AND a.mode = 'in_person' AND a.starts_at > now()
      AND a.status IN ('pending', 'proposed', 'booked')""")


class SiteAwaited(CareHubError):
    """Closing it would leave people before a closed door."""

    key = "Move the {count} coming appointments of this site first"
    status = 409


class HalfPlaced(CareHubError):
    key = "Give latitude and longitude, or neither"
    status = 422


class HoursWrong(CareHubError):
    key = "Write the hours as 09:00-12:30, 14:00-19:00, in order"
    status = 422


class HoursForm(BaseModel):
    """A site's week, each day as "09:00-12:30, 14:00-19:00"; an empty day is closed, an empty week says nothing (SQ-023)."""

    monday: Line = Field("", title=N_("Monday"), json_schema_extra={"placeholder": "09:00-12:30, 14:00-19:00"})
    tuesday: Line = Field("", title=N_("Tuesday"))
    wednesday: Line = Field("", title=N_("Wednesday"))
    thursday: Line = Field("", title=N_("Thursday"))
    friday: Line = Field("", title=N_("Friday"))
    saturday: Line = Field("", title=N_("Saturday"))
    sunday: Line = Field("", title=N_("Sunday"))


class SiteForm(BaseModel):
    """One place. Coordinates in degrees, WGS 84."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)] = Field(
        title=N_("Name")
    )
    address: Line = Field("", title=N_("Address"))
    postcode: Line = Field("", title=N_("Postcode"))
    city: Line = Field("", title=N_("City"))
    country: Country = Field(Country.FR, title=N_("Country"), json_schema_extra={"labels": COUNTRY_LABELS})
    latitude: float | None = Field(None, ge=-90, le=90, title=N_("Latitude"))
    longitude: float | None = Field(
        None, ge=-180, le=180, title=N_("Longitude"), description=N_("Searches by distance and the map need both.")
    )
    phone: Line = Field("", title=N_("Phone"), json_schema_extra={"type": "tel"})
    access_notes: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = Field(
        "",
        title=N_("Opening and access"),
        description=N_("Door code, floor, lift, car park, hours of the reception."),
        json_schema_extra={"widget": "textarea"},
    )
    hours: HoursForm = Field(
        default_factory=HoursForm,
        title=N_("Opening hours"),
    )
    active: bool = Field(True, title=N_("In use"))


class RoomForm(BaseModel):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = Field(
        title=N_("Name")
    )
    seats: int = Field(1, ge=1, le=500, title=N_("People received at once"))
    active: bool = Field(True, title=N_("In use"))


@dataclass(frozen=True)
class SiteView:
    """A line of the list. `place` is its address on one line."""

    id: str
    name: str
    place: str
    rooms: int
    active: bool


@dataclass(frozen=True)
class RoomView:
    id: str
    name: str
    seats: int
    active: bool


@verb(READ)
def list_sites(session: Session, _actor: Actor) -> list[SiteView]:
    """Every site, those in use first."""
    rooms = select(func.count()).where(ROOM.c.tenant_id == SITE.c.tenant_id, ROOM.c.site_id == SITE.c.id)
    query = select(SITE, rooms.scalar_subquery().label("rooms")).order_by(SITE.c.active.desc(), SITE.c.name, SITE.c.id)
    return [
        SiteView(
            str(row.id),
            row.name,
            ", ".join(filter(None, (row.address, f"{row.postcode} {row.city}".strip()))),
            row.rooms,
            row.active,
        )
        for row in session.execute(query)
    ]


def _access(session: Session, table: Table, row_id: UUID) -> Any:
    found = session.execute(select(table).where(table.c.id == row_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


@verb(READ)
def read_site(session: Session, actor: Actor, *, site_id: UUID | None) -> SiteForm:
    """With no id an empty one in the tenant's country. Raises NotFound."""
    if site_id is None:
        return SiteForm.model_construct(name="", country=Country(own_tenant(session, actor).country))
    row = _access(session, SITE, site_id)
    values = {name: getattr(row, name) for name in SiteForm.model_fields}
    hours = HoursForm.model_construct(**row.hours)
    return SiteForm.model_construct(**values | {"country": Country(row.country), "hours": hours})


@verb(MANAGE)
def save_site(session: Session, actor: Actor, *, site_id: UUID | None, form: SiteForm) -> UUID:
    """Change a site, or add one (SQ-086). A site that is awaited is not closed.

    Raises NotFound, HalfPlaced, HoursWrong at the day, or SiteAwaited at `active`.
    """
    _check_hours(form.hours)
    if (form.latitude is None) != (form.longitude is None):
        raise HalfPlaced(field="longitude")
    values = form.model_dump(mode="json")
    values["hours"] = {day: text for day, text in values["hours"].items() if text}
    if site_id is None:
        site_id = new_id()
        session.execute(insert(SITE).values(tenant_id=actor.tenant_id, id=site_id, **values))
    else:
        was = _access(session, SITE, site_id)
        coming = session.scalar(_COMING, {"site": site_id}) if was.active and not form.active else 0
        if coming:
            raise SiteAwaited(field="active", count=coming)
        session.execute(update(SITE).where(SITE.c.id == site_id).values(**values))
    outbox.emit(session, "tenant.changed")
    return site_id


def _check_hours(hours: HoursForm) -> None:
    faults = Faults()
    for day in WEEK:
        with faults:
            try:
                day_stretches(getattr(hours, day))
            except ValueError as error:
                raise HoursWrong(field=f"hours.{day}") from error
    faults.check()


@verb(READ)
def list_rooms(session: Session, _actor: Actor, *, site_id: UUID) -> list[RoomView]:
    """A site's rooms. Raises NotFound."""
    _access(session, SITE, site_id)
    rows = session.execute(select(ROOM).where(ROOM.c.site_id == site_id).order_by(ROOM.c.name, ROOM.c.id))
    return [RoomView(str(row.id), row.name, row.seats, row.active) for row in rows]


@verb(READ)
def read_room(session: Session, _actor: Actor, *, room_id: UUID) -> RoomForm:
    """Raises NotFound."""
    row = _access(session, ROOM, room_id)
    return RoomForm.model_construct(name=row.name, seats=row.seats, active=row.active)


@verb(MANAGE)
def save_room(session: Session, actor: Actor, *, site_id: UUID, room_id: UUID | None, form: RoomForm) -> UUID:
    """Change a room of a site, or add one. Raises NotFound, or Taken at `name`."""
    _access(session, SITE, site_id)
    same = select(ROOM.c.id).where(ROOM.c.site_id == site_id, ROOM.c.name == form.name)
    if session.scalar(same) not in (None, room_id):
        raise Taken(field="name", value=form.name)
    if room_id is None:
        room_id = new_id()
        session.execute(
            insert(ROOM).values(tenant_id=actor.tenant_id, id=room_id, site_id=site_id, **form.model_dump())
        )
        return room_id
    if _access(session, ROOM, room_id).site_id != site_id:
        raise NotFound
    session.execute(update(ROOM).where(ROOM.c.id == room_id).values(**form.model_dump()))
    return room_id


@verb(MANAGE)
def remove_room(session: Session, _actor: Actor, *, room_id: UUID) -> None:
    """Raises NotFound."""
    _access(session, ROOM, room_id)
    session.execute(delete(ROOM).where(ROOM.c.id == room_id))
