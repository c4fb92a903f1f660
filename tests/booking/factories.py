"""A tenant with practitioners, services and hours, written as the administrator: fast, and free of the rules under test."""

import itertools
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from carehub.core.actor import Actor, system
from carehub.core.crypto import PERSONS, blind_index, encrypt
from carehub.core.db import unit_of_work
from carehub.core.ids import new_id
from carehub.core.permissions import DEFAULT_MODULES, GRANTS, TenantRole
from carehub.core.roles import Role
from carehub.models.identity import Person
from carehub.models.practice import AvailabilityRule, IntakeQuestion, Practitioner, Service, ServicePractitioner
from carehub.models.tenancy import Membership, Tenant

_numbers = itertools.count(1)
WEEKDAYS = tuple(range(5))


@dataclass
class House:
    """One tenant as a test sees it: its practitioner's and service's ids, and actors of each kind."""

    id: UUID
    slug: str
    practitioner_id: UUID = field(default_factory=new_id)
    service_id: UUID = field(default_factory=new_id)
    practitioner_slug: str = "ines"
    question_id: UUID | None = None

    def staff(self, role: TenantRole = TenantRole.OWNER, *, own: bool = False) -> Actor:
        """A member of the house; `own`: the house's practitioner."""
        who = person(given="Inès", family="Belkacem")
        member(self, who, role, own=own)
        return Actor(
            person_id=who.person_id,
            name=who.name,
            tenant_id=self.id,
            tenant=self.slug,
            role=role.value,
            practitioner_id=self.practitioner_id if own else None,
            permissions=GRANTS[role],
            modules=DEFAULT_MODULES,
        )


def add(table: Any, **values: Any) -> UUID:
    """Write one row as its tenant's staff (or as ch_auth, for what belongs to no tenant)."""
    values.setdefault("id", new_id())
    tenant = values.get("tenant_id")
    with unit_of_work(system(tenant), Role.APP if tenant else Role.AUTH) as session:
        session.execute(insert(table).values(**values))
    return UUID(str(values["id"]))


def person(*, given: str = "Sofia", family: str = "Haddad", locale: str = "fr") -> Actor:
    """A signed-in client with an account of their own."""
    number = next(_numbers)
    email = f"{given}.{number}.{new_id().hex[-8:]}@example.com".lower()
    found = add(
        Person,
        given_name=given,
        family_name=family,
        email=encrypt(PERSONS, "person.email", email),
        email_index=blind_index(PERSONS, "person.email", email),
        locale=locale,
    )
    return Actor(person_id=found, name=f"{given} {family}", locale=locale)


def house(
    *,
    zone: str = "Europe/Paris",
    country: str = "FR",
    hours: tuple[time, time] = (time(9), time(17)),
    days: tuple[int, ...] = WEEKDAYS,
    rules: dict[str, Any] | None = None,
    practitioner: dict[str, Any] | None = None,
    service: dict[str, Any] | None = None,
    name: str = "Cabinet Croix-Rousse",
) -> House:
    """A practice where Inès receives on `days` within `hours`, for 45-minute sessions at 62 EUR."""
    slug = f"house-{next(_numbers)}-{new_id().hex[-8:]}"
    made = House(id=new_id(), slug=slug)
    add(
        Tenant,
        id=made.id,
        slug=slug,
        name=name,
        country=country,
        time_zone=zone,
        phone="+33 1 44 55 66 77",
        booking_rules={"observe_holidays": False, **(rules or {})},
    )
    shown = {"given_name": "Inès", "family_name": "Belkacem", "time_zone": zone, **(practitioner or {})}
    add(Practitioner, tenant_id=made.id, id=made.practitioner_id, slug=made.practitioner_slug, **shown)
    offer = {"name": "Séance", "duration_minutes": 45, "price_minor": 6200, "modes": ["in_person"], "slot_step": 45}
    add(Service, tenant_id=made.id, id=made.service_id, **{**offer, "minimum_notice": 0, **(service or {})})
    add(
        ServicePractitioner,
        tenant_id=made.id,
        service_id=made.service_id,
        practitioner_id=made.practitioner_id,
    )
    for day in days:
        open_hours(made, day, *hours)
    return made


def open_hours(made: House, weekday: int, starts: time, ends: time) -> UUID:
    return add(
        AvailabilityRule,
        tenant_id=made.id,
        practitioner_id=made.practitioner_id,
        weekday=weekday,
        starts=starts,
        ends=ends,
    )


def ask(made: House, *, required: bool = True, choices: tuple[str, ...] = ()) -> UUID:
    """An intake question of the house's service."""
    kind = "choice" if choices else "text"
    return add(
        IntakeQuestion,
        tenant_id=made.id,
        service_id=made.service_id,
        label="What brings you here?",
        kind=kind,
        choices=list(choices),
        required=required,
    )


def second_practitioner(made: House, *, slug: str = "karim") -> UUID:
    found = add(
        Practitioner, tenant_id=made.id, slug=slug, given_name="Karim", family_name="Benali", time_zone="Europe/Paris"
    )
    add(ServicePractitioner, tenant_id=made.id, service_id=made.service_id, practitioner_id=found)
    return found


def member(made: House, who: Actor, role: TenantRole, *, own: bool = False) -> UUID:
    """Make a person staff of the house, so that the guard finds them there."""
    practitioner = made.practitioner_id if own else None
    return add(Membership, tenant_id=made.id, person_id=who.person_id, role=role.value, practitioner_id=practitioner)
