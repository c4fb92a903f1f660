"""A house as a booking test sees it: one practice of `tests.factories` with its ids at hand, and actors of each kind."""

from dataclasses import dataclass, replace
from datetime import time
from typing import Any
from uuid import UUID

from carehub.core.actor import Actor
from carehub.core.ids import new_id
from carehub.core.permissions import TenantRole
from carehub.models.practice import Practitioner, Service, ServicePractitioner
from carehub.models.tenancy import Tenant
from tests import factories as make

WEEKDAYS = tuple(range(5))


@dataclass
class House:
    """One tenant with a practitioner who offers one service."""

    tenant: Tenant
    practitioner: Practitioner
    service: Service
    question_id: UUID | None = None

    @property
    def id(self) -> UUID:
        return self.tenant.id

    @property
    def slug(self) -> str:
        return self.tenant.slug

    @property
    def practitioner_id(self) -> UUID:
        return self.practitioner.id

    @property
    def practitioner_slug(self) -> str:
        return self.practitioner.slug

    @property
    def service_id(self) -> UUID:
        return self.service.id

    def staff(self, role: TenantRole = TenantRole.OWNER, *, own: bool = False) -> Actor:
        """A member of the house; `own`: the house's practitioner."""
        who = make.make_person(given_name="Inès", family_name="Belkacem")
        return make.make_member(self.tenant, role, person=who, practitioner=self.practitioner if own else None)


def person(*, given: str = "Sofia", family: str = "Haddad", locale: str = "fr") -> Actor:
    """A signed-in client with an account of their own."""
    email = f"{given}.{new_id().hex[-12:]}@example.com".lower()
    made = make.make_person(email, given_name=given, family_name=family, locale=locale, email_verified_at=None)
    return replace(make.person_actor(made), locale=locale)


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
    tenant = make.make_tenant(
        slug=f"house-{new_id().hex[-12:]}",
        name=name,
        country=country,
        time_zone=zone,
        phone="+33 1 44 55 66 77",
        booking_rules={"observe_holidays": False, **(rules or {})},
    )
    who = make.make_practitioner(
        tenant, **{"slug": "ines", "family_name": "Belkacem", "visibility": "published", **(practitioner or {})}
    )
    offer = make.make_service(tenant, who, **{"modes": ["in_person"], "slot_step": 45, **(service or {})})
    make.make_hours(who, starts=hours[0], ends=hours[1], weekdays=days)
    return House(tenant, who, offer)


def ask(made: House, *, required: bool = True, choices: tuple[str, ...] = ()) -> UUID:
    """An intake question of the house's service."""
    kind = "choice" if choices else "text"
    asked = {"label": "What brings you here?", "kind": kind, "choices": list(choices), "required": required}
    return make.make_question(made.service, **asked).id


def second_practitioner(made: House, *, slug: str = "karim") -> UUID:
    found = make.make_practitioner(
        made.tenant, slug=slug, given_name="Karim", family_name="Benali", visibility="published"
    )
    offered = ServicePractitioner(tenant_id=made.id, service_id=made.service_id, practitioner_id=found.id)
    make.save(made.id, offered)
    return found.id
