"""Who may read /metrics."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from carehub.api import metrics


def client(monkeypatch: pytest.MonkeyPatch, *, host: str, token: str = "") -> TestClient:
    monkeypatch.setattr(metrics, "settings", type("Settings", (), {"metrics_token": token}))
    return TestClient(Starlette(routes=metrics.ROUTES), client=(host, 1))


def test_this_machine_reads_lag_and_verbs(worker_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client(monkeypatch, host="127.0.0.1").get("/metrics")
    assert "carehub_outbox_lag_seconds" in answer.text
    assert "carehub_verb_seconds" in answer.text


def test_behind_a_proxy_the_token_is_asked(worker_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    proxied = client(monkeypatch, host="127.0.0.1", token="s3cret")
    assert proxied.get("/metrics", headers={"x-forwarded-for": "203.0.113.5"}).status_code == 404
    headers = {"x-forwarded-for": "203.0.113.5", "authorization": "Bearer s3cret"}
    assert proxied.get("/metrics", headers=headers).status_code == 200


def test_elsewhere_nothing_is_told_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    assert client(monkeypatch, host="203.0.113.5").get("/metrics").status_code == 404
    wrong = {"authorization": "Bearer "}
    assert client(monkeypatch, host="203.0.113.5").get("/metrics", headers=wrong).status_code == 404
