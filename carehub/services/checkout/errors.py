"""Why a payment is not made. Nothing was taken when one of these is raised."""

from carehub.core.errors import CareHubError, Invalid


class PriceChanged(CareHubError):
    key = "The price has changed meanwhile. Nothing was taken: look at it again"
    status = 409


class CheckoutOver(CareHubError):
    key = "This payment is over. Nothing more was taken: choose a time again"
    status = 409


class TimeLost(CareHubError):
    key = "The time is no longer kept for you. Nothing was taken: choose another one"
    status = 409


class CoinsInvalid(Invalid):
    key = "Choose a number of coins from 0 to {most}"


class NotCovered(CareHubError):
    key = "Your coins do not cover it, and this organisation takes no cards yet"
    status = 402


class PaymentDisputed(CareHubError):
    key = "The payer's bank has taken this payment back: it decides what becomes of it"
    status = 409


class MoreThanUnused(CareHubError):
    key = "{most} sessions of this package are not used"
    status = 409


class NothingToGiveBack(CareHubError):
    key = "Nothing was paid online for this appointment"
    status = 409
