"""One PostgreSQL for the run, one database for each pytest worker, cloned from a template that Alembic migrated.

The environment is set before anything of carehub is imported: settings are read once.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KEPT = ("CAREHUB_PG_BIN", "CAREHUB_BROWSER", "CAREHUB_TESTS_DIR")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
TEMPLATE = "carehub"
NAME = f"test_{WORKER}"


def _own_environment() -> Path:
    """What the run's processes share is a directory; what a developer has exported does not reach the tests."""
    for name in list(os.environ):
        if name in ("DATABASE_URL", "REDIS_URL") or (name.startswith("CAREHUB_") and name not in KEPT):
            del os.environ[name]
    if "PYTEST_XDIST_WORKER" not in os.environ:
        made = Path(tempfile.mkdtemp(prefix="carehub-tests-"))
        made.chmod(0o711)  # the server's user passes through
        os.environ["CAREHUB_TESTS_DIR"] = str(made)
    place = Path(os.environ["CAREHUB_TESTS_DIR"])
    os.environ["CAREHUB_DATA_DIR"] = str(place / WORKER)
    os.environ["CAREHUB_SECRET_KEY"] = "only-for-tests-" * 3
    os.environ["DATABASE_URL"] = _url(place, NAME)
    return place


def _url(place: Path, name: str) -> str:
    return f"postgresql://carehub_admin@/{name}?host={place / 'run'}&port=5432"


PLACE = _own_environment()

pytest_plugins = ["tests.site"]

import hypothesis  # noqa: E402
import psycopg  # noqa: E402
from psycopg import sql  # noqa: E402

from carehub.core import crypto  # noqa: E402
from carehub.core import db as core_db  # noqa: E402
from carehub.embedded import Postgres, Valkey, valkey  # noqa: E402
from carehub.embedded.process import file_lock  # noqa: E402

SERVER = Postgres(PLACE / "postgres", socket_dir=PLACE / "run", log=PLACE / "postgres.log", durable=False)


hypothesis.settings.register_profile("house", deadline=None)  # no test measures time: the machine may be busy
hypothesis.settings.load_profile("house")


def pytest_sessionstart(session: pytest.Session) -> None:
    if WORKER == "main" and not session.config.option.collectonly:
        SERVER.start()


def pytest_unconfigure() -> None:
    if WORKER == "main":
        SERVER.stop()
        shutil.rmtree(PLACE, ignore_errors=True)


@pytest.fixture(scope="session")
def template() -> str:
    """The migrated database that every other is cloned from. Nobody may be connected to it."""
    with file_lock(PLACE / "template.lock", seconds=120):
        done = PLACE / "template.done"
        if not done.exists():
            environment = {**os.environ, "DATABASE_URL": _url(PLACE, TEMPLATE)}
            command = [sys.executable, "-m", "carehub", "migrate"]
            made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            assert made.returncode == 0, made.stderr
            done.touch()
    return TEMPLATE


def _forget_connections() -> None:
    crypto.forget_keys()
    if core_db.engine.cache_info().currsize:
        for one in (core_db.engine(), core_db.engine(aside=True)):
            one.dispose()
        core_db.engine.cache_clear()
    if core_db.platform_engine.cache_info().currsize:
        core_db.platform_engine().dispose()
        core_db.platform_engine.cache_clear()


def clone(name: str) -> None:
    """Make the database `name` anew from the template."""
    _forget_connections()
    with psycopg.connect(SERVER.url("postgres"), autocommit=True) as server:
        mine = sql.Identifier(name)
        server.execute(sql.SQL("drop database if exists {} with (force)").format(mine))
        with file_lock(PLACE / "template.lock"):  # two clones of one template at once refuse each other
            make = sql.SQL("create database {} template {} strategy file_copy")
            server.execute(make.format(mine, sql.Identifier(TEMPLATE)))


@pytest.fixture(scope="session")
def worker_database(template: str) -> str:
    """The administrator's address of this worker's database: what DATABASE_URL says."""
    clone(NAME)
    return SERVER.url(NAME)


@pytest.fixture
def db(worker_database: str) -> Iterator[psycopg.Connection]:
    """An administrator's connection that commits at once. What it writes stays for the worker's later tests."""
    with psycopg.connect(worker_database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def database(worker_database: str) -> Iterator[str]:
    """The worker's database as new, for a test that needs to be alone. Returns its administrator's address."""
    clone(NAME)
    yield worker_database
    _forget_connections()


@pytest.fixture(scope="session")
def own_valkey() -> Iterator[Valkey]:
    server = valkey()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def broker(own_valkey: Valkey) -> str:
    """A running Valkey of this worker's own, at settings.valkey_url: also after a test that stopped or killed it."""
    own_valkey.start()
    return own_valkey.url()
