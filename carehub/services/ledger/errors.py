"""What the ledger refuses."""

from carehub.core.errors import CareHubError, Invalid, NotAllowed


class NotEnoughCoins(CareHubError):
    key = "You have {have} coins of the {need} that this takes"
    status = 402


class BelowFloor(CareHubError):
    """A posting would leave less than nothing on an account that must not owe."""

    key = "There are fewer coins than that"
    status = 409


class HoldClosed(CareHubError):
    """It was captured, released or expired before: each hold is resolved once."""

    key = "This amount is no longer set aside"
    status = 409


class KeyReused(CareHubError):
    """The same idempotency key came with another request."""

    key = "This was already asked for in another way. Load the page again"
    status = 409


class MoreThanPaid(CareHubError):
    key = "At most {left} can be given back"
    status = 409


class AmountInvalid(Invalid):
    key = "Enter a whole number of one or more"


class ReasonMissing(Invalid):
    key = "Say why"


class SharesInvalid(Invalid):
    key = "The shares must be between 0 and 100 per cent together"


class SecondPersonNeeded(NotAllowed):
    key = "Somebody else must answer what you asked for"
