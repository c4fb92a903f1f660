"""Reminders of appointments that came without an event (imports, demo data) or whose tenant changed its rules."""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.services.notify import rules
from carehub.services.notify.facts import read_facts, read_tenant
from carehub.services.notify.plan import plan_reminders, rules_of

log = logging.getLogger(__name__)

MARGIN = timedelta(minutes=15)  # more than the schedule's interval: nothing becomes due between two rounds
_TENANTS = text("SELECT id FROM tenant WHERE status = 'active' ORDER BY id")
_COMING = text("""
    SELECT a.id FROM appointment a
    WHERE a.status = 'booked' AND a.starts_at > :now AND a.starts_at <= :until
      AND (:again OR NOT EXISTS (
        SELECT FROM delivery d WHERE d.tenant_id = a.tenant_id AND d.appointment_id = a.id AND d.event = :event
          AND d.status <> 'withdrawn'))
    ORDER BY a.starts_at""")


def plan_tenant(session: Session, *, again: bool = False) -> int:
    """Plan what is missing for the coming appointments of the session's tenant. `again`: look at those that have reminders too."""
    table = [rule for rule in rules_of(session).values() if rule.event == rules.REMINDER and rule.enabled]
    longest = max((offset for rule in table for offset in rule.offsets), default=0)
    if not longest:
        return 0
    tenant = read_tenant(session, UUID(session.info["tenant"]))
    until = clock.now() + timedelta(minutes=longest) + MARGIN
    coming = session.scalars(
        _COMING, {"now": clock.now(), "until": until, "again": again, "event": rules.REMINDER}
    ).all()
    found = (read_facts(session, appointment_id) for appointment_id in coming)
    return sum(plan_reminders(session, facts, tenant, table) for facts in found if facts is not None)


def plan_all() -> int:
    """Every tenant in its own transaction: one that fails does not keep the others' reminders back."""
    with unit_of_work(system(), Role.WORKER) as session:
        tenants = list(session.scalars(_TENANTS))
    planned = 0
    for tenant_id in tenants:
        try:
            with unit_of_work(system(tenant_id), Role.APP) as session:
                planned += plan_tenant(session)
        except SQLAlchemyError as error:
            log.warning("reminders of %s were not planned: %s", tenant_id, type(error).__name__)
    return planned
