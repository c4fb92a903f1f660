"""What a person has and what became of it. DI-090, DI-103, DI-118."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.core.permissions import SIGNED_IN
from carehub.core.verbs import verb
from carehub.services.ledger.views import Ending, Movement, Statement, Wallet
from carehub.services.ledger.writing import COIN, books_of

PAGE = 50
KINDS: Mapping[str, str] = {
    "purchase": N_("Coins bought"),
    "bonus": N_("Coins given to you"),
    "hold": N_("Set aside"),
    "capture": N_("Paid"),
    "release": N_("No longer set aside"),
    "refund": N_("Given back"),
    "expiry": N_("Bonus coins that ended"),
    "adjustment": N_("Corrected by hand"),
    "return": N_("Taken back with their money"),
}

_OWN = text("""
    SELECT t.slug, t.name,
           coalesce(sum(a.balance) FILTER (WHERE a.kind <> 'held'), 0) AS free,
           coalesce(sum(a.balance) FILTER (WHERE a.kind = 'bonus'), 0) AS bonus,
           coalesce(sum(a.balance) FILTER (WHERE a.kind = 'held'), 0) AS held,
           coalesce(jsonb_agg(jsonb_build_array(a.balance, a.expires_at) ORDER BY a.expires_at)
               FILTER (WHERE a.kind = 'bonus' AND a.balance > 0 AND a.expires_at IS NOT NULL), '[]') AS ending
    FROM ledger_account a JOIN tenant t ON t.id = a.tenant_id
    WHERE a.owner_id = :person AND a.currency = :coin AND a.kind IN ('coins', 'bonus', 'held')
      AND (a.expires_at IS NULL OR a.expires_at > :now)
    GROUP BY t.slug, t.name ORDER BY t.name""")


@verb(SIGNED_IN)
def wallets(session: Session, actor: Actor) -> list[Wallet]:
    """The signed-in person's coins, by organisation."""
    values = {"person": actor.person_id, "coin": COIN, "now": clock.now()}
    return [_wallet(row) for row in session.execute(_OWN, values)]


def _wallet(row: Row[Any]) -> Wallet:
    ending = [Ending(amount, at) for amount, at in row.ending]
    return Wallet(row.slug, row.name, int(row.free), int(row.bonus), int(row.held), ending)


_FREE = text("""
    SELECT coalesce(sum(balance), 0) FROM ledger_account WHERE tenant_id = :tenant AND owner_id = :owner AND currency = :coin
      AND kind IN ('coins', 'bonus') AND (expires_at IS NULL OR expires_at > :now)""")


def free_coins(session: Session, tenant_id: UUID, owner_id: UUID) -> int:
    """What a person can spend at one organisation now."""
    with books_of(session, tenant_id):
        values = {"tenant": tenant_id, "owner": owner_id, "coin": COIN, "now": clock.now()}
        return int(session.scalar(_FREE, values) or 0)


_TENANT = text("SELECT id FROM tenant WHERE slug = :slug")


@verb(SIGNED_IN)
def my_statement(
    session: Session, actor: Actor, *, tenant: str, before: str = "", kind: str = "", month: str = ""
) -> Statement:
    """The signed-in person's movements at one organisation, 50 at a time, newest first. Raises NotFound."""
    tenant_id = session.scalar(_TENANT, {"slug": tenant})
    if tenant_id is None or actor.person_id is None:
        raise NotFound
    zone = zone_of(session, actor.person_id)
    return statement_of(session, tenant_id, actor.person_id, before=before, kind=kind, month=month, zone=zone)


_ZONE = text("SELECT time_zone FROM person WHERE id = :person")


def zone_of(session: Session, person_id: UUID) -> str:
    """Where a person's days begin."""
    return session.scalar(_ZONE, {"person": person_id}) or "UTC"


@verb(SIGNED_IN)
def my_months(session: Session, actor: Actor, *, count: int) -> list[str]:
    """The newest months that a statement can be asked for, as "2026-11", this one first, by the person's own calendar."""
    assert actor.person_id is not None
    today = clock.today(zone_of(session, actor.person_id))
    return [_month(today.year, today.month - back) for back in range(min(count, 120))]


def _month(year: int, month: int) -> str:
    """`month` may be 0 or less: of the years before."""
    years, rest = divmod(month - 1, 12)
    return f"{year + years}-{rest + 1:02d}"


_TENANT = text("SELECT id FROM tenant WHERE slug = :slug")

# The page's transactions are found in the index of entries, newest first; ids sort by time, so a month is a range of them.
_STATEMENT = text("""
    WITH page AS (
        SELECT DISTINCT transaction_id FROM ledger_entry
        WHERE tenant_id = :tenant AND owner_id = :owner AND currency = :coin
          AND transaction_id < cast(:before AS uuid) AND transaction_id >= cast(:since AS uuid)
        ORDER BY transaction_id DESC LIMIT :most)
    SELECT t.id, t.at, t.kind, t.reference, t.memo, e.free, e.held
    FROM page JOIN ledger_transaction t ON t.tenant_id = :tenant AND t.id = page.transaction_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount) FILTER (WHERE kind <> 'held'), 0) AS free, coalesce(sum(amount) FILTER (WHERE kind = 'held'), 0) AS held
        FROM ledger_entry WHERE tenant_id = :tenant AND transaction_id = t.id AND owner_id = :owner) AS e
    ORDER BY t.id DESC""")
# What was free right after a transaction: the last balance of each account until then.
_BALANCE_AT = text("""
    SELECT coalesce(sum(e.balance_after), 0) FROM ledger_account a
    CROSS JOIN LATERAL (
        SELECT balance_after FROM ledger_entry
        WHERE tenant_id = :tenant AND account_id = a.id AND transaction_id <= cast(:last AS uuid)
        ORDER BY transaction_id DESC LIMIT 1) AS e
    WHERE a.tenant_id = :tenant AND a.owner_id = :owner AND a.currency = :coin AND a.kind <> 'held'""")
SCANNED = 1000  # transactions that a page of one kind looks through: it may be short, and goes on at `older`
_ALL = UUID(int=2**128 - 1)


def statement_of(
    session: Session,
    tenant_id: UUID,
    owner_id: UUID,
    *,
    before: str = "",
    kind: str = "",
    month: str = "",
    size: int = PAGE,
    zone: str = "UTC",
) -> Statement:
    """Of any owner of accounts, within the tenant's books. `kind`: one of KINDS; `month`: "2026-11", of days in `zone`; `before`:
    where the page before it ended."""
    since, until = _range(month, zone)
    most = SCANNED if kind in KINDS else size
    place = {"tenant": tenant_id, "owner": owner_id, "coin": COIN}
    end = min(until, parse_id(before) or until)
    with books_of(session, tenant_id):
        rows = session.execute(_STATEMENT, {**place, "before": end, "since": since, "most": most + 1}).all()
        read = rows[:most]
        shown = [row for row in read if row.kind == kind][:size] if kind in KINDS else read
        balance = session.scalar(_BALANCE_AT, {**place, "last": shown[0].id}) if shown and kind not in KINDS else None
    last = shown[-1] if len(shown) == size else read[-1] if read else None
    more = last is not None and last.id != rows[-1].id
    return Statement(_movements(shown, balance), str(last.id) if more and last is not None else "")


def _range(month: str, zone: str) -> tuple[UUID, UUID]:
    """The ids of a month's transactions: from, and up to but without."""
    try:
        begins = datetime.fromisoformat(f"{month}-01")
        ends = (begins + timedelta(days=32)).replace(day=1)
        return _first_id(_midnight(begins, zone)), _first_id(_midnight(ends, zone))
    except (ValueError, OverflowError):
        return UUID(int=0), _ALL


def _midnight(day: datetime, zone: str) -> datetime:
    """Where clocks skip it, the day begins an hour later."""
    try:
        return clock.from_local(day, zone)
    except clock.NoSuchTime:
        return clock.from_local(day + timedelta(hours=1), zone)


def _first_id(at: datetime) -> UUID:
    """The smallest UUIDv7 of a moment."""
    return UUID(int=max(int(at.timestamp() * 1000), 0) << 80)


def _movements(rows: Sequence[Row[Any]], balance: int | None) -> list[Movement]:
    """Each with what was free after it: counted down from the newest."""
    made = []
    for row in rows:
        made.append(_movement(row, balance))
        balance = None if balance is None else balance - int(row.free)
    return made


def _movement(row: Row[Any], balance: int | None) -> Movement:
    return Movement(
        id=str(row.id),
        at=row.at.isoformat(),
        kind=row.kind,
        label=KINDS.get(row.kind, row.kind),
        purpose=row.memo.get("purpose", ""),
        reference=row.reference,
        reason=row.memo.get("reason", ""),
        free=int(row.free),
        held=int(row.held),
        balance=None if balance is None else int(balance),
    )
