"""The embedded servers that the settings ask for."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol

from carehub.core.settings import settings
from carehub.embedded.postgres import Postgres
from carehub.embedded.valkey import Valkey


class Server(Protocol):
    name: str

    def pid(self) -> int: ...
    def is_running(self) -> bool: ...
    def start(self) -> bool: ...
    def stop(self) -> None: ...


def database() -> Postgres:
    """The data directory's PostgreSQL, running or not."""
    return Postgres(
        settings.data_dir / "postgres",
        socket_dir=settings.run_dir / "postgres",
        log=settings.data_dir / "logs" / "postgres.log",
        bin_dir=settings.pg_bin,
    )


def valkey() -> Valkey:
    """The data directory's Valkey, running or not."""
    return Valkey(
        settings.data_dir / "valkey",
        socket_dir=settings.run_dir / "valkey",
        log=settings.data_dir / "logs" / "valkey.log",
    )


def embedded_servers() -> list[Server]:
    """Those that nobody gave an address for, in the order of starting."""
    found: list[Server] = []
    if settings.embedded_database:
        found.append(database())
    if settings.embedded_redis:
        found.append(valkey())
    return found


@contextmanager
def running() -> Iterator[None]:
    """For one command: what is not running yet runs meanwhile, and is stopped after."""
    with ExitStack() as stack:
        for server in embedded_servers():
            if server.start():
                stack.callback(server.stop)
        yield
