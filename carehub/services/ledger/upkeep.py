"""What the schedule does to the books: holds that nobody resolved, bonus coins that ended. Each runs twice without harm."""

import logging
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import CareHubError
from carehub.core.permissions import SYSTEM
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.ledger import AccountKind
from carehub.services.ledger.errors import HoldClosed
from carehub.services.ledger.verify import Drift, verify
from carehub.services.ledger.writing import Leg, books, post, release

log = logging.getLogger(__name__)
BATCH = 500

_LAPSED = text("""
    SELECT tenant_id, id FROM ledger_hold WHERE state = 'open' AND expires_at <= :now ORDER BY expires_at LIMIT :batch""")
_ENDED = text("""
    SELECT tenant_id, id FROM ledger_account WHERE kind = 'bonus' AND balance > 0 AND expires_at <= :now LIMIT :batch""")


def expire_all() -> int:
    """Give lapsed holds back and end bonus lots, each in a transaction of its own; how many it was."""
    done = 0
    for found, expire in ((_LAPSED, _expire_hold), (_ENDED, _expire_lot)):
        with unit_of_work(system(), Role.WORKER) as session:
            due = session.execute(found, {"now": clock.now(), "batch": BATCH}).all()
        for tenant_id, subject in due:
            try:
                expire(system(tenant_id), subject)
                done += 1
            except CareHubError as error:  # somebody resolved it meanwhile
                log.info("not expired: %s", type(error).__name__)
    return done


def _expire_hold(actor: Actor, hold_id: UUID) -> None:
    perform(expire_hold, actor, hold_id=hold_id)


def _expire_lot(actor: Actor, account_id: UUID) -> None:
    perform(expire_lot, actor, account_id=account_id)


@verb(SYSTEM, role=Role.MONEY)
def expire_hold(session: Session, _actor: Actor, *, hold_id: UUID) -> None:
    """Raises HoldClosed when it was captured meanwhile."""
    release(session, hold_id, expired=True)


_LOT = text("""
    SELECT a.owner_id, a.balance, (SELECT transaction_id FROM ledger_entry e WHERE e.tenant_id = a.tenant_id AND e.account_id = a.id
        ORDER BY transaction_id DESC LIMIT 1) AS newest
    FROM ledger_account a WHERE a.tenant_id = :tenant AND a.id = :id AND a.balance > 0 AND a.expires_at <= :now""")


@verb(SYSTEM, role=Role.MONEY)
def expire_lot(session: Session, _actor: Actor, *, account_id: UUID) -> None:
    """What is left of a lot ends. Coins that come back to it later (a refund) end in their turn. Raises HoldClosed when none is left."""
    with books(session) as tenant_id:
        row = session.execute(_LOT, {"tenant": tenant_id, "id": account_id, "now": clock.now()}).one_or_none()
        if row is None:
            raise HoldClosed
        legs = [
            Leg(row.owner_id, AccountKind.BONUS, -row.balance, account=account_id),
            Leg(tenant_id, AccountKind.EXPIRED, row.balance),
        ]
        post(session, key=f"expire:{account_id}:{row.newest}", kind="expiry", legs=legs)


@verb(SYSTEM, role=Role.MONEY)
def verify_tenant(session: Session, _actor: Actor) -> list[Drift]:
    """`verify` of the actor's tenant."""
    return verify(session)


_TENANTS = text("SELECT id, slug FROM tenant WHERE cast(:slug AS text) = '' OR slug = :slug ORDER BY slug")


def verify_all(slug: str = "") -> dict[str, list[Drift]]:
    """Every tenant's books, or one's, each in one snapshot: slug -> what drifted (empty when all adds up)."""
    with unit_of_work(system(), Role.WORKER) as session:
        tenants = session.execute(_TENANTS, {"slug": slug}).all()
    return {name: perform(verify_tenant, system(tenant_id)) for tenant_id, name in tenants}
