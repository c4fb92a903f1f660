"""What wallets hold of a person: purchases, which the law keeps, and wishes."""

from carehub.core.holdings import PERSON, Holding, holds
from carehub.core.i18n import N_

_KEPT = N_("Accounts are kept as the law demands; the number in them names nobody once you are gone")
_OWN = f"t.person_id = {PERSON}"

holds(
    Holding(
        "coin_purchase",
        N_("Coins that you bought"),
        _OWN,
        shown={
            "at": "t.created_at",
            "coins": "t.coins",
            "price_minor": "t.price_minor",
            "currency": "t.currency",
            "state": "t.state",
        },
        kept=_KEPT,
    ),
    Holding(
        "wallet_settings",
        N_("Wishes of your wallet"),
        _OWN,
        shown={"below": "t.alert_below", "by itself": "t.top_up", "coins": "t.top_up_coins"},
    ),
)
