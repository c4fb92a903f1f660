"""What wallets refuse."""

from carehub.core.errors import CareHubError, Invalid


class CoinsNumberInvalid(Invalid):
    key = "Choose a number of coins from {least} to {most}"


class CoinPriceChanged(CareHubError):
    key = "The price of coins has changed meanwhile. Nothing was taken: look at it again"
    status = 409


class WalletOff(CareHubError):
    key = "This organisation does not work with coins"
    status = 403


class NothingToReturn(CareHubError):
    key = "At most {most} coins of this purchase can be given back"
    status = 409


class CardNeeded(Invalid):
    key = "Save a card first: coins are bought with it by themselves"
