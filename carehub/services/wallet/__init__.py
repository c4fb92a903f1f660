"""Coins as their owner and the organisation see them: bought, wished, given back. DI-088..DI-091, DI-099, DI-102, DI-103."""

from carehub.services.wallet.buying import buy_coins
from carehub.services.wallet.desk import (
    PAYMENTS,
    differences,
    give_coins,
    list_payments,
    return_coins,
    sales,
)
from carehub.services.wallet.reading import my_payment, my_places, my_purchases, my_wallet
from carehub.services.wallet.wishes import (
    choose_card,
    look_at_wallets,
    read_wishes,
    remove_card,
    save_new_card,
    save_wishes,
)

__all__ = [
    "PAYMENTS",
    "buy_coins",
    "choose_card",
    "differences",
    "give_coins",
    "list_payments",
    "look_at_wallets",
    "my_payment",
    "my_places",
    "my_purchases",
    "my_wallet",
    "read_wishes",
    "remove_card",
    "return_coins",
    "sales",
    "save_new_card",
    "save_wishes",
]
