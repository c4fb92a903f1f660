"""Refusals of data rights."""

from carehub.core.errors import CareHubError, Invalid


class AskedAlready(CareHubError):
    key = "You have asked for this already. You find it below"
    status = 409


class TooManyRequests(CareHubError):
    key = "Five requests are open there already. Wait for an answer"
    status = 409


class SayWhat(Invalid):
    key = "Say what it is about"


class SayWhy(Invalid):
    key = "Say why: the person reads it"


class AnsweredAlready(CareHubError):
    key = "This request was answered or withdrawn meanwhile"
    status = 409


class StaffOfPlatform(CareHubError):
    key = "You work for the platform: give that up first"
    status = 409


class StillExpected(CareHubError):
    key = "People still have appointments with you. Have them moved or cancelled first"
    status = 409


class ExportWaits(CareHubError):
    key = "A copy is being made already. It takes a few minutes"
    status = 409


class ExportOver(CareHubError):
    key = "This copy is no longer kept. Ask for a new one"
    status = 410


class BelowTheMinimum(Invalid):
    key = "The law asks for at least {months} months"


class NothingWritten(Invalid):
    key = "Write the text first"


class NoFile(CareHubError):
    key = "Nothing is kept here about this person any more"
    status = 409
