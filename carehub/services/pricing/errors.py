"""Why a code or a price is refused."""

from carehub.core.errors import CareHubError, Invalid


class CodeUnknown(Invalid):
    key = "This code does not exist here"


class CodeOver(Invalid):
    key = "This code is not valid on that day"


class CodeElsewhere(Invalid):
    key = "This code is for another service"


class CodeUsed(Invalid):
    key = "This code has been used as often as it may be"


class CodeForFirst(Invalid):
    key = "This code is for a first appointment here"


class CodeTaken(Invalid):
    key = "Another code is written like this one"


class CodeMalformed(Invalid):
    key = "A code has 3 to 30 letters, digits or dashes"


class TakesNothing(Invalid):
    key = "Say either a percentage or an amount"


class HoursInvalid(Invalid):
    key = "It must end after it begins, on one weekday at least"


class NotOffered(CareHubError):
    key = "This is not offered any more"
    status = 409
