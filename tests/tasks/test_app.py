"""What the worker knows before it takes anything on."""

import subprocess
import sys

from carehub.core.settings import ROOT
from tasks.app import app, handler_modules
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
