"""The web process by itself, on this worker's database and Valkey, and a client of its event socket that is no browser."""

import asyncio
import json
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from carehub.core.settings import settings
from carehub.services.identity.sessions import COOKIE
from carehub.supervisor.children import web_command, web_environment
from tests.site import free_port

ROOT = Path(__file__).parents[2]
STATE = "reflex___state____state"
FIRST_SECONDS = 5.0  # for the first word of an answer
QUIET_SECONDS = 0.5  # a socket that says nothing for so long after it has answered
START_SECONDS = 60


@dataclass
class Web:
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running_web(database: str) -> Iterator[Web]:
    """`granian` over the backend alone: no page is served, so nothing is built."""
    port = free_port()
    environment = {
        **web_environment(), "DATABASE_URL": database, "CAREHUB_PORT": str(port),
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "false", "CAREHUB_API_REQUESTS_PER_MINUTE": "100000",
    }  # fmt: skip
    command = web_command()
    command[command.index("--port") + 1] = str(port)
    log = settings.data_dir / f"web-{port}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        _wait(process, port, log)
        yield Web(port, log)
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text()[-4000:])


@dataclass
class Tab:
    """One connection, as the browser's tab `token` or as someone who says to be it."""

    socket: ClientConnection
    token: str
    heard: list[str] = field(default_factory=list)

    async def send(self, name: str, payload: dict[str, Any] | None = None, *, path: str = "/", **more: Any) -> str:
        """Send an event by its full name and return all that comes back."""
        router = {"pathname": path, "asPath": path, "query": {}}
        event = {"name": name, "payload": payload or {}, "router_data": router, **more}
        await self.socket.send("42/_event," + json.dumps(["event", event]))
        return await self.listen()

    async def hydrate(self, path: str = "/") -> str:
        return await self.send(f"{STATE}.hydrate_and_load", path=path)

    async def listen(self, first: float = FIRST_SECONDS) -> str:
        """What is said until it is quiet, each message on a line."""
        told: list[str] = []
        try:
            while True:
                message = str(await asyncio.wait_for(self.socket.recv(), QUIET_SECONDS if told else first))
                if message == "2":
                    await self.socket.send("3")
                else:
                    told.append(message)
        except TimeoutError:
            self.heard += told
            return "\n".join(told)

    async def close(self) -> None:
        await self.socket.close()


async def open_tab(web: Web, *, cookie: str = "", token: str = "", origin: str | None = "own") -> Tab:
    """Connect. `origin` is what a browser would say about the page that connects; None: no browser."""
    token = token or str(uuid.uuid4())
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    if origin is not None:
        headers["Origin"] = web.url if origin == "own" else origin
    address = f"ws://127.0.0.1:{web.port}/_event/?token={token}&EIO=4&transport=websocket"
    socket = await connect(address, additional_headers=headers, compression=None, max_size=None)
    await socket.recv()
    await socket.send("40/_event,")
    await socket.recv()
    return Tab(socket, token)


def messages(told: str) -> list[Any]:
    """The state updates in what was heard."""
    found = []
    for line in told.splitlines():
        if line.startswith("42/_event,"):
            name, *data = json.loads(line.removeprefix("42/_event,"))
            found += [json.loads(one) if isinstance(one, str) else one for one in data] if name == "event" else []
    return found
