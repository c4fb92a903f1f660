"""What the worker knows before it takes anything on."""

import subprocess
import sys

import pytest
from redis import Redis

from carehub.core import outbox
from carehub.core.settings import ROOT, settings
from carehub.services.notify import deliver
from tasks.app import app, handler_modules
from tasks.relay import BACKLOG, Relay
from tasks.schedule import SCHEDULE


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)


def test_worker_loads_every_domains_handlers() -> None:
    assert {"carehub.services.notify.handlers", "carehub.services.directory.handlers"} <= set(handler_modules())


def test_appointment_events_are_handled_in_a_fresh_process() -> None:
    asked = (
        "from tasks.app import app; app.loader.import_default_modules();"
        "from carehub.core.outbox import HANDLERS; import sys;"
        "sys.stdout.write(','.join(one.__module__ for one in HANDLERS['appointment.booked']))"
    )
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "carehub.services.notify.handlers" in told.stdout.split(",")


def test_lost_work_comes_back_soon() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.broker_transport_options["visibility_timeout"] <= 60
    assert app.conf.result_backend is None


def test_the_relay_hands_over_no_more_than_its_leases_outlast(monkeypatch: pytest.MonkeyPatch, broker: str) -> None:
    """A row that waited longer than its lease would be handed over twice."""
    asked: list[int] = []
    monkeypatch.setattr(outbox, "lease", lambda *, most: asked.append(most) or [])
    monkeypatch.setattr(deliver, "lease_due", lambda *, most: asked.append(most) or [])
    queue = Redis.from_url(settings.broker_url.replace("redis+socket://", "unix://").replace("virtual_host", "db"))
    queue.delete("carehub")
    relay = Relay(app)
    relay.pump()
    queue.rpush("carehub", *["waiting"] * (BACKLOG - 7))
    relay.pump()
    queue.rpush("carehub", *["waiting"] * 50)
    relay.pump()
    queue.delete("carehub")
    assert asked == [BACKLOG, BACKLOG, 7, 7]
