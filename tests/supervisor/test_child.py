"""A supervised process is started again when it dies, and never leaves its own children behind."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from carehub.embedded.process import is_alive, wait_until
from carehub.supervisor import records
from carehub.supervisor.child import Child

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(600)
"""


def make(tmp_path: Path, *command: str) -> Child:
    return Child(
        "some", [sys.executable, *command], env=dict(os.environ), log=tmp_path / "log", cwd=tmp_path, mark=str(tmp_path)
    )


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[Child]:
    """A process that has one of its own, whose pid it writes down."""
    child = make(tmp_path, "-c", PARENT, str(tmp_path / "pid"))
    child.start()
    assert wait_until(lambda: bool(grandchild(tmp_path)), seconds=10)
    yield child
    child.ask_to_stop()
    child.stop(seconds=5)


def grandchild(tmp_path: Path) -> int:
    try:
        return int((tmp_path / "pid").read_text())
    except (OSError, ValueError):
        return 0


def tended(child: Child, change: str) -> bool:
    return wait_until(lambda: child.tend() == change, seconds=10)


def test_one_that_is_killed_starts_again(parent: Child) -> None:
    before = parent.pid
    os.kill(before, signal.SIGKILL)
    assert tended(parent, "died")
    assert tended(parent, "restarted")
    assert parent.is_alive()
    assert parent.pid != before


def test_what_a_killed_one_left_behind_is_ended(parent: Child, tmp_path: Path) -> None:
    left = grandchild(tmp_path)
    os.kill(parent.pid, signal.SIGKILL)
    assert tended(parent, "died")
    assert wait_until(lambda: not is_alive(left), seconds=5)


def test_one_that_keeps_dying_is_started_ever_more_seldom(tmp_path: Path) -> None:
    child = make(tmp_path, "-c", "raise SystemExit(1)")
    child.start()
    starts: list[float] = []
    while len(starts) < 3:
        if child.tend() == "restarted":
            starts.append(time.monotonic())
        time.sleep(0.01)
    assert child.deaths >= 3
    assert starts[2] - starts[1] > starts[1] - starts[0]


def test_one_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    child = make(tmp_path, "-c", deaf)
    child.start()
    assert wait_until(lambda: (tmp_path / "log").read_text() == "1\n", seconds=10)
    child.ask_to_stop()
    child.stop(seconds=0.2)
    assert not child.is_alive()


def test_the_next_start_ends_what_a_killed_supervisor_left(parent: Child, tmp_path: Path) -> None:
    path = tmp_path / "children.json"
    records.save(path, [records.record(parent.pid)])
    left = grandchild(tmp_path)
    assert records.end_leftovers(path, tmp_path) == 2
    assert not is_alive(left)
    assert not path.exists()


def test_a_stranger_with_a_recorded_pid_is_left_alone(parent: Child, tmp_path: Path) -> None:
    path = tmp_path / "children.json"
    records.save(path, [records.record(parent.pid)])
    assert records.end_leftovers(path, tmp_path / "other") == 0
    assert parent.is_alive()
