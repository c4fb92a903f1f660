"""Staff configures who receives: practitioners' profiles, and the tenant's booking rules. A practitioner writes their own text."""

import re
import unicodedata
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.ids import new_id, parse_id
from carehub.core.verbs import verb
from carehub.models.identity import RegistrationKind
from carehub.models.practice import ConfirmationMode, Practitioner, Visibility
from carehub.models.tenancy import Site, StoredFile, Tenant
from carehub.services.booking.config import MANAGE, Choice, changed
from carehub.services.booking.config_forms import PractitionerForm, ProfileTextForm
from carehub.services.booking.rules import BookingRules, booking_rules
from carehub.services.tenancy.files import file_url
from carehub.services.tenancy.plans import check_room_for_practitioner

TEXT = tuple(ProfileTextForm.model_fields)
PLAIN = tuple(name for name in PractitionerForm.model_fields if name != "site")


@verb(MANAGE)
def site_choices(session: Session, _actor: Actor) -> list[Choice]:
    rows = session.execute(select(col(Site.id), col(Site.name)).where(col(Site.active)).order_by(col(Site.name)))
    return [Choice(str(row.id), row.name) for row in rows]


def _access(session: Session, practitioner_id: UUID | None) -> Practitioner:
    found = session.scalars(select(Practitioner).where(col(Practitioner.id) == practitioner_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


@verb(MANAGE)
def read_practitioner(session: Session, actor: Actor, *, practitioner_id: UUID | None) -> PractitionerForm:
    """As the form shows it; with no id an empty one in the tenant's zone. Raises NotFound."""
    if practitioner_id is None:
        zone = session.scalar(select(col(Tenant.time_zone)).where(col(Tenant.id) == actor.tenant_id))
        return PractitionerForm.model_construct(given_name="", family_name="", time_zone=zone or "UTC")
    found = _access(session, practitioner_id)
    values: dict[str, Any] = {name: getattr(found, name) for name in PLAIN}
    values |= {
        "registration_kind": RegistrationKind(found.registration_kind),
        "confirmation": ConfirmationMode(found.confirmation),
        "visibility": Visibility(found.visibility),
        "site": str(found.site_id or ""),
    }
    return PractitionerForm.model_construct(**values)


@verb(MANAGE)
def save_practitioner(session: Session, actor: Actor, *, practitioner_id: UUID | None, form: PractitionerForm) -> UUID:
    """Change a practitioner, or add one (MC-016). Raises NotFound, PractitionersFull, UnknownZone at the field."""
    try:
        clock.zone(form.time_zone)
    except clock.UnknownZone as error:
        raise clock.UnknownZone(field="time_zone", zone=form.time_zone) from error
    site = parse_id(form.site)
    if site is not None and session.scalar(select(col(Site.id)).where(col(Site.id) == site)) is None:
        raise NotFound(field="site")
    values = {**form.model_dump(mode="json", include=set(PLAIN)), "site_id": site}
    assert actor.tenant_id is not None
    if form.active and not (practitioner_id and _access(session, practitioner_id).active):
        check_room_for_practitioner(session, actor.tenant_id)
    if practitioner_id is None:
        practitioner_id = new_id()
        slug = free_slug(session, f"{form.given_name} {form.family_name}")
        session.execute(insert(Practitioner).values(tenant_id=actor.tenant_id, id=practitioner_id, slug=slug, **values))
    else:
        _access(session, practitioner_id)
        _update(session, practitioner_id, values)
    changed(session, [practitioner_id])
    return practitioner_id


def _update(session: Session, practitioner_id: UUID, values: dict[str, Any]) -> None:
    session.execute(
        update(Practitioner)
        .where(col(Practitioner.id) == practitioner_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


@verb(MANAGE)
def read_photo(session: Session, _actor: Actor, *, practitioner_id: UUID) -> str:
    """The address of a practitioner's portrait, empty when there is none. Raises NotFound."""
    found = _access(session, practitioner_id)
    return file_url(found.tenant_id, found.photo_file_id) if found.photo_file_id else ""


@verb(MANAGE)
def set_photo(session: Session, _actor: Actor, *, practitioner_id: UUID, file_id: UUID) -> str:
    """Make a kept public picture the portrait, and answer its address. Raises NotFound."""
    found = _access(session, practitioner_id)
    kept = session.scalar(select(col(StoredFile.id)).where(col(StoredFile.id) == file_id, col(StoredFile.is_public)))
    if kept is None:
        raise NotFound
    _update(session, practitioner_id, {"photo_file_id": kept})
    outbox.emit(session, "directory.changed", practitioner_id=str(practitioner_id))
    return file_url(found.tenant_id, kept)


def free_slug(session: Session, name: str) -> str:
    """The name as an address; numbered when another practitioner of the tenant has it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "profile"
    taken = set(session.scalars(select(col(Practitioner.slug)).where(col(Practitioner.slug).startswith(base))))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


@verb("agenda.own")
def read_own_profile(session: Session, actor: Actor) -> ProfileTextForm:
    """Raises NotFound for a member who is no practitioner here."""
    found = _access(session, actor.practitioner_id)
    return ProfileTextForm.model_construct(**{name: getattr(found, name) for name in TEXT})


@verb("agenda.own")
def save_own_profile(session: Session, actor: Actor, *, form: ProfileTextForm) -> None:
    """A practitioner's own words, and whether new clients are welcome. Raises NotFound."""
    found = _access(session, actor.practitioner_id)
    _update(session, found.id, form.model_dump(include=set(TEXT)))
    outbox.emit(session, "directory.changed", practitioner_id=str(found.id))


@verb("settings.read|settings.manage")
def read_booking_rules(session: Session, actor: Actor) -> BookingRules:
    return booking_rules(
        session.scalar(select(col(Tenant.booking_rules)).where(col(Tenant.id) == actor.tenant_id)) or {}
    )


@verb("settings.manage")
def save_booking_rules(session: Session, actor: Actor, *, form: BookingRules) -> None:
    """The tenant's policy counts at once, for booked appointments too. Free times are computed again."""
    session.execute(
        update(Tenant)
        .where(col(Tenant.id) == actor.tenant_id)
        .values(booking_rules=form.model_dump())
        .execution_options(synchronize_session=False)
    )
    outbox.emit(session, "tenant.changed")
