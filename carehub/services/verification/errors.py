"""Why a claim or a document is not taken."""

from carehub.core.errors import CareHubError, Invalid


class KindUnknown(Invalid):
    key = "This cannot be verified in the country of your organisation"


class DocumentMissing(Invalid):
    key = "Add a document first: nobody could check it"


class DocumentsFull(CareHubError):
    key = "A claim holds {most} documents: take one away first"
    status = 409


class DocumentWrong(Invalid):
    key = "Choose a PDF or a picture (JPEG, PNG or WebP) that opens"


class AlreadyWaiting(CareHubError):
    key = "It was sent already and waits for its answer"
    status = 409


class OwnersOnly(CareHubError):
    key = "Only an owner of the organisation opens these documents"
    status = 403


class ReasonMissing(Invalid):
    key = "Say why, in words that help: they are sent"


class DayWrong(Invalid):
    key = "Choose a day within the next ten years"


class OwnClaim(CareHubError):
    key = "Someone else decides on what is yours"
    status = 403
