"""A tenant with one practitioner who receives on weekdays, made by what the product itself writes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from carehub.core import clock
from carehub.core.actor import VISITOR, system
from carehub.core.db import perform, unit_of_work
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.models.practice import AvailabilityRule, Practitioner, Service, ServicePractitioner
from carehub.models.tenancy import Site, Tenant
from carehub.services.directory import projection
from carehub.services.directory.criteria import Criteria
from carehub.services.directory.search import search
from carehub.services.directory.views import Found

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass
class Published:
    tenant_id: UUID
    tenant: str
    id: UUID
    slug: str
    service_id: UUID

    def change(self, **values: object) -> None:
        with unit_of_work(system(self.tenant_id), Role.APP) as session:
            row = session.get_one(Practitioner, (self.tenant_id, self.id))
            for name, value in values.items():
                setattr(row, name, value)
            session.flush()
            projection.refresh_practitioner(session, self.id)


Publish = Callable[..., Published]


@pytest.fixture(autouse=True)
def _monday(worker_database: str) -> Any:
    with clock.travel(MONDAY):
        yield


@pytest.fixture
def publish() -> Publish:
    return _publish


def _publish(
    *,
    given: str = "Inès",
    family: str = "Belkacem",
    specialities: tuple[str, ...] = ("psychologist",),
    city: str = "Lyon",
    at: tuple[float, float] = (45.76, 4.835),
    price: int = 6200,
    currency: str = "EUR",
    zone: str = "Europe/Paris",
    modes: tuple[str, ...] = ("in_person",),
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4),
    tenant: dict[str, object] | None = None,
    service: dict[str, object] | None = None,
    **practitioner: object,
) -> Published:
    number = next(_numbers)
    slug = f"house-{new_id().hex[-8:]}-{number}"
    made = Tenant(slug=slug, name=f"House {number}", currency=currency, time_zone=zone, city=city, **(tenant or {}))
    with unit_of_work(system(), Role.AUTH) as session:
        session.add(made)
    with unit_of_work(system(made.id), Role.APP) as session:
        site = Site(
            tenant_id=made.id, name="Here", address="12 rue Vendôme", city=city, latitude=at[0], longitude=at[1]
        )
        named = {"name": "Session", **(service or {})}
        offer = Service(tenant_id=made.id, duration_minutes=45, price_minor=price, modes=list(modes), **named)
        session.add_all([site, offer])
        session.flush()
        who = Practitioner(
            tenant_id=made.id,
            slug=f"someone-{number}",
            given_name=given,
            family_name=family,
            specialities=list(specialities),
            site_id=site.id,
            time_zone=zone,
            **{"languages": ["fr"], "works_on_holidays": True, "visibility": "published", **practitioner},
        )
        session.add(who)
        session.flush()
        session.add(ServicePractitioner(tenant_id=made.id, service_id=offer.id, practitioner_id=who.id))
        for day in weekdays:
            rule = {"weekday": day, "starts": time(9), "ends": time(12)}
            session.add(AvailabilityRule(tenant_id=made.id, practitioner_id=who.id, **rule))
        session.flush()
        projection.refresh_practitioner(session, who.id)
    return Published(made.id, slug, who.id, who.slug, offer.id)


def find(**wishes: Any) -> Found:
    return perform(search, VISITOR, asked=Criteria(**wishes))


def names(**wishes: Any) -> list[str]:
    return [hit.name for hit in find(**wishes).hits]
