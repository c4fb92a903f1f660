"""What organisations pay CareHub for: plans and add-ons by Stripe subscriptions at the platform's own account.

docs/decisions/0024-plans-by-subscription.md. SQ-125..128, SQ-131, MC-096, MC-097, CD-097.
"""

from carehub.services.subscriptions.choosing import (
    cancel_plan,
    carry_out,
    change_card,
    change_plan,
    check_change,
    check_may_pay,
    pay_plan,
    preview_change,
    resume_plan,
    start_plan,
)
from carehub.services.subscriptions.driving import lease_due, settle, work, work_due
from carehub.services.subscriptions.dunning import remind_all
from carehub.services.subscriptions.reading import plan_page
from carehub.services.subscriptions.receipts import plan_receipt
from carehub.services.subscriptions.reconciling import reconcile_plans

__all__ = [
    "cancel_plan",
    "carry_out",
    "change_card",
    "change_plan",
    "check_change",
    "check_may_pay",
    "lease_due",
    "pay_plan",
    "plan_page",
    "plan_receipt",
    "preview_change",
    "reconcile_plans",
    "remind_all",
    "resume_plan",
    "settle",
    "start_plan",
    "work",
    "work_due",
]
