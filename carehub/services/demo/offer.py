"""A demo tenant's offer: itself, its sites, services, practitioners and their hours."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.ids import new_id
from carehub.models.hosts import TenantDomain
from carehub.models.identity import RegistrationKind
from carehub.models.practice import (
    AvailabilityException,
    AvailabilityRule,
    IntakeQuestion,
    Practitioner,
    Service,
    ServicePractitioner,
    Visibility,
)
from carehub.models.tenancy import Site, Tenant, TenantPlan
from carehub.services.booking.rules import Exceptional, Offer, Schedule, WeeklyRule, public_holidays
from carehub.services.demo.data import PractitionerData, ServiceData, TenantData
from carehub.services.demo.names import slug_of
from carehub.services.demo.plans import plan_of_demo
from carehub.services.demo.weeks import WEEKS, exceptions

COLOURS = 8


@dataclass(frozen=True)
class Shop:
    """A tenant's ids by key, for what is written after it."""

    id: UUID
    data: TenantData
    sites: dict[str, UUID]
    services: dict[str, UUID]
    practitioners: dict[str, UUID]  # by "Given|Family"

    def service(self, key: str) -> ServiceData:
        return next(one for one in self.data.services if one.key == key)


def write_tenant(session: Session, data: TenantData) -> UUID:
    """As ch_auth: only sign-up makes tenants."""
    tenant_id = new_id()
    values = data.model_dump(
        exclude={"registration", "patients", "names", "sites", "services", "practitioners", "members", "booking"}
    )
    session.execute(insert(Tenant).values(id=tenant_id, booking_rules=data.booking, **values))
    session.execute(insert(TenantPlan).values(tenant_id=tenant_id, id=new_id(), asked="", **plan_of_demo(data)))
    return tenant_id


def write_offer(session: Session, tenant_id: UUID, data: TenantData, accounts: dict[str, UUID]) -> Shop:
    """In the tenant, as ch_app. `accounts` are persons by "Given|Family"."""
    shop = Shop(
        tenant_id,
        data,
        {one.key: new_id() for one in data.sites},
        {one.key: new_id() for one in data.services},
        {one.name: new_id() for one in data.practitioners},
    )
    session.execute(insert(Site), [_site(shop, index) for index in range(len(data.sites))])
    session.execute(insert(Service), [_service(shop, place, one) for place, one in enumerate(data.services)])
    session.execute(insert(IntakeQuestion), _questions(shop))
    rows = [_practitioner(shop, place, one, accounts) for place, one in enumerate(data.practitioners)]
    session.execute(insert(Practitioner), rows)
    session.execute(insert(ServicePractitioner), _offered(shop))
    session.execute(insert(AvailabilityRule), _rules(shop))
    session.execute(insert(AvailabilityException), _exceptions(shop))
    return shop


def write_host(session: Session, shop: Shop) -> None:
    """The practice has asked for an address of its own; its domain says nothing yet."""
    session.add(TenantDomain(tenant_id=shop.id, host=f"rendez-vous.{shop.data.slug}.example", token=shop.id.hex))
    session.flush()


def _site(shop: Shop, index: int) -> dict[str, Any]:
    site = shop.data.sites[index]
    own = {"tenant_id": shop.id, "id": shop.sites[site.key], "country": shop.data.country, "phone": shop.data.phone}
    return {**site.model_dump(exclude={"key"}), **own}


def _service(shop: Shop, place: int, one: ServiceData) -> dict[str, Any]:
    return {
        "tenant_id": shop.id,
        "id": shop.services[one.key],
        "name": one.name,
        "names": one.names,
        "description": one.description,
        "duration_minutes": one.duration,
        "price_minor": one.price,
        "modes": one.modes,
        "buffer_before": one.before,
        "buffer_after": one.after,
        "minimum_notice": one.notice,
        "horizon_days": one.horizon,
        "daily_cap": one.cap,
        "slot_step": one.step,
        "position": place if one.position is None else one.position,
    }


def _questions(shop: Shop) -> list[dict[str, Any]]:
    return [
        {"tenant_id": shop.id, "service_id": shop.services[one.key], "position": place, **question.model_dump()}
        for one in shop.data.services
        for place, question in enumerate(one.questions)
    ]


def _practitioner(shop: Shop, place: int, one: PractitionerData, accounts: dict[str, UUID]) -> dict[str, Any]:
    count, mean = one.rating
    kind = shop.data.registration
    return {
        "tenant_id": shop.id,
        "id": shop.practitioners[one.name],
        "person_id": accounts.get(one.name),
        "slug": slug_of(one.given, one.family),
        "honorific": one.honorific,
        "given_name": one.given,
        "family_name": one.family,
        "headline": one.headline,
        "biography": one.biography,
        "specialities": one.specialities,
        "languages": one.languages,
        "registration_kind": kind,
        "registration_number": registration_number(kind, one.name),
        "practising_since": one.since,
        "colour": place % COLOURS + 1,
        "site_id": shop.sites[one.site],
        "time_zone": shop.data.time_zone,
        "confirmation": one.confirmation,
        "accepts_new": one.accepts_new,
        "visibility": Visibility.PUBLISHED,
        "rating_sum": round(count * mean),
        "rating_count": count,
        "position": place,
    }


def registration_number(kind: RegistrationKind, name: str) -> str:
    """Made up, with a right check digit: 11 figures for RPPS, 14 for SIRET, nothing for the rest."""
    length = {RegistrationKind.RPPS: 11, RegistrationKind.SIRET: 14}.get(kind, 0)
    if not length:
        return ""
    rng = random.Random(f"{kind} {name}")  # noqa: S311 -- demo data: repeatable, nothing secret
    body = "1" + "".join(str(rng.randrange(10)) for _ in range(length - 2))
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return body + str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def _offered(shop: Shop) -> list[dict[str, Any]]:
    return [
        {
            "tenant_id": shop.id,
            "service_id": shop.services[key],
            "practitioner_id": shop.practitioners[one.name],
            "price_minor": one.prices.get(key),
        }
        for one in shop.data.practitioners
        for key in one.services
    ]


def _rules(shop: Shop) -> list[dict[str, Any]]:
    return [
        {
            "tenant_id": shop.id,
            "practitioner_id": shop.practitioners[one.name],
            "weekday": hours.weekday,
            "starts": hours.starts,
            "ends": hours.ends,
            "modes": hours.modes,
            "site_id": shop.sites[one.site],
        }
        for one in shop.data.practitioners
        for hours in WEEKS[one.week]
    ]


def _exceptions(shop: Shop) -> list[dict[str, Any]]:
    today, data = clock.today(shop.data.time_zone), shop.data
    return [
        {
            "tenant_id": shop.id,
            "practitioner_id": shop.practitioners[one.name],
            "kind": found.kind,
            "starts": found.starts,
            "ends": found.ends,
            "reason": found.reason,
        }
        for place, one in enumerate(data.practitioners)
        for found in exceptions(place, today=today, country=data.country, locale=data.locale)
    ]


def schedule_of(shop: Shop, place: int, today: date) -> Schedule:
    """The same hours as the rows above, for the planner."""
    data = shop.data
    one = data.practitioners[place]
    weekly = (
        WeeklyRule(hours.weekday, hours.starts, hours.ends, None if hours.modes is None else tuple(hours.modes))
        for hours in WEEKS[one.week]
    )
    special = (
        Exceptional(found.kind == "open", found.starts, found.ends)
        for found in exceptions(place, today=today, country=data.country, locale=data.locale)
    )
    closed = frozenset().union(*(public_holidays(data.country, today.year + step) for step in (-1, 0, 1)))
    return Schedule(data.time_zone, tuple(weekly), tuple(special), closed)


def offer_of(one: ServiceData) -> Offer:
    return Offer(
        duration=one.duration,
        step=one.step or one.duration,
        buffer_before=one.before,
        buffer_after=one.after,
        minimum_notice=one.notice,
        horizon_days=one.horizon,
        daily_cap=one.cap,
        modes=tuple(one.modes),
    )
