"""`GET /healthz` says what is down, and 503 when anything is."""

import json
from typing import Any

import psycopg
import pytest
from starlette.requests import Request

from carehub.api import health
from tests.loops import in_loop

BEAT = "insert into heartbeat (name, at) values (%s, now() - %s * interval '1 second')"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that an earlier test saw counts."""
    monkeypatch.setattr(health, "_kept", (0.0, {}))
    monkeypatch.setattr(health, "_schema_good_until", 0.0)


@pytest.fixture
def beating(database: str, broker: str) -> psycopg.Connection:
    connection = psycopg.connect(database, autocommit=True)
    for name in ("worker", "scheduler"):
        connection.execute(BEAT, (name, 1))
    return connection


def ask() -> tuple[int, dict[str, Any]]:
    answer = in_loop(health.healthz(Request({"type": "http"})))
    return answer.status_code, json.loads(bytes(answer.body))


def test_a_whole_installation_is_up(beating: psycopg.Connection) -> None:
    status, body = ask()
    assert (status, body["status"]) == (200, "up")
    assert set(body["parts"]) == {"database", "broker", "worker", "scheduler", "migrations", "outbox", "backup"}


def test_a_worker_that_fell_silent_is_down(beating: psycopg.Connection) -> None:
    beating.execute("update heartbeat set at = now() - interval '10 minutes' where name = 'worker'")
    status, body = ask()
    assert status == 503
    assert [name for name, part in body["parts"].items() if part["status"] == "down"] == ["worker"]


def test_pages_are_served_on_while_the_worker_is_silent(beating: psycopg.Connection) -> None:
    beating.execute("update heartbeat set at = now() - interval '10 minutes' where name = 'worker'")
    assert in_loop(health.readyz(Request({"type": "http"}))).status_code == 200


def test_a_later_release_that_has_migrated_takes_nobody_out_of_service(beating: psycopg.Connection) -> None:
    beating.execute("update alembic_version set version_num = 'of_next_year'")
    status, body = ask()
    assert (status, body["parts"]["migrations"]["status"]) == (200, "up")


def test_an_outbox_that_nobody_empties_is_down(beating: psycopg.Connection) -> None:
    beating.execute(
        "insert into outbox (id, kind, payload, available_at, attempts, error)"
        " values (gen_random_uuid(), 'any', '{}', now() - interval '1 hour', 0, '')"
    )
    status, body = ask()
    assert (status, body["parts"]["outbox"]["status"]) == (503, "down")
    assert body["parts"]["outbox"]["lag_seconds"] >= 3600


def test_a_missing_migration_is_down(beating: psycopg.Connection) -> None:
    beating.execute("delete from alembic_version")
    status, body = ask()
    assert (status, body["parts"]["migrations"]["status"]) == (503, "down")


def test_a_broker_that_is_away_is_down(
    beating: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setitem(health.settings.__dict__, "valkey_url", f"unix://{tmp_path}/none.sock")
    status, body = ask()
    assert status == 503
    assert body["parts"]["broker"] == {"status": "down"}
    assert body["parts"]["database"] == {"status": "up"}
