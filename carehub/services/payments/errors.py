"""What payments refuse."""

from carehub.core.errors import CareHubError, Invalid


class PaymentsOff(CareHubError):
    """Neither the organisation nor the platform has a Stripe account."""

    key = "Payments by card are not set up here yet"
    status = 409


class PaymentsDown(CareHubError):
    key = "The payment service does not answer. Nothing was charged twice: try again in a moment"
    status = 503


class PaymentAmountInvalid(Invalid):
    key = "This amount cannot be paid by card"


class PaymentClosed(CareHubError):
    """Capture of what was not authorised, refund of what was not paid, another amount for what is paid already."""

    key = "This payment can no longer be changed that way"
    status = 409


class MoreThanCaptured(CareHubError):
    key = "At most {left} can be refunded"
    status = 409


class PaymentUnderWay(CareHubError):
    """An earlier payment of the same thing, with another amount, is with the bank."""

    key = "A payment for this is under way. Wait a moment, then load the page again"
    status = 409
