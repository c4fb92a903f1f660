"""When a renewal is refused: reminders in steps, then the free plan; and word before a trial ends. By the clock, each once."""

import logging
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock, outbox
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.models.subscriptions import PlanState
from carehub.services.subscriptions.applying import FAILED
from carehub.services.subscriptions.rows import find, locked, own_transaction, plan_row
from carehub.services.subscriptions.rules import GRACE, TRIAL_ENDS_SOON, reminders_due
from carehub.services.subscriptions.wanted import Wish, kept_wish

log = logging.getLogger(__name__)

TRIAL_ENDS = "plan.trial_ends"
_WAITING = text("""
    SELECT tenant_id FROM plan_subscription
    WHERE past_due_since IS NOT NULL OR (state = 'trialing' AND trial_ends_at < :soon)""")
_CLOSED = text("""
    SELECT s.tenant_id FROM plan_subscription s JOIN tenant t ON t.id = s.tenant_id
    WHERE t.status = 'closed' AND s.state IN ('trialing', 'active')""")


def remind_all() -> int:
    """Every tenant that has something to hear or whose time is over; how many were told. May run twice, or late."""
    with unit_of_work(system(), Role.WORKER) as session:
        waiting = session.scalars(_WAITING, {"soon": clock.now() + TRIAL_ENDS_SOON}).all()
        closed = session.scalars(_CLOSED).all()
    return sum(_remind(tenant_id) for tenant_id in waiting) + sum(_stop(tenant_id) for tenant_id in closed)


def _stop(tenant_id: UUID) -> bool:
    """Who closed the organisation pays no further month."""
    with own_transaction(tenant_id) as session:
        row = locked(session, tenant_id)
        if row.cancels or row.wanted.get("what") == "cancel":
            return False
        row.wanted, row.due_at = kept_wish(Wish("cancel", str(new_id()))), clock.now()
        return True


def _remind(tenant_id: UUID) -> bool:
    with own_transaction(tenant_id) as session:
        row, now = locked(session, tenant_id), clock.now()
        if row.past_due_since is not None:
            due = reminders_due(row.past_due_since, now)
            over = row.past_due_since + GRACE <= now
            if over and row.wanted.get("what") != "end":
                row.wanted, row.due_at = kept_wish(Wish("end", str(new_id()))), now
                return True
            if over or due <= row.told:
                return False
            row.told = due
            outbox.emit(session, FAILED, step=due, since=row.past_due_since.isoformat())
            return True
        soon = row.trial_ends_at is not None and now < row.trial_ends_at <= now + TRIAL_ENDS_SOON
        if row.state != PlanState.TRIALING or not soon or row.trial_told or row.cancels:
            return False
        row.trial_told = True
        assert row.trial_ends_at is not None
        outbox.emit(session, TRIAL_ENDS, ends=row.trial_ends_at.isoformat())
        return True


def end_agreed(session: Session, tenant_id: UUID) -> None:
    """The platform gave the tenant a plan by hand: a subscription that goes on beside it is ended, so that nobody pays twice."""
    if find(session, tenant_id) is None:
        return
    row, plan = locked(session, tenant_id), plan_row(session, tenant_id)
    if plan is None or not plan.agreed or not row.subscription_ref or row.state in (PlanState.CANCELED, PlanState.NONE):
        return
    row.wanted, row.due_at = kept_wish(Wish("end", str(new_id()))), clock.now()
    session.info["emitted"] = True
