"""`GET /healthz`: whether this installation works, for load balancers and operators. States and seconds, no more."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import redis
from sqlalchemy import Engine, Row, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from carehub.core import migrate
from carehub.core.db import login_url
from carehub.core.roles import Role
from carehub.core.settings import settings

log = logging.getLogger(__name__)

PATIENCE = 3  # seconds for each check
KEPT = 1.0  # seconds an answer stands, so that asking often costs nothing
SCHEMA_KEPT = 30.0  # the schema of a running installation seldom moves
BACKUP_LATE = 1.5  # of the hours between two, after which the last backup is too old
SILENCE = 90.0  # seconds without a heartbeat after which its sender counts as down
LAG = 120.0  # seconds that an outbox row may wait

_threads = ThreadPoolExecutor(6, thread_name_prefix="health")  # of its own: a busy product must not look dead


@dataclass(frozen=True)
class State:
    ok: bool
    facts: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {"status": "up" if self.ok else "down", **self.facts}


@cache
def _engine() -> Engine:
    options = f"-c statement_timeout={PATIENCE * 1000}"
    connect = {"connect_timeout": PATIENCE, "application_name": "carehub health", "options": options}
    return create_engine(
        login_url(), pool_size=2, max_overflow=2, pool_timeout=PATIENCE, pool_pre_ping=True, connect_args=connect
    )


def _row(query: str, **params: object) -> Row[Any] | None:
    with _engine().begin() as connection:
        connection.execute(text(f"set local role {Role.WORKER.value}"))
        return connection.execute(text(query), params).first()


def database() -> State:
    return State(_row("select 1") is not None, {})


def broker() -> State:
    client = redis.Redis.from_url(settings.valkey_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    try:
        return State(bool(client.ping()), {})
    finally:
        client.close()


def _heartbeat(name: str) -> State:
    row = _row("select extract(epoch from now() - at)::float from heartbeat where name = :name", name=name)
    age = row[0] if row else None
    return State(age is not None and age <= SILENCE, {"seconds_ago": None if age is None else round(age, 1)})


def worker() -> State:
    return _heartbeat("worker")


def scheduler() -> State:
    return _heartbeat("scheduler")


_schema_good_until = 0.0


def migrations() -> State:
    """A good answer stands for a while: it takes the administrator's connection."""
    global _schema_good_until
    if time.monotonic() < _schema_good_until:
        return State(True, {"missing": 0})
    missing = len(migrate.pending())
    if not missing:
        _schema_good_until = time.monotonic() + SCHEMA_KEPT
    return State(not missing, {"missing": missing})


WAITING = """
    select coalesce(extract(epoch from now() - min(available_at)), 0)::float
    from outbox where done_at is null and failed_at is null and available_at <= now()
"""


def outbox() -> State:
    row = _row(WAITING)
    lag = row[0] if row else 0.0
    return State(lag <= LAG, {"lag_seconds": round(lag, 1)})


def backup() -> State:
    """Told, and no reason to take a working installation out of service: see `ADVICE`."""
    row = _row("select extract(epoch from now() - at)::float / 3600 from heartbeat where name = 'backup'")
    hours = round(row[0], 1) if row else None
    late = settings.backup_dir is not None and (hours is None or hours > BACKUP_LATE * settings.backup_hours)
    return State(not late, {"hours_ago": hours})


READY = ("database", "broker", "migrations")
ADVICE = frozenset({"backup"})  # parts that an operator mends while people go on working
CHECKS: dict[str, Callable[[], State]] = {
    "database": database,
    "broker": broker,
    "worker": worker,
    "scheduler": scheduler,
    "migrations": migrations,
    "outbox": outbox,
    "backup": backup,
}


def look(check: Callable[[], State]) -> State:
    """A check's state; what it raises means down, and is told to the log only."""
    try:
        return check()
    except (SQLAlchemyError, redis.RedisError, OSError) as error:
        log.warning("health: %s is down: %s", check.__name__, type(error).__name__)
        return State(False, {})


async def _look(check: Callable[[], State]) -> State:
    try:
        return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(_threads, look, check), 2 * PATIENCE)
    except TimeoutError:
        return State(False, {})


_kept: tuple[float, dict[str, State]] = (0.0, {})


async def states() -> dict[str, State]:
    """Every part's state, a second old at most."""
    global _kept
    if not _kept[1] or time.monotonic() - _kept[0] > KEPT:
        found = await asyncio.gather(*(_look(check) for check in CHECKS.values()))
        _kept = (time.monotonic(), dict(zip(CHECKS, found, strict=True)))
    return _kept[1]


def _told(name: str, state: State) -> dict[str, Any]:
    told = state.to_json()
    return {**told, "status": "up" if state.ok else "late"} if name in ADVICE else told


async def healthz(_: Request) -> JSONResponse:
    """200 when every part is up, 503 when one is down. A backup that is too old is told by "late"."""
    found = await states()
    well = all(state.ok for name, state in found.items() if name not in ADVICE)
    parts = {name: _told(name, state) for name, state in found.items()}
    body = {"status": "up" if well else "down", "parts": parts}
    return JSONResponse(body, status_code=200 if well else 503, headers={"cache-control": "no-store"})


async def readyz(_: Request) -> JSONResponse:
    """200 when this process can serve pages: what a balancer asks. A worker that is down empties no web."""
    found = await states()
    well = all(found[name].ok for name in READY)
    return JSONResponse(
        {"status": "up" if well else "down"}, status_code=200 if well else 503, headers={"cache-control": "no-store"}
    )


ROUTES = [Route("/healthz", healthz, methods=["GET"]), Route("/readyz", readyz, methods=["GET"])]
