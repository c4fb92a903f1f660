"""Idempotency keys of POST requests: an answer is kept for a day and given again."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.errors import CareHubError
from carehub.core.roles import Role

STUCK = timedelta(minutes=1)  # a request that died: its key may be tried again, the verb itself refuses a second effect


class KeyReused(CareHubError):
    key = "This idempotency key was used for another request"
    status = 422


class StillRunning(CareHubError):
    key = "The first request with this key is still running"
    status = 409


class KeyTooLong(CareHubError):
    key = "An idempotency key has {count} characters at most"
    status = 422


@dataclass(frozen=True)
class Known:
    status: int
    body: bytes


_BEGIN = text("""
    INSERT INTO idempotency_key (person_id, key, request_hash, created_at) VALUES (:person, :key, :hash, :now)
    ON CONFLICT (person_id, key) DO UPDATE SET created_at = :now, request_hash = :hash, status = NULL, body = NULL
      WHERE idempotency_key.created_at < :day
         OR (idempotency_key.status IS NULL AND idempotency_key.request_hash = :hash AND idempotency_key.created_at < :stuck)
    RETURNING 1""")
_READ = text("SELECT request_hash, status, body FROM idempotency_key WHERE person_id = :person AND key = :key")


def begin(person_id: UUID, key: str, request_hash: bytes) -> Known | None:
    """None: go on. Otherwise what was answered before. Raises KeyReused, StillRunning, KeyTooLong."""
    if len(key) > 200:
        raise KeyTooLong(count=200)
    now = clock.now()
    values = {"person": person_id, "key": key, "hash": request_hash, "now": now}
    with unit_of_work(system(), Role.AUTH) as session:
        if session.execute(_BEGIN, {**values, "day": now - timedelta(days=1), "stuck": now - STUCK}).first():
            return None
        row = session.execute(_READ, {"person": person_id, "key": key}).one()
    if bytes(row.request_hash) != request_hash:
        raise KeyReused
    if row.status is None:
        raise StillRunning
    return Known(row.status, bytes(row.body or b""))


def finish(person_id: UUID, key: str, status: int, body: bytes) -> None:
    with unit_of_work(system(), Role.AUTH) as session:
        session.execute(
            text("UPDATE idempotency_key SET status = :status, body = :body WHERE person_id = :person AND key = :key"),
            {"person": person_id, "key": key, "status": status, "body": body},
        )


def forget(person_id: UUID, key: str) -> None:
    """The request was refused: the same key may be used for a mended one."""
    with unit_of_work(system(), Role.AUTH) as session:
        session.execute(
            text("DELETE FROM idempotency_key WHERE person_id = :person AND key = :key AND status IS NULL"),
            {"person": person_id, "key": key},
        )
