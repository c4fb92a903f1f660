"""The cancellation policy: what cancelling late, and not coming, costs. Pure."""

import enum
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from carehub.core.i18n import N_
from carehub.core.money import digits


class FeeKind(enum.StrEnum):
    NONE = "none"
    PERCENT = "percent"  # of the price
    FIXED = "fixed"  # in the tenant's currency


FEE_LABELS: dict[str, Any] = {
    FeeKind.NONE: N_("No fee"),
    FeeKind.PERCENT: N_("A percentage of the price"),
    FeeKind.FIXED: N_("A fixed amount"),
}


class OwnPrepay(enum.StrEnum):
    """What the organisation asks when a service of no rule of its own is booked (practice.Prepay)."""

    NONE = "none"
    DEPOSIT = "deposit"
    FULL = "full"


PREPAY_LABELS: dict[str, Any] = {
    OwnPrepay.NONE: N_("Nothing"),
    OwnPrepay.DEPOSIT: N_("A deposit"),
    OwnPrepay.FULL: N_("The whole price"),
}


def kept_minor(
    kind: str, *, by: str, hours_before: float, free_hours: int, late_minor: int, no_show_minor: int, paid_minor: int
) -> int | None:
    """What the organisation keeps of what was paid, once an appointment is `fulfilled`, `noshow`, `cancelled` or `declined`;
    None: nothing is decided by that. Never more than was paid (DI-046, DI-064)."""
    match kind:
        case "fulfilled":
            return paid_minor
        case "noshow":
            return min(no_show_minor, paid_minor)
        case "declined":
            return 0
        case "cancelled":
            return min(late_minor, paid_minor) if by == "client" and hours_before < free_hours else 0
    return None


def fee_minor(kind: FeeKind, value: Decimal, price_minor: int, currency: str) -> int:
    """What the cancellation policy asks, in minor units; half a unit is rounded up."""
    if kind == FeeKind.NONE:
        return 0
    exact = price_minor * value / 100 if kind == FeeKind.PERCENT else value.scaleb(digits(currency))
    return int(exact.to_integral_value(ROUND_HALF_UP))
