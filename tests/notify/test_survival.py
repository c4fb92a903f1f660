"""Real worker, real broker, real mail server: whatever is killed, every message arrives once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from carehub.core import clock
from carehub.core.settings import ROOT, settings
from carehub.embedded import valkey
from carehub.embedded.process import wait_until
from carehub.integrations import texts_sink
from carehub.integrations.maildir import Kept, place
from carehub.integrations.texts_sink import Box
from tests.notify import house as houses
from tests.notify import reach
from tests.notify.house import House
from tests.site import free_port

EVENTS = 60
MAILS = 2 * EVENTS  # the client's and the practitioner's
SECONDS = 100  # two leases and what Celery needs to notice


class Daemon:
    """A child in a process group of its own, so that -9 takes all of it at once."""

    def __init__(self, *command: str, **settings_of_it: str) -> None:
        self.command = [sys.executable, "-m", *command]
        self.environment = {**os.environ, **settings_of_it}
        self.log = settings.data_dir / f"{command[0].rpartition('.')[2]}.log"
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.process

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@pytest.fixture
def post_office(worker_database: str, broker: str) -> Iterator[Path]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    told = settings.data_dir / "run" / "smtp.port"
    told.unlink(missing_ok=True)
    sink = Daemon("carehub.integrations.mail_sink")
    wait_until(told.exists, seconds=20)
    yield place()
    sink.kill()


@pytest.fixture
def worker(post_office: Path) -> Iterator[Daemon]:
    running = Daemon("celery", "-A", "tasks.app", "worker", "--concurrency", "2", "--loglevel", "INFO")
    yield running
    running.kill()


def sent(admin: psycopg.Connection, at: House) -> int:
    query = "SELECT count(*) FROM delivery WHERE tenant_id = %s AND status = 'sent' AND channel = 'email'"
    row = admin.execute(query, (at.tenant_id,)).fetchone()
    assert row is not None
    return int(row[0])


def until(done: Callable[[], bool], what: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < deadline, f"{what}\n{log.read_text()[-6000:]}"
        time.sleep(0.2)


def test_every_message_arrives_once_whatever_is_killed(
    practice: House, db: psycopg.Connection, post_office: Path, worker: Daemon
) -> None:
    patients = [houses.patient(practice, f"Client {number}") for number in range(EVENTS)]
    start = clock.now().replace(microsecond=0) + timedelta(days=9)
    made = [houses.appointment(practice, one, starts_at=start + timedelta(hours=i)) for i, one in enumerate(patients)]
    for one in made:
        houses.emit(practice, "booked", one)

    until(lambda: sent(db, practice) >= MAILS // 6, "nothing is sent", worker.log)
    worker.kill()
    worker.start()
    until(lambda: sent(db, practice) >= MAILS // 3, "nothing more is sent after the worker was killed", worker.log)
    server = valkey()
    os.kill(server.pid(), signal.SIGKILL)
    wait_until(lambda: not server.is_running(), seconds=10)
    for one in made[:10]:
        houses.emit(practice, "cancelled", one, by="staff")
    server.start()
    try:
        until(lambda: sent(db, practice) >= MAILS + 10, "some messages never left", worker.log)
    finally:
        server.stop()
        server.start()  # for the next test of this module

    letters = Counter((letter.to, letter.subject) for letter in Kept(post_office).summaries())
    assert sum(letters.values()) == MAILS + 10
    told = [one.dedupe_key for one in houses.entries(practice, practice.practitioner_person)]
    assert len(told) == len(set(told)) == EVENTS
    assert not [one for one in houses.deliveries(practice, event="appointment.reminder") if one.status == "sent"]


TEXTS = 30


@pytest.fixture
def carrier(worker_database: str) -> Iterator[int]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    port = free_port()
    running = Daemon("carehub.integrations.texts_sink", str(port))
    yield port
    running.kill()


def test_every_text_is_taken_once_whatever_is_killed(
    practice: House, db: psycopg.Connection, post_office: Path, broker: str, carrier: int
) -> None:
    """The carrier has no way to know a repetition: the sender that follows a dead one asks before it sends."""
    reach.gateway(practice)
    worker = Daemon(
        *("celery", "-A", "tasks.app", "worker", "--concurrency", "2", "--loglevel", "INFO"),
        CAREHUB_SMS_URL=f"http://127.0.0.1:{carrier}",
    )
    start = clock.now().replace(microsecond=0) + timedelta(days=9)
    try:
        for number in range(TEXTS):
            patient = houses.patient(practice, f"Client {number}")
            reach.phone_of(practice, patient, f"+3361234{number + 5000}")
            made = houses.appointment(practice, patient, starts_at=start + timedelta(hours=number))
            houses.emit(practice, "moved", made, by="staff")
        for share in (6, 2):
            until(lambda share=share: taken(db, practice) >= TEXTS // share, "nothing is sent", worker.log)  # type: ignore[misc]
            worker.kill()
            worker.start()
        until(lambda: taken(db, practice) >= TEXTS, "some texts never left", worker.log)
    finally:
        worker.kill()
    numbers = Counter(one.to for one in Box(texts_sink.place()).all())
    assert len(numbers) == TEXTS
    assert set(numbers.values()) == {1}


def taken(admin: psycopg.Connection, at: House) -> int:
    query = (
        "SELECT count(*) FROM delivery WHERE tenant_id = %s AND channel = 'sms' AND message_id <> ''"
        " AND status IN ('sent', 'delivered')"
    )
    row = admin.execute(query, (at.tenant_id,)).fetchone()
    assert row is not None
    return int(row[0])
