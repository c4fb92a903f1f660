"""What time alone changes: the free hours of a day that ends, and starts that came too near."""

import logging
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.db import perform, tenant_scope, unit_of_work
from carehub.core.permissions import SYSTEM
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.services.directory import projection

log = logging.getLogger(__name__)

_TENANTS = text("SELECT id FROM tenant WHERE id <> '00000000-0000-0000-0000-000000000000' ORDER BY id")
_OFFERED_FROM = "(cast(:now AS timestamptz) + e.notice_minutes * interval '1 minute')"
_STALE = text(f"SELECT DISTINCT tenant_id FROM directory_entry e WHERE e.next_free < {_OFFERED_FROM}")  # noqa: S608
_ROLL = text(f"""
    UPDATE directory_entry e SET next_free = (
        SELECT min(start) FROM day_slots d CROSS JOIN LATERAL unnest(d.starts) AS start
        WHERE d.tenant_id = e.tenant_id AND d.practitioner_id = e.id AND start >= {_OFFERED_FROM})
    WHERE e.next_free < {_OFFERED_FROM}""")  # noqa: S608


@verb(SYSTEM)
def roll_over(session: Session, _actor: Actor) -> int:
    """Move each entry's next free start past the starts that are no longer offered. Every five minutes. Answers how many tenants moved."""
    tenants = session.scalars(_STALE, {"now": clock.now()}).all()
    for tenant_id in tenants:
        with tenant_scope(session, Role.APP, tenant_id):
            session.execute(_ROLL, {"now": clock.now()})
    return len(tenants)


@verb(SYSTEM)
def _tenant_ids(session: Session, _actor: Actor) -> list[UUID]:
    return list(session.scalars(_TENANTS).all())


def refresh_all() -> int:
    """Rebuild the whole projection, a transaction a tenant: each night, and after a restore. Answers how many are published.

    A tenant that fails is logged and keeps its rows of the day before.
    """
    shown = 0
    for tenant_id in perform(_tenant_ids, system()):
        try:
            with unit_of_work(system(tenant_id), Role.APP) as session:
                shown += projection.refresh_tenant(session)
        except Exception:
            log.exception("directory of tenant %s not rebuilt", tenant_id)
    return shown
