"""Refusals of moderation."""

from carehub.core.errors import CareHubError, Invalid, NotAllowed


class AlreadyReported(CareHubError):
    key = "You have reported this page already: we are looking at it"
    status = 409


class WordsMissing(Invalid):
    key = "Say in a few words what is wrong"


class ReasonMissing(Invalid):
    key = "Say what they have to know: they read these words"


class OnlyProfilesHide(Invalid):
    key = "Only a profile is hidden from here: an organisation is suspended on its own page"


class OwnPage(NotAllowed):
    key = "Somebody else decides about what is your own, or what you reported"
