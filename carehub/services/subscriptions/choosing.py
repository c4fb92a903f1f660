"""What an owner decides about the organisation's subscription. Each verb writes what is wanted; `driving.settle` has Stripe do it.

Money is committed here: nobody who stands in for a member may do it.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.integrations import stripe
from carehub.integrations.stripe import StripeTrouble
from carehub.models.subscriptions import PlanState, PlanSubscription
from carehub.models.tenancy import Addon, PlanCode, TenantPlan
from carehub.services.payments.accounts import PLATFORM, key_of
from carehub.services.payments.errors import PaymentsDown, PaymentsOff
from carehub.services.subscriptions import asking
from carehub.services.subscriptions.driving import Settled, read_order, settle
from carehub.services.subscriptions.errors import (
    AlreadySubscribed,
    AmountChanged,
    NoSubscription,
    NothingChanges,
    NothingToPay,
    NotOffered,
    PayFirst,
    PlanAgreed,
    PlansOff,
)
from carehub.services.subscriptions.rows import books, find, locked, plan_row
from carehub.services.subscriptions.rules import BEGUN, LIVE, addon_fits, at, kept_addons, monthly, sold
from carehub.services.subscriptions.views import ChangePreview
from carehub.services.subscriptions.wanted import What, Wish, kept_wish
from carehub.services.tenancy.plans import PLAN_LABELS, PLANS, practitioners_in

MANAGE = "settings.manage"
SHOWN_FOR = timedelta(minutes=30)  # that a preview may be confirmed
UNPAID = frozenset({PlanState.PAST_DUE, PlanState.UNPAID, PlanState.INCOMPLETE})


def pays_plans(tenant_id: UUID) -> bool:
    """Whether the platform takes cards for plans."""
    try:
        key_of(tenant_id, PLATFORM)
    except PaymentsOff:
        return False
    return True


def _plan_row(session: Session, actor: Actor) -> TenantPlan:
    """Raises PlansOff, PlanAgreed: there is nothing here for the owner to pay."""
    actor.check_itself()
    assert actor.tenant_id is not None
    if not pays_plans(actor.tenant_id):
        raise PlansOff
    row = plan_row(session, actor.tenant_id)
    if row is None or row.agreed:
        raise PlanAgreed
    return row


def _check_choice(plan: PlanCode, addons: Iterable[Addon]) -> list[str]:
    """The add-ons in one order. Raises NotOffered."""
    if not sold(plan):
        raise NotOffered(field="plan")
    if not all(addon_fits(plan, one) for one in addons):
        raise NotOffered(field="addons")
    return kept_addons(plan, [one.value for one in addons])


def _wish(session: Session, tenant_id: UUID, what: What, *, soon: bool = True, **more: object) -> None:
    """`soon`: the worker does it too, when the owner's own page does not live to do it."""
    with books(session, tenant_id):
        row = locked(session, tenant_id)
        wish = Wish(what, str(new_id()), **more)  # type: ignore[arg-type]
        row.wanted, row.decline = kept_wish(wish), ""
        row.due_at = clock.now() if soon else row.due_at
        session.flush()
    session.info["emitted"] = soon or session.info.get("emitted", False)


def _path(actor: Actor) -> str:
    return f"/api/w/{actor.tenant}/plan/pay"


@verb(MANAGE)
def start_plan(session: Session, actor: Actor, *, plan: PlanCode, addons: list[Addon]) -> str:
    """Subscribe: the address, to be opened as a whole page, that leads to Stripe's. The first time a trial of 14 days comes before
    the first payment, once per tenant. SQ-126, SQ-127, SQ-131, MC-096, CD-097.

    Raises NotOffered, AlreadySubscribed, PlanAgreed, PlansOff, NotWhileImpersonating.
    """
    _plan_row(session, actor)
    assert actor.tenant_id is not None
    chosen = _check_choice(plan, addons)
    row = find(session, actor.tenant_id)
    if row is not None and row.state in BEGUN:
        raise AlreadySubscribed
    trial = row is None or row.trial_used_at is None
    _wish(session, actor.tenant_id, "begin", soon=False, plan=plan.value, addons=chosen, trial=trial)
    return _path(actor)


def _live(session: Session, actor: Actor) -> PlanSubscription:
    """Raises NoSubscription."""
    _plan_row(session, actor)
    assert actor.tenant_id is not None
    row = find(session, actor.tenant_id)
    if row is None or row.state not in BEGUN:
        raise NoSubscription
    return row


def _changeable(session: Session, actor: Actor, plan: PlanCode, addons: list[Addon]) -> list[str]:
    row, chosen = _live(session, actor), _check_choice(plan, addons)
    if row.state in UNPAID:
        raise PayFirst
    if row.state not in LIVE:
        raise NoSubscription
    if (row.plan, sorted(row.addons)) == (plan.value, chosen) and not row.cancels:
        raise NothingChanges(field="plan")
    return chosen


@verb(MANAGE)
def check_change(session: Session, actor: Actor, *, plan: PlanCode, addons: list[Addon]) -> ChangePreview:
    """What is known of a change without asking Stripe: its monthly price, and how many more work there than the plan holds (they
    stay: only newcomers are refused). Raises NotOffered, NoSubscription, PayFirst, NothingChanges, PlanAgreed, PlansOff."""
    chosen = _changeable(session, actor, plan, addons)
    assert actor.tenant_id is not None
    most = PLANS[plan].practitioners
    over = max(practitioners_in(session, actor.tenant_id) - most, 0) if most is not None else 0
    return ChangePreview(
        plan=plan.value, label=PLAN_LABELS[plan], addons=chosen, monthly=monthly(plan, chosen), over=over,
        at=int(clock.now().timestamp()),
    )  # fmt: skip


def preview_change(actor: Actor, *, plan: PlanCode, addons: list[Addon]) -> ChangePreview:
    """`check_change` with the amounts that Stripe would ask for today and at the next renewal. No verb: Stripe is never asked within
    a transaction. Raises what `check_change` does, and PaymentsDown."""
    known = perform(check_change, actor, plan=plan, addons=addons)
    assert actor.tenant_id is not None
    order = read_order(actor.tenant_id)
    try:
        moment = asking.now_at(stripe.account(order.key), order) or known.at
        seen = asking.preview(stripe.account(order.key), order, known.plan, known.addons, moment)
    except StripeTrouble as error:
        raise PaymentsDown from error
    ends = at(seen.next_at)
    amounts = {"today": seen.today, "credit": seen.credit, "next": seen.next, "at": moment}
    return ChangePreview(**{**vars(known), **amounts, "next_at": ends.isoformat() if ends else ""})


@verb(MANAGE)
def change_plan(session: Session, actor: Actor, *, plan: PlanCode, addons: list[Addon], counted_at: int) -> None:
    """Another plan or other add-ons, at the amounts that `preview_change` showed: its `at` is repeated. What is due today is paid at
    once or nothing changes; what was paid too much is credited. Limits follow at once; a smaller plan takes nobody away.

    Raises AmountChanged when the preview is old, and what `check_change` raises.
    """
    chosen = _changeable(session, actor, plan, addons)
    assert actor.tenant_id is not None
    if not stripe.has_test_clocks() and abs(clock.now().timestamp() - counted_at) > SHOWN_FOR.total_seconds():
        raise AmountChanged
    _wish(session, actor.tenant_id, "change", plan=plan.value, addons=chosen, at=counted_at)


@verb(MANAGE)
def cancel_plan(session: Session, actor: Actor) -> None:
    """End when what is paid (or the trial) ends: the free plan follows, and all data stays. Raises NoSubscription, PlanAgreed."""
    row = _live(session, actor)
    assert actor.tenant_id is not None
    _wish(session, actor.tenant_id, "end" if row.state in UNPAID else "cancel")


@verb(MANAGE)
def resume_plan(session: Session, actor: Actor) -> None:
    """Go on after all, as long as the period runs. Raises NoSubscription, PlanAgreed."""
    _live(session, actor)
    assert actor.tenant_id is not None
    _wish(session, actor.tenant_id, "resume")


@verb(MANAGE)
def change_card(session: Session, actor: Actor) -> str:
    """Another card: the address that leads to Stripe's page. It then pays what is open at once. Raises NoSubscription, PlanAgreed."""
    _live(session, actor)
    assert actor.tenant_id is not None
    _wish(session, actor.tenant_id, "card", soon=False)
    return _path(actor)


@verb(MANAGE)
def pay_plan(session: Session, actor: Actor) -> None:
    """Have the card pay what a renewal left open. Raises NothingToPay, NoSubscription, PlanAgreed."""
    row = _live(session, actor)
    assert actor.tenant_id is not None
    if row.state not in UNPAID:
        raise NothingToPay
    _wish(session, actor.tenant_id, "pay")


@verb(MANAGE)
def check_may_pay(_session: Session, actor: Actor) -> None:
    """Who may be led to Stripe's page. Raises NotWhileImpersonating."""
    actor.check_itself()


def carry_out(actor: Actor, *, begin: bool = False) -> Settled:
    """Have Stripe do what was decided, now. No verb: Stripe is never asked within a transaction. Raises PaymentsDown: it is done
    later by itself."""
    perform(check_may_pay, actor)
    assert actor.tenant_id is not None
    return settle(actor.tenant_id, begin=begin)
