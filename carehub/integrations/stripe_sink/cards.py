"""Stripe's test cards: what the bank says to each number. Any date to come and any code will do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bank:
    """`decline`: the code of a refusal. `asks`: the holder confirms ("once": not again once the card is saved; "always")."""

    brand: str = "visa"
    decline: str = ""
    asks: str = ""
    dispute: bool = False


CARDS: dict[str, Bank] = {
    "4242424242424242": Bank(),
    "5555555555554444": Bank("mastercard"),
    "378282246310005": Bank("amex"),
    "4000000000000002": Bank(decline="generic_decline"),
    "4000000000009995": Bank(decline="insufficient_funds"),
    "4000000000000069": Bank(decline="expired_card"),
    "4000000000000127": Bank(decline="incorrect_cvc"),
    "4000000000000341": Bank(decline="late"),  # can be saved; every payment with it is refused
    "4000002500003155": Bank(asks="once"),
    "4000002760003184": Bank(asks="always"),
    "4000000000000259": Bank(dispute=True),
}
NAMED = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_createDispute": "4000000000000259",
}


def decline_of(number: str, *, saving: bool = False) -> str:
    """The code of the bank's refusal; empty when it agrees."""
    found = CARDS.get(number)
    if found is None:
        return "incorrect_number"
    if found.decline == "late":
        return "" if saving else "generic_decline"
    return found.decline


def must_confirm(number: str, *, saved: bool) -> bool:
    found = CARDS.get(number, Bank())
    return found.asks == "always" or (found.asks == "once" and not saved)
