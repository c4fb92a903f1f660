"""Loads the demo: five tenants, in one transaction, once."""

import random
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import outbox
from carehub.core.actor import system
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.permissions import PlatformRole
from carehub.core.roles import Role
from carehub.services.demo.answers import prepare_answers, write_answers
from carehub.services.demo.appointments import Rows, write_appointments
from carehub.services.demo.data import TenantData, clients, tenants
from carehub.services.demo.names import address_of
from carehub.services.demo.offer import write_offer, write_tenant
from carehub.services.demo.people import SUPER_ADMIN, write_patients, write_persons, write_staff
from carehub.services.demo.portraits import write_portraits
from carehub.services.directory import projection
from carehub.services.platform import staff

LOCK = 0x_DE_30  # two starts at once seed once


def seed() -> bool:
    """Load the five demo tenants. False, and nothing done, when one of them is there already.

    The same people and hours on every machine; appointments stand around the present day.
    """
    wanted = tenants()
    with unit_of_work(system(), Role.AUTH) as session:
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        slugs = [one.slug for one in wanted]
        if session.scalar(text("SELECT 1 FROM tenant WHERE slug = ANY(:slugs) LIMIT 1"), {"slugs": slugs}):
            return False
        accounts = write_persons(session, wanted, clients())
        for data in wanted:
            _write(session, data, accounts)
    staff.grant(address_of(SUPER_ADMIN.given, SUPER_ADMIN.family), PlatformRole.ADMIN)
    return True


def _write(session: Session, data: TenantData, accounts: dict[str, UUID]) -> None:
    rng = random.Random(data.slug)  # noqa: S311 -- demo data: repeatable, nothing secret
    tenant_id = write_tenant(session, data)
    with tenant_scope(session, Role.APP, tenant_id):
        shop = write_offer(session, tenant_id, data, accounts)
        write_staff(session, shop, accounts)
        patients = write_patients(session, shop, rng, clients(), accounts)
        write_portraits(session, shop)
        rows = write_appointments(session, shop, rng, patients)
        answers = prepare_answers(session, shop, rows, rng)
        projection.refresh_tenant(session)
        _tell_requests(session, rows)
    with tenant_scope(session, Role.CARE, tenant_id):
        write_answers(session, answers)


def _tell_requests(session: Session, rows: Rows) -> None:
    """Unanswered requests go the way of real ones: the practitioner's centre and the demo's mailbox fill up."""
    for appointment_id, practitioner_id, starts_at in rows.waiting:
        outbox.emit(
            session,
            "appointment.requested",
            appointment_id=str(appointment_id),
            practitioner_id=str(practitioner_id),
            by="client",
            starts_at=starts_at.isoformat(),
        )
