"""What tests are made of: each function writes one thing with believable defaults and returns its row or id."""

import itertools
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.crypto import PERSONS, blind_index, encrypt
from carehub.core.db import perform, unit_of_work
from carehub.core.permissions import GRANTS, Module, TenantRole
from carehub.core.roles import Role
from carehub.models.identity import Person
from carehub.models.practice import AvailabilityRule, IntakeQuestion, Practitioner, Service, ServicePractitioner
from carehub.models.tenancy import Membership, Site, Tenant
from carehub.services import booking
from carehub.services.booking.views import BookedView, HoldView

_numbers = itertools.count(1)


def save(tenant_id: UUID | None, *rows: Any, role: Role = Role.APP) -> None:
    with unit_of_work(system(tenant_id), role) as session:
        for row in rows:
            session.add(row)
            session.flush()


def make_tenant(**values: Any) -> Tenant:
    n = next(_numbers)
    tenant = Tenant(**{"slug": f"tenant-{n}-{id(values) % 997}", "name": f"Tenant {n}", **values})
    save(None, tenant, role=Role.AUTH)
    return tenant


def make_person(email: str = "", **values: Any) -> Person:
    n = next(_numbers)
    email = email or f"person{n}-{id(values) % 997}@example.com"
    person = Person(
        **{
            "given_name": "Sofia",
            "family_name": f"Haddad {n}",
            "email": encrypt(PERSONS, "person.email", email),
            "email_index": blind_index(PERSONS, "person.email", email),
            "email_verified_at": clock.now(),
            **values,
        }
    )
    save(None, person, role=Role.AUTH)
    return person


def make_practitioner(tenant: Tenant, **values: Any) -> Practitioner:
    n = next(_numbers)
    defaults = {
        "slug": f"ines-{n}",
        "given_name": "Inès",
        "family_name": f"Belkacem {n}",
        "time_zone": tenant.time_zone,
        "visibility": "published",
    }
    practitioner = Practitioner(tenant_id=tenant.id, **{**defaults, **values})
    save(tenant.id, practitioner)
    return practitioner


def make_site(tenant: Tenant, **values: Any) -> Site:
    defaults = {"name": "Cabinet", "address": "12 rue Vendôme", "city": "Lyon", "latitude": 45.77, "longitude": 4.84}
    site = Site(tenant_id=tenant.id, **{**defaults, **values})
    save(tenant.id, site)
    return site


def make_service(tenant: Tenant, *practitioners: Practitioner, **values: Any) -> Service:
    defaults = {"name": "Séance", "duration_minutes": 45, "price_minor": 6200, "modes": ["in_person", "video"]}
    service = Service(tenant_id=tenant.id, **{"minimum_notice": 0, **defaults, **values})
    offers = [
        ServicePractitioner(tenant_id=tenant.id, service_id=service.id, practitioner_id=one.id) for one in practitioners
    ]
    save(tenant.id, service, *offers)
    return service


def make_hours(
    practitioner: Practitioner, *, starts: time = time(9), ends: time = time(12), weekdays: Iterable[int] = range(7)
) -> None:
    save(
        practitioner.tenant_id,
        *(
            AvailabilityRule(
                tenant_id=practitioner.tenant_id, practitioner_id=practitioner.id, weekday=day, starts=starts, ends=ends
            )
            for day in weekdays
        ),
    )


def make_question(service: Service, **values: Any) -> IntakeQuestion:
    question = IntakeQuestion(tenant_id=service.tenant_id, service_id=service.id, **{"label": "Why now?", **values})
    save(service.tenant_id, question)
    return question


def make_member(
    tenant: Tenant, role: TenantRole, *, person: Person | None = None, practitioner: Practitioner | None = None
) -> Actor:
    """A person on the tenant's staff; answers the actor that the guard would build."""
    person = person or make_person()
    member = Membership(
        tenant_id=tenant.id,
        person_id=person.id,
        role=role.value,
        practitioner_id=practitioner.id if practitioner else None,
    )
    save(tenant.id, member)
    return member_actor(tenant, person, role, practitioner)


def member_actor(tenant: Tenant, person: Person, role: TenantRole, practitioner: Practitioner | None = None) -> Actor:
    return Actor(
        person_id=person.id,
        name=f"{person.given_name} {person.family_name}",
        tenant_id=tenant.id,
        tenant=tenant.slug,
        role=role.value,
        practitioner_id=practitioner.id if practitioner else None,
        permissions=GRANTS[role],
        modules=frozenset(Module(name) for name in tenant.modules),
    )


def person_actor(person: Person) -> Actor:
    return Actor(person_id=person.id, name=f"{person.given_name} {person.family_name}")


def make_practice(**values: Any) -> tuple[Tenant, Practitioner, Service]:
    """A tenant with one practitioner who offers one service every morning."""
    tenant = make_tenant(**values)
    practitioner = make_practitioner(tenant)
    service = make_service(tenant, practitioner)
    make_hours(practitioner)
    return tenant, practitioner, service


def free_start(
    tenant: Tenant, practitioner: Practitioner, service: Service, *, days_ahead: int = 3, nth: int = 0
) -> datetime:
    """The nth free time of a coming day, as a visitor sees it."""
    first: date = (clock.now() + timedelta(days=days_ahead)).date()
    found = perform(
        booking.free_days,
        Actor(),
        tenant=tenant.slug,
        practitioner_id=practitioner.id,
        service_id=service.id,
        first=first,
        days=1,
    )
    return datetime.fromisoformat(found[0].slots[nth].starts_at)


def hold(actor: Actor, tenant: Tenant, practitioner: Practitioner, service: Service, start: datetime) -> HoldView:
    return perform(
        booking.hold_slot,
        actor,
        tenant=tenant.slug,
        practitioner_id=practitioner.id,
        service_id=service.id,
        starts_at=start,
    )


def book(
    actor: Actor, tenant: Tenant, practitioner: Practitioner, service: Service, *, days_ahead: int = 3, nth: int = 0
) -> BookedView:
    """An appointment as a client (or, for a visitor, a guest) makes one."""
    start = free_start(tenant, practitioner, service, days_ahead=days_ahead, nth=nth)
    kept = hold(actor, tenant, practitioner, service, start)
    form = booking.ClientForm(given_name="Nadia", family_name="Guest", email="nadia@example.com")
    return perform(booking.book, actor, tenant=tenant.slug, token=kept.token, form=form)
