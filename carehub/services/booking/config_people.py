"""Staff configures who receives: practitioners, and the tenant's booking rules."""

import re
import unicodedata
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.errors import Faults, Invalid, NotFound
from carehub.core.ids import new_id, parse_id
from carehub.core.verbs import verb
from carehub.models.identity import RegistrationKind
from carehub.models.practice import ConfirmationMode, Practitioner, Visibility
from carehub.models.tenancy import Site, Tenant
from carehub.services.booking.config import MANAGE, Choice, changed, to_minor
from carehub.services.booking.config_forms import PractitionerForm
from carehub.services.booking.policy import FeeKind
from carehub.services.booking.rules import BookingRules, booking_rules
from carehub.services.tenancy.plans import check_room_for_practitioner

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


def free_slug(session: Session, name: str) -> str:
    """The name as an address; numbered when another practitioner of the tenant has it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "profile"
    taken = set(session.scalars(select(col(Practitioner.slug)).where(col(Practitioner.slug).startswith(base))))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


@verb("settings.read|settings.manage")
def read_booking_rules(session: Session, actor: Actor) -> BookingRules:
    return booking_rules(
        session.scalar(select(col(Tenant.booking_rules)).where(col(Tenant.id) == actor.tenant_id)) or {}
    )


class FeeTooHigh(Invalid):
    key = "A fee is 100 percent of the price at most"


def _check_fee(kind: FeeKind, value: Decimal, currency: str, field: str) -> None:
    if kind == FeeKind.PERCENT and value > 100:
        raise FeeTooHigh(field=field)
    if kind == FeeKind.FIXED:
        to_minor(value, currency, field=field)


@verb("settings.manage")
def save_booking_rules(session: Session, actor: Actor, *, form: BookingRules) -> None:
    """The tenant's policy counts at once, for booked appointments too. Free times are computed again.

    Raises FeeTooHigh or TooPrecise at the fee's field.
    """
    currency = session.scalar(select(col(Tenant.currency)).where(col(Tenant.id) == actor.tenant_id)) or "EUR"
    faults = Faults()
    for kind, field in ((form.late_fee, "late_value"), (form.no_show_fee, "no_show_value")):
        with faults:
            _check_fee(kind, getattr(form, field), currency, field)
    faults.check()
    session.execute(
        update(Tenant)
        .where(col(Tenant.id) == actor.tenant_id)
        .values(booking_rules=form.model_dump(mode="json"))
        .execution_options(synchronize_session=False)
    )
    outbox.emit(session, "tenant.changed")
