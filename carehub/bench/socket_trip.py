"""An event's way there and back over the socket: a page's first event beside one that does nothing.

Both pass the guard; the first one, of a receptionist in the large set's first tenant, also runs a verb in its transaction.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from carehub.bench.measure import Line, one_by_one
from carehub.core.ids import new_id
from carehub.core.settings import settings
from carehub.services.identity import sessions
from carehub.supervisor.children import web_command, web_environment

TENANT = "large-001"
STATES = "reflex___state____state.carehub___state___"
LOAD = f"{STATES}shell____shell.load"
NOTHING = f"{STATES}toasts____toasts.dismiss"
START_SECONDS = 60


class Socket:
    """What a browser's tab speaks: Engine.IO frames around Socket.IO events."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire = wire
        wire.recv()
        wire.send("40/_event,")
        wire.recv()

    def trip(self, name: str, **payload: object) -> str:
        """Send an event and wait for the first answer. Raises TimeoutError when there is none."""
        path = f"/w/{TENANT}/agenda"
        event = {"name": name, "payload": payload, "router_data": {"pathname": path, "query": {}, "asPath": path}}
        self._wire.send("42/_event," + json.dumps(["event", event]))
        while True:
            answer = str(self._wire.recv(timeout=10))
            if answer == "2":
                self._wire.send("3")
            elif answer.startswith("42/_event,"):
                return answer


def line(connection: psycopg.Connection[Any], url: str, *, times: int) -> Line:
    """`url`: a running web on the same database; empty: one is started on settings.port and stopped."""
    with _receptionist(connection) as cookie:
        if url:
            return _line(url, cookie, times)
        with _web() as started:
            return _line(started, cookie, times)


def _line(url: str, cookie: str, times: int) -> Line:
    address = f"{url.rstrip('/').replace('http', 'ws', 1)}/_event/?token={new_id()}&EIO=4&transport=websocket"
    with connect(address, additional_headers={"Cookie": f"{sessions.COOKIE}={cookie}"}) as wire:
        socket = Socket(wire)
        told = socket.trip(LOAD)
        if TENANT not in told:
            raise RuntimeError("the web did not know the bench's session: is it on the same database and secret?")

        def load(_n: int) -> None:
            socket.trip(LOAD)

        def nothing(_n: int) -> None:
            socket.trip(NOTHING, toast_id=0)

        ours = one_by_one(load, times)
        return Line("event over the socket; floor: one that does nothing", ours, one_by_one(nothing, times))


@contextmanager
def _web() -> Iterator[str]:
    """A web process without the built pages. Raises RuntimeError when it does not answer in time."""
    environment = web_environment()
    environment.pop("__REFLEX_MOUNT_FRONTEND_COMPILED_APP", None)
    url = f"http://{settings.host}:{settings.port}"
    log = settings.data_dir / "logs" / "bench-web.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as out:
        process = subprocess.Popen(web_command(), env=environment, stdout=out, stderr=subprocess.STDOUT)  # noqa: S603 -- our own command
    try:
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    address = f"{url.replace('http', 'ws', 1)}/_event/?token={new_id()}&EIO=4&transport=websocket"
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with connect(address):
                return
        except (OSError, WebSocketException):
            time.sleep(0.3)
    raise RuntimeError("the web did not start: see logs/bench-web.log in the data directory")


@contextmanager
def _receptionist(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """The cookie of someone who is on the first tenant's staff for as long as this lasts."""
    person = new_id()
    connection.execute(
        "INSERT INTO person (id, given_name, family_name, email, email_index, password_hash, gender, address, postcode, city,"
        " country, locale, time_zone, is_professional) VALUES (%s, 'Bench', 'Bench', '', %s, '', '', '', '', '', '', 'fr',"
        " 'Europe/Paris', true)",
        [person, person.bytes],
    )
    connection.execute(
        "INSERT INTO membership (tenant_id, id, person_id, role, active)"
        " SELECT id, %s, %s, 'receptionist', true FROM tenant WHERE slug = %s",
        [new_id(), person, TENANT],
    )
    try:
        yield sessions.open_session(person)
    finally:
        _forget(connection, person)


def _forget(connection: psycopg.Connection[Any], person: UUID) -> None:
    for table, column in (("session", "person_id"), ("membership", "person_id"), ("person", "id")):
        connection.execute(f"DELETE FROM {table} WHERE {column} = %s", [person])  # noqa: S608 -- names above
