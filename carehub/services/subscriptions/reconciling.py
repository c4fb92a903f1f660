"""The nightly comparison with Stripe: every subscription is looked at, whatever was told or not."""

import logging

from sqlalchemy import text

from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.services.subscriptions.driving import work

log = logging.getLogger(__name__)

_ALL = text("SELECT tenant_id FROM plan_subscription WHERE customer_ref <> '' ORDER BY tenant_id")
_STATES = text("SELECT tenant_id, state FROM plan_subscription WHERE customer_ref <> ''")


def reconcile_plans() -> int:
    """Bring every subscription up to date; how many had changed without our hearing of it. May run twice."""
    with unit_of_work(system(), Role.WORKER) as session:
        tenants = list(session.scalars(_ALL))
    before = _states()
    for tenant_id in tenants:
        if not work(tenant_id):
            log.warning("plan of %s was not compared with Stripe", tenant_id)
    after = _states()
    changed = [tenant_id for tenant_id, state in after.items() if before.get(tenant_id) != state]
    for tenant_id in changed:
        log.warning("plan of %s: %s became %s and nobody had told", tenant_id, before.get(tenant_id), after[tenant_id])
    return len(changed)


def _states() -> dict[object, str]:
    with unit_of_work(system(), Role.WORKER) as session:
        return {row.tenant_id: row.state for row in session.execute(_STATES)}
