"""The ledger under 64 clients, beside a bare transaction of two updates; a page of a long statement."""

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import psycopg

from carehub.bench.clients import CLIENTS, Work, storm
from carehub.bench.measure import Line, one_by_one
from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.ids import new_id
from carehub.core.permissions import SYSTEM
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.core.verbs import verb
from carehub.models.ledger import AccountKind
from carehub.services.ledger import writing
from carehub.services.ledger.wallets import statement_of
from carehub.services.ledger.writing import Leg

LONG = 1_000_000  # entries of the statement that is read
_LONG_OWNER = UUID(int=7)


@dataclass(frozen=True)
class Move:
    tenant_id: UUID
    owner_id: UUID
    expert_id: UUID
    hold_id: UUID | None = None


@verb(SYSTEM, role=Role.MONEY)
def _hold(session: Any, _actor: Actor, *, one: Move) -> UUID:
    ends = clock.now() + timedelta(hours=1)
    return writing.hold(session, one.owner_id, 2, key=str(new_id()), purpose="bench", reference="", expires_at=ends)


@verb(SYSTEM, role=Role.MONEY)
def _capture(session: Any, _actor: Actor, *, one: Move) -> None:
    assert one.hold_id is not None
    shares = [Leg(one.expert_id, AccountKind.EARNING, 1), Leg(one.tenant_id, AccountKind.REVENUE, 1)]
    writing.capture(session, one.hold_id, 2, shares)


@verb(SYSTEM, role=Role.MONEY)
def _transfer(session: Any, _actor: Actor, *, one: Move) -> None:
    legs = [Leg(one.owner_id, AccountKind.COINS, -1), Leg(one.expert_id, AccountKind.COINS, 1)]
    writing.post(session, key=str(new_id()), kind="bench", legs=legs)


_VERBS = {"hold": _hold, "capture": _capture, "transfer": _transfer}


def _by_verb(kind: str) -> Callable[[Move], Any]:
    found: Any = _VERBS[kind]
    return lambda one: perform(found, system(one.tenant_id), one=one)


def _held(group: list[list[Move]]) -> list[list[Move]]:
    hold = _by_verb("hold")
    return [[replace(one, hold_id=hold(one)) for one in share] for share in group]


_SCRATCH = "CREATE TABLE IF NOT EXISTS bench_balance (id uuid PRIMARY KEY, balance bigint NOT NULL)"
_TWO = "UPDATE bench_balance SET balance = balance + %s WHERE id = %s"


def _bare(url: str) -> Callable[[Move], object]:
    free: queue.Queue[psycopg.Connection[Any]] = queue.Queue()
    for _ in range(settings.threads):
        free.put(psycopg.connect(url, autocommit=True))

    def move(one: Move) -> None:
        connection = free.get()
        try:
            with connection.transaction():
                connection.execute(_TWO, (-1, one.owner_id))
                connection.execute(_TWO, (1, one.expert_id))
        finally:
            free.put(connection)

    return move


def money_lines(
    connection: psycopg.Connection[Any], url: str, *, each: int, times: int, processes: int
) -> Iterator[Line]:
    """Needs the large set. What it posts stays: nobody deletes entries."""
    clients = _wallets(connection, each)
    connection.execute(_SCRATCH)
    people = [(one,) for share in clients for one in (share[0].owner_id, share[0].expert_id)]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO bench_balance VALUES (%s, 0) ON CONFLICT DO NOTHING", people)
    try:
        floor = storm(Work(make=partial(_bare, url)), clients, processes=processes).timings
        for kind in _VERBS:
            work = Work(make=partial(_by_verb, kind), prepare=_held if kind == "capture" else None)
            ours = storm(work, clients, processes=processes).timings
            yield Line(f"{kind}, 64 clients; floor: two updates", ours, floor, by_rate=True)
    finally:
        connection.execute("DROP TABLE bench_balance")
    yield _statement(connection, times)


def _wallets(connection: psycopg.Connection[Any], each: int) -> list[list[Move]]:
    """A wallet and an expert for each client, some clients to a tenant."""
    tenants = connection.execute(
        "SELECT id FROM tenant WHERE slug BETWEEN 'large-001' AND 'large-016' ORDER BY slug"
    ).fetchall()
    clients = []
    for n in range(CLIENTS):
        move = Move(tenants[n % len(tenants)][0], new_id(), new_id())
        with unit_of_work(system(move.tenant_id), Role.MONEY) as session:
            writing.issue(session, move.owner_id, 10 * each, key=str(new_id()))
        clients.append([move] * each)
    return clients


_FILL = (
    "SET LOCAL session_replication_role = replica",
    """INSERT INTO ledger_account (tenant_id, id, owner_id, kind, currency, lot, shard, balance)
       SELECT %(tenant)s, gen_random_uuid(), owner, kind, 'COIN', '00000000-0000-0000-0000-000000000000', 0, sign * %(long)s
       FROM (VALUES (%(owner)s::uuid, 'coins', 1), (%(other)s::uuid, 'adjustment', -1)) AS made(owner, kind, sign)""",
    """INSERT INTO ledger_transaction (tenant_id, id, key, request_hash, kind, memo, at)
       SELECT %(tenant)s, uuidv7(n * interval '1 second' - interval '30 days'), 'long-' || n, '', 'purchase', '{}',
              now() + n * interval '1 second' - interval '30 days'
       FROM generate_series(1, %(long)s) AS n""",
    """INSERT INTO ledger_entry (tenant_id, transaction_id, seq, account_id, owner_id, kind, currency, amount, balance_after)
       SELECT t.tenant_id, t.id, leg.seq, a.id, a.owner_id, a.kind, a.currency, leg.amount,
              leg.amount * split_part(t.key, '-', 2)::bigint
       FROM ledger_transaction t CROSS JOIN (VALUES (1, 1), (2, -1)) AS leg(seq, amount)
       JOIN ledger_account a ON a.tenant_id = t.tenant_id
         AND a.owner_id = CASE leg.seq WHEN 1 THEN %(owner)s::uuid ELSE %(other)s::uuid END
       WHERE t.tenant_id = %(tenant)s AND t.key LIKE 'long-%%'""",
)
_FLOOR_PAGE = """
    SELECT e.transaction_id, e.amount, e.balance_after, t.at, t.kind, t.memo FROM ledger_entry e
    JOIN ledger_transaction t ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id
    WHERE e.tenant_id = %s AND e.owner_id = %s AND e.currency = 'COIN' ORDER BY e.transaction_id DESC LIMIT 50"""


def _statement(connection: psycopg.Connection[Any], times: int) -> Line:
    found = connection.execute("SELECT id FROM tenant WHERE slug = 'large-001'").fetchone()
    assert found is not None
    tenant_id: UUID = found[0]
    values = {"tenant": tenant_id, "owner": _LONG_OWNER, "other": UUID(int=8), "long": LONG}
    known = connection.execute("SELECT FROM ledger_account WHERE owner_id = %s", [_LONG_OWNER]).fetchone()
    if known is None:
        with connection.transaction():
            for statement in _FILL:
                connection.execute(statement, values if "%(" in statement else None)
        connection.execute("ANALYZE ledger_entry, ledger_transaction, ledger_account")

    def ours(_n: int) -> None:
        with unit_of_work(system(tenant_id), Role.MONEY) as session:
            assert len(statement_of(session, tenant_id, _LONG_OWNER).movements) == 50

    def floor(_n: int) -> None:
        assert len(connection.execute(_FLOOR_PAGE, (tenant_id, _LONG_OWNER)).fetchall()) == 50

    return Line(f"statement of {LONG:,} entries", one_by_one(ours, times), one_by_one(floor, times))
