"""A small practice, made through the models."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import SQLModel

from carehub.core import clock, outbox
from carehub.core.actor import system
from carehub.core.crypto import PERSONS, blind_index, encrypt, forget_keys
from carehub.core.db import unit_of_work
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.models.booking import Appointment, AppointmentProposal, Patient
from carehub.models.identity import Person
from carehub.models.notify import Delivery, Notification
from carehub.models.practice import Practitioner, Service
from carehub.models.tenancy import Membership, Site, Tenant
from carehub.services.notify import handlers

assert handlers.APPOINTMENT_EVENTS  # importing registers them

SOON = timedelta(days=5)


@dataclass(frozen=True)
class House:
    """Ids of one tenant with a practitioner who has an account and a service of 50 minutes."""

    tenant_id: UUID
    slug: str
    practitioner_id: UUID
    practitioner_person: UUID
    service_id: UUID


def add(role: Role, tenant_id: UUID | None, *rows: SQLModel) -> None:
    with unit_of_work(system(tenant_id), role) as session:
        for row in rows:
            session.add(row)
            session.flush()


def person(name: str, *, locale: str = "fr") -> UUID:
    made = new_id()
    given, _, family = name.partition(" ")
    email = f"{made.hex}@example.com"
    row = Person(
        id=made,
        given_name=given,
        family_name=family,
        email=encrypt(PERSONS, "person.email", email),
        email_index=blind_index(PERSONS, "person.email", email),
        locale=locale,
    )
    add(Role.AUTH, None, row)
    return made


def house(*, accent: str = "#0f6b5c") -> House:
    """Keys are read anew: each test's database has its own."""
    forget_keys()
    tenant_id, slug = new_id(), f"t-{new_id().hex[-12:]}"
    who = person("Inès Belkacem")
    tenant = Tenant(
        id=tenant_id, slug=slug, name="Cabinet Croix-Rousse", accent=accent, email="desk@example.com", city="Lyon"
    )
    add(Role.AUTH, None, tenant)
    site = Site(tenant_id=tenant_id, name="Cabinet", address="3 rue Dumont", postcode="69004", city="Lyon")
    practitioner = Practitioner(
        tenant_id=tenant_id, person_id=who, slug="ines", given_name="Inès", family_name="Belkacem", site_id=site.id,
        visibility="published",
    )  # fmt: skip
    service = Service(
        tenant_id=tenant_id, name="Séance individuelle", duration_minutes=50, price_minor=6000, modes=["in_person"]
    )
    staff = Membership(tenant_id=tenant_id, person_id=who, role="practitioner", practitioner_id=practitioner.id)
    add(Role.APP, tenant_id, site, practitioner, service, staff)
    return House(tenant_id, slug, practitioner.id, who, service.id)


def patient(at: House, name: str = "Julie Moreau", *, locale: str = "fr", account: UUID | None = None) -> UUID:
    given, _, family = name.partition(" ")
    made = new_id()
    row = Patient(
        tenant_id=at.tenant_id,
        id=made,
        person_id=account,
        given_name=given,
        family_name=family,
        email=encrypt(at.tenant_id, "patient.email", f"{made.hex}@example.com"),
        locale=locale,
    )
    add(Role.APP, at.tenant_id, row)
    return made


def appointment(
    at: House,
    patient_id: UUID,
    *,
    status: str = "booked",
    starts_at: datetime | None = None,
    account: UUID | None = None,
) -> UUID:
    made = new_id()
    starts = starts_at or (clock.now() + SOON).replace(microsecond=0)
    row = Appointment(
        tenant_id=at.tenant_id,
        id=made,
        practitioner_id=at.practitioner_id,
        service_id=at.service_id,
        patient_id=patient_id,
        person_id=account,
        status=status,
        mode="in_person",
        starts_at=starts,
        ends_at=starts + timedelta(minutes=50),
        local_start=clock.to_local(starts, "Europe/Paris").replace(tzinfo=None),
        time_zone="Europe/Paris",
        price_minor=6000,
        currency="EUR",
    )
    add(Role.APP, at.tenant_id, row)
    return made


def propose(at: House, appointment_id: UUID, starts_at: datetime) -> None:
    ends = starts_at + timedelta(minutes=50)
    row = AppointmentProposal(tenant_id=at.tenant_id, appointment_id=appointment_id, starts_at=starts_at, ends_at=ends)
    add(Role.APP, at.tenant_id, row)


def change(at: House, appointment_id: UUID, **values: Any) -> None:
    with unit_of_work(system(at.tenant_id), Role.APP) as session:
        row = session.get_one(Appointment, (at.tenant_id, appointment_id))
        for name, value in values.items():
            setattr(row, name, value)
        row.sequence += 1


def emit(at: House, kind: str, appointment_id: UUID, *, by: str = "client", **more: str) -> UUID:
    """As the booking domain does."""
    with unit_of_work(system(at.tenant_id), Role.APP) as session:
        row = session.get_one(Appointment, (at.tenant_id, appointment_id))
        facts = {
            "appointment_id": str(appointment_id),
            "practitioner_id": str(row.practitioner_id),
            "by": by,
            "starts_at": row.starts_at.isoformat(),
        }
        return outbox.emit(session, f"appointment.{kind}", **facts, **more)


def happen(at: House, kind: str, appointment_id: UUID, *, by: str = "client", **more: str) -> None:
    """Emit and handle."""
    emit(at, kind, appointment_id, by=by, **more)
    outbox.drain()


def deliveries(at: House, **narrow: str) -> list[Delivery]:
    with unit_of_work(system(at.tenant_id), Role.APP) as session:
        found = session.scalars(select(Delivery).order_by(Delivery.due_at, Delivery.dedupe_key)).all()
        session.expunge_all()
    return [one for one in found if all(getattr(one, name) == value for name, value in narrow.items())]


def entries(at: House, person_id: UUID) -> list[Notification]:
    with unit_of_work(system(at.tenant_id), Role.APP) as session:
        query = select(Notification).where(Notification.person_id == person_id).order_by(Notification.id)
        found = list(session.scalars(query))
        session.expunge_all()
    return found


def clear(at: House) -> None:
    with unit_of_work(system(at.tenant_id), Role.APP) as session:
        session.execute(delete(Delivery))


def at_noon(day: int) -> datetime:
    return datetime(2026, 11, day, 11, 0, tzinfo=UTC)
