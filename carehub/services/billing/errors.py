"""What billing refuses."""

from carehub.core.errors import CareHubError, Invalid


class Issued(CareHubError):
    key = "This document is issued: it stays as it is. Write a credit note to put it right"
    status = 409


class NotIssued(CareHubError):
    key = "This document is a draft still: issue it first"
    status = 409


class WrongDocument(CareHubError):
    key = "This cannot be done with this document"
    status = 409


class PaperLost(CareHubError):
    key = "The file of {number} cannot be read: tell who runs this installation, who has it in a backup"
    status = 500


class QuoteLapsed(CareHubError):
    key = "This quote could be accepted until {day}. Ask for a new one"
    status = 409


class QuoteAnswered(CareHubError):
    key = "This quote has been answered already"
    status = 409


class NothingToInvoice(Invalid):
    key = "Write at least one line with an amount"


class AmountTooLarge(Invalid):
    key = "This amount is too large"


class NegativeTotal(Invalid):
    key = "A document cannot ask for less than nothing: write a credit note"


class LegalDataMissing(Invalid):
    key = "Fill in your legal name and address under Settings, Organisation first: an invoice must carry them"


class BuyerMissing(Invalid):
    key = "Say for whom it is: a name and an address"


class TooMuchCredited(Invalid):
    key = "At most {amount} of this invoice can still be credited"


class TooMuchReceived(Invalid):
    key = "At most {amount} can be recorded for this invoice"


class InFuture(Invalid):
    key = "This day has not come yet"


class AlreadyInvoiced(CareHubError):
    key = "This appointment has an invoice already: {number}"
    status = 409


class NotYetInvoiced(CareHubError):
    key = "Only an appointment that is booked or done can be invoiced"
    status = 409


class LinesWrong(Invalid):
    key = "Line {n}: {what}"


class RateMissing(Invalid):
    key = "Choose why there is no tax, or a rate above zero"


class NoAddress(Invalid):
    key = "No e-mail address is known for this document"


class RemindedToday(CareHubError):
    key = "A reminder left today already"
    status = 409


class NothingDue(CareHubError):
    key = "Nothing is due for this document"
    status = 409


class NameNeeded(Invalid):
    key = "Write your name"


class PeriodTooLong(Invalid):
    key = "Choose a period of two years at most"
