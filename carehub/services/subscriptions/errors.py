"""What subscriptions refuse."""

from carehub.core.errors import CareHubError, Invalid


class PlansOff(CareHubError):
    """The platform has no Stripe account."""

    key = "Plans cannot be paid here yet. Ask for the one that you want: CareHub will write to you"
    status = 409


class PlanAgreed(CareHubError):
    key = "Your plan is as agreed with CareHub. Write to us to change it"
    status = 409


class NoSubscription(CareHubError):
    key = "There is no subscription to change"
    status = 409


class AlreadySubscribed(CareHubError):
    key = "You have a subscription already: change its plan"
    status = 409


class NotOffered(Invalid):
    """A plan without a price, an add-on that does not exist yet or that the plan holds already."""

    key = "This cannot be chosen with that plan"


class NothingChanges(Invalid):
    key = "This is what you have already"


class AmountChanged(CareHubError):
    """What was shown before confirming is no longer true."""

    key = "The amount has changed meanwhile. Look at it again, then confirm"
    status = 409


class PayFirst(CareHubError):
    key = "Pay the open invoice first: then your plan can be changed"
    status = 409


class NothingToPay(CareHubError):
    key = "Nothing is left to pay"
    status = 409
