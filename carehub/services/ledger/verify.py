"""Proof that the books are right: `carehub ledger verify`, and the console's figure of drift."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.services.ledger.writing import books


@dataclass(frozen=True)
class Drift:
    """One thing that is wrong. `by` is how far it is off, in units of the account's currency."""

    what: str  # unbalanced, balance, chain, floor, held, hold
    subject: UUID  # the transaction, account or hold
    by: int


# Each gives (what, subject, by) for whatever is wrong, and nothing when all is right.
_CHECKS = (
    """SELECT 'unbalanced', transaction_id, sum(amount) FROM ledger_entry WHERE tenant_id = :tenant
       GROUP BY transaction_id HAVING sum(amount) <> 0 OR count(DISTINCT currency) <> 1 OR count(*) < 2""",
    """SELECT 'unbalanced', t.id, 0 FROM ledger_transaction t WHERE t.tenant_id = :tenant
       AND NOT EXISTS (SELECT FROM ledger_entry e WHERE e.tenant_id = t.tenant_id AND e.transaction_id = t.id)""",
    """SELECT 'balance', a.id, a.balance - coalesce(e.total, 0) FROM ledger_account a
       LEFT JOIN (SELECT account_id, sum(amount) AS total FROM ledger_entry WHERE tenant_id = :tenant GROUP BY 1) e ON e.account_id = a.id
       WHERE a.tenant_id = :tenant AND a.balance <> coalesce(e.total, 0)""",
    # the balances written beside the entries are the balance's own history, without a gap or a fork
    """SELECT 'chain', account_id, count(*) FROM (
         SELECT account_id, balance_after - amount AS before FROM ledger_entry WHERE tenant_id = :tenant
         EXCEPT ALL
         (SELECT account_id, balance_after FROM ledger_entry WHERE tenant_id = :tenant
          UNION ALL SELECT id, 0 FROM ledger_account WHERE tenant_id = :tenant)) AS broken GROUP BY account_id""",
    """SELECT 'floor', id, balance - floor FROM ledger_account WHERE tenant_id = :tenant AND balance < floor""",
    """SELECT 'held', a.id, a.balance - coalesce(h.total, 0) FROM ledger_account a
       LEFT JOIN (SELECT held_id, sum(amount) AS total FROM ledger_hold WHERE tenant_id = :tenant AND state = 'open' GROUP BY 1) h
         ON h.held_id = a.id
       WHERE a.tenant_id = :tenant AND a.kind = 'held' AND a.balance <> coalesce(h.total, 0)""",
    """SELECT 'hold', h.id, h.amount FROM ledger_hold h WHERE h.tenant_id = :tenant AND (
         (SELECT count(*) FROM ledger_transaction t WHERE t.tenant_id = h.tenant_id AND t.key IN ('capture:' || h.id, 'release:' || h.id))
         <> CASE WHEN h.state = 'open' THEN 0 ELSE 1 END
         OR h.amount <> (SELECT sum(part) FROM unnest(h.amounts) AS part))""",
)


def verify(session: Session) -> list[Drift]:
    """Everything that does not add up in the session's tenant; an empty list proves that all does."""
    with books(session) as tenant_id:
        return [
            Drift(what, subject, int(by))
            for check in _CHECKS
            for what, subject, by in session.execute(text(check), {"tenant": tenant_id})
        ]
