"""Clients pay by coins, by card and by both while one process after the other is killed with -9: money is conserved, and each payment
is an appointment or goes back. Also at Stripe, whose own records are compared."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from carehub.embedded.process import wait_until
from carehub.integrations.stripe_sink.store import Store
from tests.checkout.crowd import BOOKED, UNFINISHED, House, wrong, wrong_at_stripe
from tests.faults.test_storm import kill, postgres_of
from tests.site import ROOT, Site, start_site

pytestmark = [pytest.mark.site, pytest.mark.xdist_group("site")]

PROCESSES, CLIENTS = 2, 8  # of clients, and how many in each
BETWEEN_SECONDS = 8.0  # of storm before each blow
START_SECONDS, DRAIN_SECONDS = 120.0, 240.0
BLOWS = ("web", "worker", "clients", "postgres", "web", "worker")
KEY = "sk_test_demo"
LATER = (  # what nobody finished, half an hour on
    "UPDATE checkout SET expires_at = now() - interval '1 minute' WHERE state IN ('open', 'paying')",
    "UPDATE payment SET expires_at = now(), due_at = now() WHERE status IN ('requires_payment', 'requires_action')",
    "UPDATE payment SET due_at = now() WHERE due_at IS NOT NULL AND (wanted <> '' OR status = 'processing')",
    "UPDATE outbox SET available_at = now() WHERE done_at IS NULL AND failed_at IS NULL AND available_at < now() + interval '1 hour'",
)
WAITING = """
    SELECT (SELECT count(*) FROM outbox WHERE tenant_id = %(tenant)s AND done_at IS NULL AND failed_at IS NULL AND available_at <= now())
      + (SELECT count(*) FROM payment WHERE tenant_id = %(tenant)s AND (due_at <= now() OR wanted <> ''))
      + (SELECT count(*) FROM payment_refund WHERE tenant_id = %(tenant)s AND status = 'pending')"""


@pytest.fixture
def paying_site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site to do harm to, with a PostgreSQL and a Valkey of its own."""
    from tests.conftest import PLACE

    monkeypatch.setenv("CAREHUB_API_REQUESTS_PER_MINUTE", "1000000")
    made = start_site(PLACE, "paying", "")
    made.database = postgres_of(made).url()
    yield made
    made.stop()


class Crowd:
    """Processes of clients. `told` counts how their visits ended, `done` those that came to an appointment."""

    def __init__(self, site: Site, house: str) -> None:
        self.site, self.house, self.started = site, house, 0
        self.told: Counter[str] = Counter()
        self.running: list[subprocess.Popen[str]] = []

    def command(self, *given: str) -> subprocess.Popen[str]:
        own = {"DATABASE_URL": self.site.database, "CAREHUB_STRIPE_KEY": KEY, "CAREHUB_LOG_LEVEL": "ERROR"}
        environment = {**self.site.environment, **own}
        command = [sys.executable, "-m", "tests.checkout.crowd", *given]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)

    def start(self) -> None:
        self.started += 1
        made = self.command("run", self.site.url, self.house, str(self.started), str(CLIENTS))
        self.running.append(made)
        threading.Thread(target=self._count, args=(made,), daemon=True).start()

    def _count(self, one: subprocess.Popen[str]) -> None:
        assert one.stdout is not None
        for line in one.stdout:
            self.told[line.strip()] += 1

    @property
    def done(self) -> int:
        return sum(self.told[name] for name in BOOKED)

    def kill(self, one: subprocess.Popen[str]) -> None:
        one.send_signal(signal.SIGKILL)
        one.wait()
        self.running.remove(one)


@contextmanager
def crowd_of(site: Site) -> Iterator[tuple[Crowd, House]]:
    maker = Crowd(site, "").command("make", "60")
    told, _ = maker.communicate(timeout=START_SECONDS)
    crowd = Crowd(site, told)
    for _ in range(PROCESSES):
        crowd.start()
    try:
        yield crowd, House(**json.loads(told))
    finally:
        for one in list(crowd.running):  # whatever they were doing
            crowd.kill(one)


def number(db: psycopg.Connection, query: str, house: House) -> int:
    row = db.execute(query, {"tenant": house.tenant_id}).fetchone()
    assert row is not None
    return int(row[0])


def settled(site: Site, house: House) -> bool:
    """Whether nothing is left to do: the product's own worker and schedule do it."""
    time.sleep(2)
    with site.connect() as db:
        for later in LATER:
            db.execute(later)
        return number(db, UNFINISHED, house) + number(db, WAITING, house) == 0


def test_every_payment_is_booked_or_goes_back_whatever_dies(paying_site: Site) -> None:
    grown = []
    with crowd_of(paying_site) as (crowd, house):
        assert wait_until(lambda: crowd.done > 3, seconds=START_SECONDS), paying_site.output.read_text()[-2000:]
        for name in random.sample(BLOWS, len(BLOWS)):
            time.sleep(BETWEEN_SECONDS)
            grown.append(crowd.done)
            if name == "clients":
                crowd.kill(crowd.running[0])
                crowd.start()
            else:
                kill(paying_site, name, seconds=START_SECONDS)
        before = crowd.done
        assert wait_until(lambda: crowd.done > before + 3, seconds=START_SECONDS), (grown, crowd.told)
    wait_until(lambda: settled(paying_site, house), seconds=DRAIN_SECONDS)
    store = Store(paying_site.data_dir / "stripe")
    with paying_site.connect() as db:
        assert wrong(db, house) == {}
        assert wrong_at_stripe(db, house, store, KEY) == []
        assert number(db, "SELECT count(*) FROM payment WHERE tenant_id = %(tenant)s AND captured > 0", house) > 0
    books = paying_site.carehub("ledger", "verify")
    assert books.returncode == 0, books.stdout
