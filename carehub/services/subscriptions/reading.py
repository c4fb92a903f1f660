"""The owner's page of the plan, in one reading; and what the console may know."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.verbs import verb
from carehub.models.subscriptions import PlanInvoice, PlanInvoiceState, PlanState, PlanSubscription
from carehub.models.tenancy import Addon, PlanCode, TenantPlan
from carehub.services.payments.rules import decline_label
from carehub.services.subscriptions.choosing import pays_plans
from carehub.services.subscriptions.contributions import Discount, discount_of
from carehub.services.subscriptions.rows import find, plan_row
from carehub.services.subscriptions.rules import BEGUN, GRACE, INVOICE_LABELS, LIVE, STATE_LABELS, addon_fits, sold
from carehub.services.subscriptions.views import (
    AddonView,
    InvoiceLine,
    InvoiceView,
    OfferView,
    PlanPage,
    SubscriptionView,
)
from carehub.services.tenancy.plans import ADDON_LABELS, ADDONS, PLAN_LABELS, PLANS, PlanView, read_plan

SHOWN = 24  # invoices of the page
ADDON_ABOUT = {
    Addon.TELECONSULTATION: N_("Receive people by video."),
    Addon.BI: N_("Figures of your own, and reports that come by themselves."),
    Addon.WHATSAPP: N_("Reminders by WhatsApp from your own number, for those who prefer it to SMS."),
    Addon.WHITE_LABEL: N_("A mobile app with your name and colours."),
}


@verb("settings.read")
def plan_page(session: Session, actor: Actor) -> PlanPage:
    """What the tenant has, uses, pays and may choose (SQ-125..128, SQ-131, MC-096, MC-097)."""
    assert actor.tenant_id is not None
    tenant_id = actor.tenant_id
    use, plan = read_plan(session, tenant_id), plan_row(session, tenant_id)
    row = find(session, tenant_id)
    hands_off = plan is None or plan.agreed
    return PlanPage(
        use=use,
        subscription=_subscription(session, row),
        offers=[_offer(one, use) for one in PlanCode],
        addons=_addons(use, plan, row),
        invoices=_invoices(session, tenant_id) if row is not None else [],
        discount=Discount() if hands_off else discount_of(session, tenant_id),
        can_pay=pays_plans(tenant_id) and not hands_off,
        hands_off=hands_off,
    )


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _subscription(session: Session, row: PlanSubscription | None) -> SubscriptionView:
    if row is None:
        return SubscriptionView(label=STATE_LABELS[PlanState.NONE], trial_open=True)
    now, state = clock.now(), PlanState(row.state)
    left = (row.trial_ends_at - now).total_seconds() if row.trial_ends_at else 0.0
    return SubscriptionView(
        state=state.value,
        label=STATE_LABELS[state],
        plan=row.plan,
        addons=sorted(row.addons),
        live=state in LIVE,
        trial_days=max(int(-(-left // 86400)), 0),
        trial_ends_at=_iso(row.trial_ends_at),
        trial_open=row.trial_used_at is None,
        period_ends_at=_iso(row.period_ends_at),
        cancels=row.cancels,
        card=row.card,
        next_minor=-1 if row.next_minor is None else row.next_minor,
        failed=row.past_due_since is not None,
        grace_ends_at=_iso(row.past_due_since + GRACE) if row.past_due_since else "",
        open_minor=_open(session, row.tenant_id) if state in BEGUN else 0,
        under_way=str(row.wanted.get("what") or ""),
        decline=decline_label(row.decline),
    )


def _open(session: Session, tenant_id: UUID) -> int:
    left = select(func.coalesce(func.sum(col(PlanInvoice.due_minor) - col(PlanInvoice.paid_minor)), 0)).where(
        col(PlanInvoice.tenant_id) == tenant_id, col(PlanInvoice.state) == PlanInvoiceState.OPEN
    )
    return int(session.scalar(left) or 0)


def _offer(code: PlanCode, use: PlanView) -> OfferView:
    plan = PLANS[code]
    return OfferView(
        code=code.value,
        label=PLAN_LABELS[code],
        price=-1 if plan.price_minor is None else plan.price_minor,
        practitioners=plan.practitioners or 0,
        patients=plan.patients or 0,
        texts=plan.texts or 0,
        mine=use.plan == code,
        asked=use.asked == code,
        sold=sold(code),
        over=plan.practitioners is not None and use.practitioners > plan.practitioners,
    )


def _addons(use: PlanView, plan: TenantPlan | None, row: PlanSubscription | None) -> list[AddonView]:
    """Those whose feature exists."""
    granted = plan.granted if plan is not None else []
    held = row.addons if row is not None and row.state in LIVE else []
    return [
        AddonView(
            code=one.value,
            label=ADDON_LABELS[one],
            about=ADDON_ABOUT[one],
            price=ADDONS[one].price_minor,
            held=one in held,
            included=use.plan == "" or use.plan in ADDONS[one].included,
            granted=one in granted,
        )
        for one in Addon
        if any(addon_fits(code, one) for code in PlanCode)
    ]


def _invoices(session: Session, tenant_id: UUID) -> list[InvoiceView]:
    rows = session.scalars(
        select(PlanInvoice)
        .where(col(PlanInvoice.tenant_id) == tenant_id)
        .order_by(col(PlanInvoice.issued_at).desc(), col(PlanInvoice.number).desc())
        .limit(SHOWN)
    )
    return [
        InvoiceView(
            id=str(one.id),
            number=one.number,
            state=one.state,
            label=INVOICE_LABELS[one.state],
            total=one.total_minor,
            currency=one.currency,
            issued_at=one.issued_at.isoformat(),
            paid_at=_iso(one.paid_at),
            next_attempt_at=_iso(one.next_attempt_at),
            lines=[InvoiceLine(label_of(line), line["amount"], line["proration"]) for line in one.lines],
        )
        for one in rows
    ]


def label_of(line: dict[str, str]) -> str:
    """A msgid of ours, or Stripe's own words."""
    return PLAN_LABELS.get(line["code"]) or ADDON_LABELS.get(line["code"]) or line["what"]


def access_invoice(session: Session, invoice_id: UUID) -> PlanInvoice:
    """Of the session's tenant. Raises NotFound."""
    found = session.scalar(select(PlanInvoice).where(col(PlanInvoice.id) == invoice_id))
    if found is None:
        raise NotFound
    return found
