"""Which processes a data directory started, so that the next start can end what a killed one left behind."""

import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from carehub.embedded.process import is_alive, started_at, wait_until

MARK = "CAREHUB_SUPERVISED_BY"  # in the environment of every child: its data directory
PATIENCE = 6.0


@dataclass(frozen=True)
class Record:
    """One process: a pid means nothing without the moment it began, nor after the machine was restarted."""

    pid: int
    started: str
    boot: str


def record(pid: int) -> Record:
    return Record(pid, started_at(pid), _boot())


def is_same(kept: Record) -> bool:
    """Whether the recorded process still lives."""
    return kept.boot == _boot() and kept.started != "" and started_at(kept.pid) == kept.started


def save(path: Path, records: list[Record]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps([asdict(kept) for kept in records]))
    fresh.replace(path)


def load(path: Path) -> list[Record]:
    try:
        return [Record(**kept) for kept in json.loads(path.read_text())]
    except (OSError, ValueError, TypeError):
        return []


def end_leftovers(path: Path, data_dir: Path) -> int:
    """End what the records name and is still ours. Returns how many processes that were."""
    pids = {pid for kept in load(path) for pid in _ours(kept, data_dir)}
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in pids:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        if wait_until(lambda: not any(is_alive(pid) for pid in pids), seconds=PATIENCE):
            break
    path.unlink(missing_ok=True)
    return len(pids)


def _ours(kept: Record, data_dir: Path) -> list[int]:
    if kept.boot != _boot():
        return []
    if sys.platform != "linux":
        return [kept.pid] if is_same(kept) else []
    mark = f"{MARK}={data_dir}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            group = int((entry / "stat").read_text().rpartition(")")[2].split()[2])
            if group == kept.pid and mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
