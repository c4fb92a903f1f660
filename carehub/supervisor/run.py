"""The life of `carehub up`, from its lock to its last child's end."""

import fcntl
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from carehub.core.settings import settings
from carehub.embedded import EmbeddedError, Server, embedded_servers
from carehub.embedded.errors import tail
from carehub.embedded.process import wait_until
from carehub.supervisor import prepare, records, screen
from carehub.supervisor.child import Child
from carehub.supervisor.children import children

WEB_SECONDS = 60.0
STOP_SECONDS = 8.0
LOOK_SECONDS = 0.5
REVIVE_SECONDS = 3.0


class Stopped(BaseException):
    """Ctrl-C, SIGTERM or `carehub down`."""


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    for later in (signal.SIGINT, signal.SIGTERM):
        signal.signal(later, signal.SIG_IGN)  # the way down is not interrupted
    raise Stopped


@contextmanager
def _only_one() -> Iterator[None]:
    """Raises StartError when this data directory is already up."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise prepare.StartError(
                f"CareHub already runs from {settings.data_dir}. `carehub down` stops it."
            ) from error
        yield


def up() -> None:
    """Run until Ctrl-C or SIGTERM. Raises StartError, EmbeddedError or ToolchainError when the start fails."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    with _only_one():
        records.end_leftovers(_children_file(), settings.data_dir)
        prepare.check_port_free()
        servers, running = embedded_servers(), children()
        try:
            _start(servers, running)
            _watch(servers, running)
        except Stopped:
            screen.console.print()
        finally:
            _stop_all(servers, running)


def _start(servers: list[Server], running: list[Child]) -> None:
    began = time.monotonic()
    records.save(_up_file(), [records.record(os.getpid())])
    for server in servers:
        with screen.step(server.name) as step:
            step.note = "" if server.start() else "was running"
    with screen.step("Migrations"):
        prepare.migrate_database()
    if settings.demo:
        with screen.step("Demo data") as step:
            step.note = prepare.seed_demo()
    with screen.step("Frontend") as step:
        step.note = prepare.build()
    with screen.step("Web, worker, scheduler") as step:
        for child in running:
            child.start()
        _record(running)
        _wait_for_web(next(child for child in running if child.name == "web"))
        step.note = ", ".join(f"{child.name} died, see {child.log}" for child in running if not child.is_alive())
    sink = any(child.name == "mail" for child in running)
    seconds = time.monotonic() - began
    screen.welcome(settings.url, seconds=seconds, sign_ins=prepare.sign_ins(), mailbox=sink)


def _wait_for_web(web: Child) -> None:
    wait_until(lambda: not web.is_alive() or _web_answers(), seconds=WEB_SECONDS)
    if not web.is_alive() or not _web_answers():
        raise prepare.StartError(f"The web does not start. The end of {web.log}:\n{tail(web.log, lines=15)}")


def _web_answers() -> bool:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104 - compared, not bound
    try:
        with urllib.request.urlopen(f"http://{host}:{settings.port}/ping", timeout=2) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _watch(servers: list[Server], running: list[Child]) -> None:
    not_before: dict[str, float] = {}
    while True:
        for server in servers:
            if not server.pid() and time.monotonic() >= not_before.get(server.name, 0.0):
                _revive(server)
                not_before[server.name] = time.monotonic() + REVIVE_SECONDS
        changes = [(child, change) for child in running if (change := child.tend())]
        for child, change in changes:
            screen.say(f"{child.name} {change}" + (f", see {child.log}" if change == "died" else ""))
        if changes:
            _record(running)
        time.sleep(LOOK_SECONDS)


def _revive(server: Server) -> None:
    try:
        if server.start():
            screen.say(f"{server.name} died, started again")
    except EmbeddedError as error:
        screen.say(f"{server.name}: {error}")


def _stop_all(servers: list[Server], running: list[Child]) -> None:
    with screen.step("Stopping"):
        for child in running:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in running:
            child.stop(seconds=max(0.1, deadline - time.monotonic()))
        for server in reversed(servers):
            server.stop()
        for path in (_children_file(), _up_file()):
            path.unlink(missing_ok=True)


def _record(running: list[Child]) -> None:
    records.save(_children_file(), [records.record(child.pid) for child in running if child.is_alive()])


def down(*, seconds: float = 40) -> bool:
    """Stop the `carehub up` of this data directory. False when none runs. Raises StartError when it does not end."""
    found = [kept for kept in records.load(_up_file()) if records.is_same(kept)]
    for kept in found:
        with suppress(ProcessLookupError):
            os.kill(kept.pid, signal.SIGTERM)
        if not wait_until(lambda: not records.is_same(kept), seconds=seconds):  # noqa: B023 - called at once
            raise prepare.StartError(f"Process {kept.pid} does not end.")
    return bool(found)


def _children_file() -> Path:
    return settings.data_dir / "children.json"


def _up_file() -> Path:
    return settings.data_dir / "up.json"
