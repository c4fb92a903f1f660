"""Paying for an appointment or a package: coins, card or both, set aside first. DI-046, DI-064, MC-077, MC-145..147."""

from carehub.services.checkout.beginning import (
    begin,
    begin_package,
    change_code,
    change_session,
    offered_packages,
    read,
)
from carehub.services.checkout.paying import change_mind, pay
from carehub.services.checkout.pending import my_pending
from carehub.services.checkout.returning import give_back_sessions, package_sales
from carehub.services.checkout.settling import give_back
from carehub.services.checkout.shown import paid_with
from carehub.services.checkout.upkeep import end_all

__all__ = [
    "begin",
    "begin_package",
    "change_code",
    "change_mind",
    "change_session",
    "end_all",
    "give_back",
    "give_back_sessions",
    "my_pending",
    "offered_packages",
    "package_sales",
    "paid_with",
    "pay",
    "read",
]
