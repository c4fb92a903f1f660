"""`carehub up` as its operator meets it: it mends itself, starts once, and stops cleanly."""

import json
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from carehub.embedded.process import is_alive, started_at, wait_until
from tests.conftest import PLACE, SERVER, WORKER, clone
from tests.site import Site, start_site

PARTS = 6  # mail, texts, stripe, web, worker, beat


@pytest.fixture
def own(template: str, site: Site) -> Iterator[Site]:
    """A site to do harm to, beside the shared one: two data directories side by side."""
    name = f"harm_{WORKER}"
    clone(name)
    made = start_site(PLACE, name, SERVER.url(name))
    yield made
    if made.process.poll() is None:
        made.stop()


def answers(site: Site) -> bool:
    try:
        with urllib.request.urlopen(f"{site.url}/ping", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def pids(site: Site) -> set[int]:
    return {kept["pid"] for kept in json.loads((site.data_dir / "children.json").read_text())}


def mended(site: Site, before: set[int]) -> bool:
    try:
        now = pids(site)
    except (OSError, ValueError):
        return False
    return len(now) == PARTS and not now & before and all(map(is_alive, now)) and answers(site)


def test_whatever_is_killed_starts_again(own: Site) -> None:
    before = pids(own)
    assert len(before) == PARTS
    for pid in (*before, int((own.data_dir / "run" / "valkey" / "valkey.pid").read_text())):
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: mended(own, before), seconds=30), own.output.read_text()


def test_sigterm_stops_everything_it_started(own: Site) -> None:
    started = {pid: started_at(pid) for pid in pids(own)}
    own.stop()
    assert own.process.returncode == 0
    assert [pid for pid, at in started.items() if started_at(pid) == at] == []
    assert not (own.data_dir / "children.json").exists()


def test_kill_9_of_all_blocks_no_start(own: Site) -> None:
    for pid in (own.process.pid, *pids(own)):
        os.kill(pid, signal.SIGKILL)
    own.process.wait(10)
    again = start_site(PLACE, own.data_dir.name, own.database)
    assert answers(again)
    again.stop()


def test_a_second_start_of_one_data_directory_says_that_it_runs(site: Site) -> None:
    answer = site.carehub("up")
    assert answer.returncode == 1
    assert "already runs" in answer.stderr
    assert answers(site)


def test_a_taken_port_is_said_in_words(site: Site) -> None:
    site_port = site.environment["CAREHUB_PORT"]
    other = {**site.environment, "CAREHUB_DATA_DIR": str(PLACE / "other"), "CAREHUB_PORT": site_port}
    answer = Site(site.url, PLACE / "other", site.database, site.output, other, site.process).carehub("up")
    assert answer.returncode == 1
    assert "CAREHUB_PORT" in answer.stderr


def test_the_doctor_finds_nothing_wrong_while_it_runs(site: Site) -> None:
    answer = site.carehub("doctor")
    assert answer.returncode == 0, answer.stdout
    assert "CareHub is up" in answer.stdout
