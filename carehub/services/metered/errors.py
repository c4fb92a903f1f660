"""Why a use is not paid."""

from carehub.core.errors import CareHubError, Invalid


class NotPriced(CareHubError):
    key = "This is not offered for coins"
    status = 409


class UseOver(CareHubError):
    key = "This is over: nothing more is taken"
    status = 409


class MinutesInvalid(Invalid):
    key = "Choose between {least} and {most} minutes"


class CoinsPerUseInvalid(Invalid):
    key = "Enter whole coins from 1 to 100000, or nothing when it is not offered"
