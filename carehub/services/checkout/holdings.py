"""What paying holds of a person: numbers beside an id, and for some minutes the form that waits for its payment."""

from carehub.core.holdings import OF_PERSON, Holding, holds
from carehub.core.i18n import N_

_KEPT = N_("Accounts are kept as the law demands; the number in them names nobody once you are gone")
_SERVICE = "(SELECT s.name FROM service s WHERE s.tenant_id = t.tenant_id AND s.id = t.service_id)"

holds(
    Holding(
        "checkout",
        N_("What you paid online"),
        OF_PERSON,
        shown={
            "at": "t.created_at",
            "service": _SERVICE,
            "price_minor": "t.price_minor",
            "currency": "t.currency",
            "paid_minor": "t.kept_minor",
            "state": "t.state",
            "form": "t.form",
        },
        sealed={"form": "checkout.form"},
        blank={"form": "NULL"},
    ),
    Holding(
        "package_session",
        N_("Sessions that you bought"),
        OF_PERSON,
        shown={"at": "t.created_at", "service": _SERVICE, "state": "t.state", "until": "t.expires_at"},
        kept=_KEPT,
    ),
)
