"""The audit log's seal: rows are hashed in batches, each batch chained to the one before, so that no change goes unseen."""

from dataclasses import dataclass

from sqlalchemy import text

from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role

BATCH = 5_000
_SEAL = text("SELECT audit_seal(:most)")
_CHECK = text("SELECT batch, ok FROM audit_check() ORDER BY batch")
_LAST = text("SELECT encode(hash, 'hex') FROM audit_seal ORDER BY batch DESC LIMIT 1")


@dataclass(frozen=True)
class Verdict:
    """`broken` names the batches whose rows, hash or link do not hold; `last` is the newest hash, to be kept elsewhere."""

    batches: int
    broken: tuple[int, ...]
    last: str


def seal_all() -> int:
    """Seal everything not sealed yet, a batch a transaction. Answers how many rows."""
    total = 0
    while True:
        with unit_of_work(system(), Role.WORKER) as session:
            sealed = session.scalar(_SEAL, {"most": BATCH}) or 0
        total += sealed
        if sealed < BATCH:
            return total


def verify() -> Verdict:
    """Compute every sealed batch again (CD-130). Changes nothing."""
    with unit_of_work(system(), Role.WORKER) as session:
        rows = session.execute(_CHECK).all()
        last = session.scalar(_LAST) or ""
    return Verdict(len(rows), tuple(row.batch for row in rows if not row.ok), last)
