"""Super-admins give plans by hand: what was agreed. What is paid by subscription is services.subscriptions'."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.tenancy import PlanCode, TenantPlan
from carehub.services.platform.telling import tell
from carehub.services.platform.tenants import MANAGE, access_tenant
from carehub.services.platform.visits import clean_reason

GIVEN = "plan.given"


@verb(MANAGE, role=Role.PLATFORM)
def set_plan(session: Session, _actor: Actor, *, tenant_id: UUID, plan: PlanCode, reason: str) -> None:
    """Give a tenant a plan as agreed (SQ-125..128): it counts until another is given, and a subscription beside it ends at once. The
    free plan gives the choice back to the owner. A smaller one takes nothing away: only what would be added is refused.

    Raises NotFound or, at the field, ReasonNeeded.
    """
    clean_reason(reason)
    access_tenant(session, tenant_id)
    now: datetime = clock.now()
    agreed = plan is not PlanCode.FREE
    given = {"plan": plan.value, "since": now, "asked": "", "agreed": agreed}
    fresh = insert(TenantPlan).values(tenant_id=tenant_id, id=new_id(), **given)
    session.execute(fresh.on_conflict_do_update(index_elements=["tenant_id"], set_={**given, "asked_at": None}))
    tell(session, tenant_id, GIVEN, plan=plan.value)
