"""What stands in saved views about whoever saved them."""

from carehub.core.holdings import OF_PERSON, Holding, holds
from carehub.core.i18n import N_
from carehub.core.roles import Role

holds(
    Holding(
        "saved_view",
        N_("Saved views"),
        OF_PERSON,
        Role.WORKER,
        shown={"name": "t.name", "what": "t.query", "at": "t.created_at"},
    )
)
