"""What paid uses hold of a person: numbers beside an id."""

from carehub.core.holdings import OF_PERSON, Holding, holds
from carehub.core.i18n import N_
from carehub.core.roles import Role

_KEPT = N_("Accounts are kept as the law demands; the number in them names nobody once you are gone")

holds(
    Holding(
        "paid_message",
        N_("Messages that you paid"),
        OF_PERSON,
        shown={"at": "t.created_at", "amount": "t.coins", "state": "t.state"},
        blank={"client_name": "''"},
    ),
    Holding(
        "message_text",
        N_("Your questions and their answers"),
        OF_PERSON,
        Role.CARE,
        shown={"at": "t.created_at", "kind": "t.side", "text": "t.body"},
        sealed={"text": "message.body"},
        care=True,
    ),
    Holding(
        "paid_call",
        N_("Calls that you paid"),
        OF_PERSON,
        shown={"at": "t.created_at", "minutes": "t.minutes", "amount": "t.coins", "state": "t.state"},
        kept=_KEPT,
    ),
)
