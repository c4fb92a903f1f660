"""A booking storm while one process after the other is killed with -9: nothing is lost, doubled or left half done."""

import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from carehub.embedded import Postgres
from carehub.embedded.process import is_alive, wait_until
from tests.site import Site, start_site

pytestmark = [pytest.mark.site, pytest.mark.xdist_group("site")]

CLIENTS = 16
BETWEEN_SECONDS = 3.0  # of storm before each blow
MEND_SECONDS = 30.0
PAUSE_SECONDS = 1.5  # between a guest's bookings: two workers must mail them all within the test
DRAIN_SECONDS = 180.0  # a lease that died with its worker ends, its message is sent again, the mail is retried
CONFIRMATIONS = ["appointment.booked", "appointment.requested"]

PLACES = """
    select t.slug, p.slug, p.id::text, s.id::text from practitioner p join tenant t on t.id = p.tenant_id
    join service_practitioner sp on sp.tenant_id = p.tenant_id and sp.practitioner_id = p.id
    join service s on s.tenant_id = sp.tenant_id and s.id = sp.service_id
    where p.active and p.accepts_new and p.visibility = 'published' and s.active and s.is_public
      and coalesce((t.booking_rules ->> 'guests')::boolean, true)
      and not exists (select from intake_question q where q.tenant_id = s.tenant_id and q.service_id = s.id and q.required)
    order by p.id limit 8"""
OVERLAPS = """
    select count(*) from appointment a join appointment b on a.tenant_id = b.tenant_id
      and a.practitioner_id = b.practitioner_id and a.id < b.id
      and tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
    where a.status = any(%(busy)s) and b.status = any(%(busy)s)"""
BUSY = ["pending", "proposed", "booked", "arrived", "fulfilled"]
NO_HISTORY = """
    select count(*) from appointment a where a.id = any(%s::uuid[]) and 1 <> (
      select count(*) from appointment_event e where e.tenant_id = a.tenant_id and e.appointment_id = a.id)"""
NO_EVENT = """
    select count(*) from appointment a where a.id = any(%s::uuid[]) and 1 <> (
      select count(*) from outbox o where o.tenant_id = a.tenant_id and o.payload ->> 'appointment_id' = a.id::text)"""
HELD = """
    select count(*) from appointment a join slot_hold h on h.tenant_id = a.tenant_id and h.practitioner_id = a.practitioner_id
      and h.starts_at = a.starts_at where a.id = any(%s::uuid[])"""
TOLD = """
    select a.id::text, array_agg(d.status order by d.id) filter (where d.id is not null) from appointment a
    left join delivery d on d.tenant_id = a.tenant_id and d.appointment_id = a.id and d.audience = 'client'
      and d.channel = 'email' and d.event = any(%s)
    where a.id = any(%s::uuid[]) group by a.id"""
WAITING = """
    select 'outbox ' || kind || ' ' || attempts || ' ' || error, count(*) from outbox
    where done_at is null and kind like 'appointment.%%' group by 1
    union all select 'delivery ' || status || ' ' || attempts || ' ' || error, count(*) from delivery
    where status not in ('sent', 'withdrawn') and event = any(%s) group by 1"""


@dataclass
class Storm:
    """Guests who hold and confirm free times over REST until they are told to stop."""

    url: str
    slots: list[tuple[str, str, str, str]]  # clinic, practitioner, service, start
    confirmed: list[str] = field(default_factory=list)
    refused: int = 0
    cut: int = 0  # requests whose answer never came
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, number: int) -> None:
        chosen, count = random.Random(number), 0
        with httpx.Client(base_url=self.url, timeout=15) as client:
            while not self.over.is_set():
                count += 1
                clinic, practitioner, service, start = chosen.choice(self.slots)
                try:
                    self._book(client, clinic, practitioner, service, start, f"guest-{number}-{count}")
                except httpx.HTTPError:
                    self.cut += 1
                    time.sleep(0.2)

    def _book(self, client: httpx.Client, clinic: str, practitioner: str, service: str, start: str, name: str) -> None:
        wanted = {"practitioner_id": practitioner, "service_id": service, "starts_at": start}
        kept = client.post(f"/api/v1/clinics/{clinic}/holds", json=wanted)
        if kept.status_code != 201:
            self.refused += 1
            return
        guest = {"given_name": "Storm", "family_name": name, "email": f"{name}@example.com"}
        body = {"clinic": clinic, "hold_token": kept.json()["token"], "client": guest}
        booked = client.post("/api/v1/appointments", json=body)
        if booked.status_code == 201:
            self.confirmed.append(booked.json()["appointment"]["id"])
            self.over.wait(PAUSE_SECONDS)
        else:
            self.refused += 1


@pytest.fixture
def storm_site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site to do harm to, with a PostgreSQL and a Valkey of its own."""
    from tests.conftest import PLACE

    monkeypatch.setenv("CAREHUB_API_REQUESTS_PER_MINUTE", "1000000")
    made = start_site(PLACE, "storm", "")
    made.database = postgres_of(made).url()
    yield made
    made.stop()


def free_slots(site: Site) -> list[tuple[str, str, str, str]]:
    with site.connect() as connection:
        places = connection.execute(PLACES).fetchall()
    found = []
    for clinic, slug, practitioner, service in places:
        address = f"{site.url}/api/v1/clinics/{clinic}/practitioners/{slug}/slots"
        answer = httpx.get(address, params={"service_id": service, "days": 21}, timeout=30)
        days = answer.json().get("days", [])
        found += [(clinic, practitioner, service, slot["starts_at"]) for day in days for slot in day["slots"]]
    return found


def postgres_of(site: Site) -> Postgres:
    return Postgres(
        site.data_dir / "postgres", socket_dir=site.data_dir / "run" / "postgres", log=site.data_dir / "unused.log"
    )


def pid_of(site: Site, name: str) -> int:
    """The process of that name, as the supervisor runs it now; 0 while there is none."""
    if name == "postgres":
        return postgres_of(site).pid()
    if name == "valkey":
        try:
            return int((site.data_dir / "run" / "valkey" / "valkey.pid").read_text())
        except (OSError, ValueError):
            return 0
    words = {"web": "granian", "worker": "worker", "beat": "beat"}[name]
    try:
        kept = json.loads((site.data_dir / "children.json").read_text())
    except (OSError, ValueError):
        return 0
    for one in kept:
        try:
            command = Path(f"/proc/{one['pid']}/cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if words in command:
            return int(one["pid"])
    return 0


def well(site: Site) -> bool:
    try:
        parts = httpx.get(f"{site.url}/healthz", timeout=5).json()["parts"]
    except (httpx.HTTPError, ValueError):
        return False
    return all(parts[name]["status"] == "up" for name in ("database", "broker"))


def kill(site: Site, name: str, *, seconds: float = MEND_SECONDS) -> None:
    """With -9; returns when another one runs and the site answers again."""
    before = pid_of(site, name)
    assert is_alive(before), name
    os.kill(before, signal.SIGKILL)
    back = wait_until(lambda: pid_of(site, name) not in (0, before) and well(site), seconds=seconds)
    assert back, f"{name} did not come back\n{site.output.read_text()[-2000:]}"


def number(connection: psycopg.Connection, query: str, *values: Any) -> int:
    row = connection.execute(query, values or None).fetchone()
    assert row is not None
    return int(row[0])


def waiting(site: Site) -> list[tuple[str, int]]:
    """What the relay and the worker have still to do, and why."""
    try:
        with site.connect() as connection:
            return connection.execute(WAITING, (CONFIRMATIONS,)).fetchall()
    except psycopg.OperationalError as error:
        return [(str(error), 1)]


def test_nothing_is_lost_doubled_or_half_done_whatever_dies(storm_site: Site) -> None:
    slots = free_slots(storm_site)
    assert len(slots) > 200
    storm = Storm(storm_site.url, slots)
    threads = [threading.Thread(target=storm.run, args=(n,), daemon=True) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    grown = []
    try:
        for name in ("worker", "valkey", "web", "postgres", "beat"):
            time.sleep(BETWEEN_SECONDS)
            grown.append(len(storm.confirmed))
            kill(storm_site, name)
        time.sleep(BETWEEN_SECONDS)
        grown.append(len(storm.confirmed))
    finally:
        storm.over.set()
        for thread in threads:
            thread.join(30)
    assert grown[0] > 0
    assert grown[-1] > grown[0], grown
    wait_until(lambda: not waiting(storm_site), seconds=DRAIN_SECONDS)
    assert waiting(storm_site) == []
    check(storm_site, storm)


def check(site: Site, storm: Storm) -> None:
    with site.connect() as connection:
        assert connection.execute(OVERLAPS, {"busy": BUSY}).fetchone() == (0,)
        found = connection.execute(
            "select a.id::text from appointment a join patient p on p.tenant_id = a.tenant_id and p.id = a.patient_id"
            " where p.given_name = 'Storm'"
        ).fetchall()
        made = [one for (one,) in found]
        assert set(storm.confirmed) <= set(made), "a confirmed booking is gone"
        assert len(storm.confirmed) == len(set(storm.confirmed))
        assert len(made) - len(storm.confirmed) <= storm.cut, "more rows than unanswered requests"
        assert number(connection, NO_HISTORY, made) == 0
        assert number(connection, NO_EVENT, made) == 0
        assert number(connection, HELD, made) == 0
        told: dict[str, list[str]] = dict(connection.execute(TOLD, (CONFIRMATIONS, made)).fetchall())
        assert {one: statuses for one, statuses in told.items() if statuses != ["sent"]} == {}
