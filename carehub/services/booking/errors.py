"""Refusals of booking. SQ-154: each says what happened."""

from carehub.core.errors import CareHubError, Invalid, NotAllowed


class SlotTaken(CareHubError):
    """SQ-153: the slot is no longer free. The caller keeps its form and offers the nearest times."""

    key = "This time has just been taken"
    status = 409


class SlotNotOffered(CareHubError):
    """Past, too soon, too far, outside opening hours, or the service changed meanwhile."""

    key = "This time is not offered any more"
    status = 409


class HoldExpired(CareHubError):
    key = "The time to confirm has run out. Choose a time again"
    status = 410


class TooLate(CareHubError):
    key = "This can be changed online until {hours} hours before. Contact {tenant} directly"
    status = 409


class GuestsRefused(CareHubError):
    key = "Sign in to book here"
    status = 401


class NoNewClients(CareHubError):
    """The practitioner only receives people they know already."""

    key = "New {clients} are not accepted here at the moment"
    status = 409


class WrongState(CareHubError):
    """The appointment is not in a state that allows this."""

    key = "This appointment has changed meanwhile"
    status = 409


class AnswerMissing(Invalid):
    key = "Answer this question"


class PhoneInvalid(Invalid):
    key = "Check this phone number: it is not complete"


class EmailInvalid(Invalid):
    key = "Check this e-mail address"


class NameMissing(Invalid):
    key = "Fill in this field"


class NotYourAgenda(NotAllowed):
    key = "You may only change your own agenda"


class EndsBeforeStart(Invalid):
    key = "The end must come after the start"


class OverlapsRule(Invalid):
    key = "These hours overlap others of the same day"


class PaymentNeeded(CareHubError):
    """Nothing is booked yet: what it costs is agreed to first (services.checkout.begin)."""

    key = "Agree to the price first: this is paid when it is booked"
    status = 402
