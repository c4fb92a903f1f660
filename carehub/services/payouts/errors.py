"""Why nothing is paid out."""

from carehub.core.errors import CareHubError, Invalid


class IdentityNeeded(CareHubError):
    key = "Your identity must be checked before you are paid: add it under your profile's verification"
    status = 409


class BankNeeded(CareHubError):
    key = "Your bank account must be checked before you are paid: add it under your profile's verification"
    status = 409


class TaxNeeded(CareHubError):
    key = "Your tax status must be checked before you are paid: add it under your profile's verification"
    status = 409


class TooLittle(Invalid):
    key = "At least {least} {currency} are paid out at once"


class TooMuch(Invalid):
    key = "{most} {currency} can be paid out now"


class NotWhole(Invalid):
    key = "Coins are paid out whole: choose an amount that {coin} {currency} divides"


class WrongStep(CareHubError):
    key = "Someone has answered this meanwhile. Look at it again"
    status = 409


class OwnPayout(CareHubError):
    key = "Somebody else must approve what is paid to you"
    status = 403


class SecondNeeded(CareHubError):
    key = "A second person must approve this"
    status = 403


class NothingChosen(Invalid):
    key = "Choose approved payouts of one currency"


class NoAccountOfOurs(CareHubError):
    key = "Write your organisation's IBAN under the invoicing defaults first: the payment file needs it"
    status = 409


class NotByTransfer(CareHubError):
    key = "A SEPA file holds euros to IBANs only. Take the CSV file for this batch"
    status = 409


class RateInvalid(Invalid):
    key = "A rate is between 0 and 100 per cent"
