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
from carehub.services import statistics
from carehub.services.demo.answers import prepare_answers, write_answers
from carehub.services.demo.appointments import Rows, write_appointments
from carehub.services.demo.billing import write_billing
from carehub.services.demo.data import TenantData, clients, tenants
from carehub.services.demo.desk import write_questions, write_signals, write_words
from carehub.services.demo.earnings import write_earnings
from carehub.services.demo.names import address_of
from carehub.services.demo.offer import write_host, write_offer, write_tenant
from carehub.services.demo.paid import write_paid
from carehub.services.demo.people import SUPER_ADMIN, write_cards, write_patients, write_persons, write_staff
from carehub.services.demo.plans import write_subscription
from carehub.services.demo.portraits import write_logo, write_portraits
from carehub.services.demo.profiles import write_profiles
from carehub.services.demo.questions import write_paid_questions
from carehub.services.demo.reach import write_reach, write_texts
from carehub.services.demo.reports import write_reports
from carehub.services.demo.rights import write_rights
from carehub.services.demo.wallet import write_wallets
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
        write_reach(session, clients(), accounts)
        write_cards(session, clients(), accounts)
        for data in wanted:
            _write(session, data, accounts)
    staff.grant(address_of(SUPER_ADMIN.given, SUPER_ADMIN.family), PlatformRole.ADMIN)
    write_questions()
    write_signals()
    write_words()
    write_reports()
    statistics.count_all()
    return True


def _write(session: Session, data: TenantData, accounts: dict[str, UUID]) -> None:
    rng = random.Random(data.slug)  # noqa: S311 -- demo data: repeatable, nothing secret
    tenant_id = write_tenant(session, data)
    with tenant_scope(session, Role.APP, tenant_id):
        shop = write_offer(session, tenant_id, data, accounts)
        write_staff(session, shop, accounts)
        patients = write_patients(session, shop, rng, clients(), accounts)
        write_portraits(session, shop)
        if data.slug == "cabinet-rivage":  # the others show their initials
            write_logo(session, shop)
            write_host(session, shop)
        write_profiles(session, shop)
        rows = write_appointments(session, shop, rng, patients)
        answers = prepare_answers(session, shop, rows, rng)
        write_rights(session, shop, patients, accounts)
        write_billing(session, shop, rng, patients)
        projection.refresh_tenant(session)
        write_texts(session, shop, rng)
        write_subscription(session, data, tenant_id)
        write_wallets(session, shop, patients)
        write_paid(session, shop, rows.appointments, patients)
        write_earnings(session, shop, _owner_id(session, tenant_id))
        write_paid_questions(session, shop, patients)
        _tell_requests(session, rows)
    with tenant_scope(session, Role.CARE, tenant_id):
        write_answers(session, answers)


_OWNER = text("SELECT person_id FROM membership WHERE tenant_id = :tenant AND role = 'owner' ORDER BY id LIMIT 1")


def _owner_id(session: Session, tenant_id: UUID) -> UUID:
    return UUID(str(session.scalar(_OWNER, {"tenant": tenant_id})))


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
