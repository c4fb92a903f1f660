"""Who may read /metrics."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from carehub.api import metrics
from carehub.core.settings import ROOT, settings
from carehub.supervisor.children import children


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


COUNTS = """
from carehub.core.metrics import OUTBOX_EVENTS, timed_verb
with timed_verb("a.verb"):
    pass
OUTBOX_EVENTS.labels("a.kind", "done").inc()
"""


def test_with_several_processes_figures_are_summed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.__dict__, "web_workers", 2)
    monkeypatch.setitem(settings.__dict__, "data_dir", tmp_path)
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_1.db").write_text("of the run before")
    told = {one.name: one.env.get("PROMETHEUS_MULTIPROC_DIR") for one in children()}
    assert told == {"web": str(tmp_path / "metrics"), "worker": str(tmp_path / "metrics"), "beat": None}
    assert list((tmp_path / "metrics").iterdir()) == []
    for _process in range(2):
        env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(told["web"]), "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", COUNTS], env=env, check=True)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(told["web"]))
    figures = client(monkeypatch, host="127.0.0.1").get("/metrics").text
    assert 'carehub_outbox_events_total{kind="a.kind",outcome="done"} 2.0' in figures
    assert 'carehub_verb_seconds_count{outcome="ok",verb="a.verb"} 2.0' in figures


def test_elsewhere_nothing_is_told_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    assert client(monkeypatch, host="203.0.113.5").get("/metrics").status_code == 404
    wrong = {"authorization": "Bearer "}
    assert client(monkeypatch, host="203.0.113.5").get("/metrics", headers=wrong).status_code == 404
