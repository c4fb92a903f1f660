"""What Stripe says becomes ours: the subscription, its invoices, the plan that the tenant has; each change tells its event once."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from carehub.core import clock, outbox
from carehub.core.bus import announce
from carehub.core.ids import new_id
from carehub.models.subscriptions import PlanInvoice, PlanState, PlanSubscription
from carehub.models.tenancy import PlanCode
from carehub.services.subscriptions.prices import coupon_percent
from carehub.services.subscriptions.rows import locked, plan_row
from carehub.services.subscriptions.rules import BEGUN, SeenInvoice, SeenPlan, plan_for
from carehub.services.subscriptions.wanted import Wish, read_wish

LOOK_AGAIN = timedelta(minutes=10)  # at a page that the owner has not finished: the webhook may never come
LOOK_LATER = timedelta(hours=6)
CHANGED, FAILED, RECOVERED, ENDED = "plan.changed", "plan.payment_failed", "plan.recovered", "plan.ended"
TOPIC = "plan"


def apply(session: Session, tenant_id: UUID, seen: SeenPlan, *, revision: int, tried: Wish | None) -> bool:
    """Take over what Stripe has, under the row's lock. Repeatable: what is known already tells nothing again.

    False when another answer was taken over since `revision`: this one may be older.
    """
    row = locked(session, tenant_id)
    if row.revision != revision:
        return False
    before, row.revision = PlanState(row.state), row.revision + 1
    row.state, row.subscription_ref, row.session_ref = seen.state.value, seen.ref, seen.session
    if seen.ref:
        row.plan, row.addons = seen.plan.value, list(seen.addons)
    row.trial_used_at = row.trial_used_at or seen.trial_started
    row.trial_ends_at = seen.trial_ends if seen.state == PlanState.TRIALING else None
    row.period_ends_at, row.cancels, row.card = seen.period_ends, seen.cancels, seen.card
    row.discount, row.next_minor = coupon_percent(seen.coupon), seen.next_minor
    row.attempts = 0
    _settle_wish(row, seen, tried)
    for one in seen.invoices:
        _keep_invoice(session, tenant_id, one)
    _follow_payment(session, row, before)
    _follow_plan(session, tenant_id, row, seen)
    row.due_at = _next_look(row, tried)
    announce(session, TOPIC)
    session.flush()
    return True


def _settle_wish(row: PlanSubscription, seen: SeenPlan, tried: Wish | None) -> None:
    """A wish that was done, refused, or can no longer be, is over. One that came meanwhile waits."""
    now = read_wish(row.wanted)
    if now is None or tried is None or now.key != tried.key:
        return
    row.decline = seen.decline
    waits = (tried.what == "begin" and seen.state not in BEGUN) or tried.what == "card"
    if not waits or seen.page_over:
        row.wanted = {}


def _keep_invoice(session: Session, tenant_id: UUID, one: SeenInvoice) -> None:
    values = {
        "number": one.number, "state": one.state, "total_minor": one.total, "due_minor": one.due, "paid_minor": one.paid,
        "discount_minor": one.discount, "currency": one.currency, "lines": one.lines, "from_at": one.start, "until_at": one.end,
        "issued_at": one.issued, "paid_at": one.paid_at, "next_attempt_at": one.next_attempt,
    }  # fmt: skip
    made = insert(PlanInvoice).values(tenant_id=tenant_id, id=new_id(), ref=one.ref, **values)
    session.execute(made.on_conflict_do_update(index_elements=["tenant_id", "ref"], set_=values))


def _follow_payment(session: Session, row: PlanSubscription, before: PlanState) -> None:
    """From a refused renewal to its payment, or to the end."""
    state = PlanState(row.state)
    if state in (PlanState.PAST_DUE, PlanState.UNPAID):
        if row.past_due_since is None:
            row.past_due_since, row.told = clock.now(), 1
            outbox.emit(session, FAILED, step=1, since=row.past_due_since.isoformat())
        return
    failed_before, row.past_due_since, row.told = row.past_due_since, None, 0
    if failed_before is not None and state == PlanState.ACTIVE:
        outbox.emit(session, RECOVERED, since=failed_before.isoformat())
    if state == PlanState.CANCELED and before in BEGUN:
        why = "unpaid" if failed_before is not None else "canceled"
        outbox.emit(session, ENDED, why=why, ref=row.subscription_ref)


def _follow_plan(session: Session, tenant_id: UUID, row: PlanSubscription, seen: SeenPlan) -> None:
    """The tenant has what it pays for, from now on. What was agreed by hand is the platform's alone."""
    plan = plan_row(session, tenant_id)
    if plan is None or plan.agreed or not seen.ref:
        return
    target, addons = plan_for(seen.state, PlanCode(row.plan)), row.addons if seen.live else []
    if (plan.plan, sorted(plan.addons)) == (target.value, sorted(addons)):
        return
    was = plan.plan
    if was != target:
        plan.plan, plan.since = target.value, clock.now()
    if plan.asked == target:
        plan.asked, plan.asked_at = "", None
    plan.addons = list(addons)
    outbox.emit(session, CHANGED, before=was, plan=target.value, revision=row.revision)


def _next_look(row: PlanSubscription, tried: Wish | None) -> datetime | None:
    """At once at what was decided while Stripe was asked; the night looks at all."""
    now, wish = clock.now(), read_wish(row.wanted)
    if wish is not None and (tried is None or wish.key != tried.key):
        return now
    if row.session_ref:
        return now + LOOK_AGAIN
    return now + LOOK_LATER if row.state in (PlanState.PAST_DUE, PlanState.INCOMPLETE) else None
