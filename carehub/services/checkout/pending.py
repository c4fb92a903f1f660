"""What a person still has to pay, in every organisation: unfinished bookings first, then invoices by their last day. DI-110, DI-120."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.permissions import SIGNED_IN
from carehub.core.verbs import verb
from carehub.services.billing.tokens import pay_token

MOST = 5
_CHECKOUTS = text("""
    SELECT c.id, t.name, c.expires_at FROM checkout c JOIN tenant t ON t.id = c.tenant_id
    WHERE c.person_id = :person AND c.state IN ('open', 'paying') AND c.expires_at > :now
    ORDER BY c.expires_at LIMIT :most""")
_INVOICES = text("""
    SELECT d.tenant_id, d.id, t.name, d.number, d.currency, d.due_on, d.due_minor - d.paid_minor - d.credited_minor AS owed
    FROM billing_document d JOIN tenant t ON t.id = d.tenant_id
    WHERE d.person_id = :person AND d.kind IN ('invoice', 'deposit') AND d.due_minor > d.paid_minor + d.credited_minor
    ORDER BY d.due_on NULLS LAST, d.id LIMIT :most""")


@dataclass(frozen=True)
class PendingView:
    """`kind`: checkout or invoice. `owed` in minor units, 0 where it is not known yet; `until` ISO; `late`: its day is over."""

    id: str
    kind: str
    tenant: str
    number: str
    owed: int
    currency: str
    until: str
    late: bool
    href: str


@verb(SIGNED_IN)
def my_pending(session: Session, actor: Actor) -> list[PendingView]:
    """At most MOST, the most pressing first."""
    now = clock.now()
    asked = {"person": actor.person_id, "now": now, "most": MOST}
    found = [
        PendingView(
            str(row.id), "checkout", row.name, "", 0, "", row.expires_at.isoformat(), False, f"/me/checkout/{row.id}"
        )
        for row in session.execute(_CHECKOUTS, asked)
    ]
    for row in session.execute(_INVOICES, asked):
        until = row.due_on.isoformat() if row.due_on else ""
        late = row.due_on is not None and row.due_on < now.date()
        href = f"/invoice/{pay_token(row.tenant_id, row.id)}"
        found.append(
            PendingView(str(row.id), "invoice", row.name, row.number, row.owed, row.currency, until, late, href)
        )
    return found[:MOST]
