"""What payments hold of a person: amounts beside an id, and saved cards. Accounts are kept as the law demands."""

from carehub.core.holdings import PERSON, Holding, holds
from carehub.core.i18n import N_

_KEPT = N_("Accounts are kept as the law demands; the number in them names nobody once you are gone")

holds(
    Holding(
        "payment",
        N_("Payments by card"),
        f"t.person_id = {PERSON}",
        shown={
            "at": "t.created_at",
            "for": "t.description",
            "amount": "t.amount",
            "currency": "t.currency",
            "state": "t.status",
            "card": "t.paid_with",
        },
        kept=_KEPT,
    ),
    Holding(
        "payment_refund",
        N_("Refunds to your card"),
        f"EXISTS (SELECT FROM payment p WHERE p.tenant_id = t.tenant_id AND p.id = t.payment_id AND p.person_id = {PERSON})",
        shown={"at": "t.created_at", "amount": "t.amount", "reason": "t.reason", "state": "t.status"},
        kept=_KEPT,
    ),
    Holding(
        "payment_method",
        N_("Saved cards"),
        f"t.person_id = {PERSON}",
        shown={"brand": "t.brand", "last four digits": "t.last4", "until": "t.exp_month || '/' || t.exp_year"},
        order=1,
    ),
    Holding(
        "payment_customer",
        N_("Your customer's number at Stripe"),
        f"t.person_id = {PERSON}",
        shown={"number": "t.ref"},
        order=2,
    ),
)
