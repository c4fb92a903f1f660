"""Payments by card, for every domain that asks for money: docs/decisions/0021-payments.md. DI-089, DI-091, CD-094..CD-096."""

from carehub.services.payments.accounts import accepts_cards
from carehub.services.payments.cards import cards_of
from carehub.services.payments.driving import lease_due, settle, work, work_due
from carehub.services.payments.starting import (
    cancel_payment,
    capture_payment,
    last_decline,
    left_of,
    lock_payment,
    payment_state,
    refund_payment,
    start_payment,
    step_again,
)
from carehub.services.payments.views import CardView, PaymentStep, PaymentView

__all__ = [
    "CardView",
    "PaymentStep",
    "PaymentView",
    "accepts_cards",
    "cancel_payment",
    "capture_payment",
    "cards_of",
    "last_decline",
    "lease_due",
    "left_of",
    "lock_payment",
    "payment_state",
    "refund_payment",
    "settle",
    "start_payment",
    "step_again",
    "work",
    "work_due",
]
