"""The steps between running databases and a running web: migrations, demo data, the build."""

import importlib
import importlib.util
import socket
from collections.abc import Sequence
from types import ModuleType

import psycopg

from carehub.core import migrate
from carehub.core.settings import settings
from carehub.toolchain import build_frontend, is_built, prepare_tools


class StartError(RuntimeError):
    """The message says what stands in the way and what to do about it."""


def check_port_free() -> None:
    """Raises StartError when someone else listens where the web should."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise StartError(
                f"{settings.host}:{settings.port} cannot be used ({error.strerror}). "
                "Stop what listens there, or choose another with CAREHUB_PORT."
            ) from error


def migrate_database() -> None:
    migrate.upgrade()


def _demo() -> ModuleType | None:
    name = "carehub.services.demo"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def has_tenants() -> bool:
    """Whether anybody lives in the database already."""
    with psycopg.connect(settings.admin_database_url, connect_timeout=10) as connection:
        known = connection.execute("select to_regclass('public.tenant') is not null").fetchone()
        if not known or not known[0]:
            return False
        found = connection.execute("select exists (select 1 from tenant where slug <> 'carehub')").fetchone()
        return bool(found and found[0])


def seed_demo() -> str:
    """Load the demo tenants into an empty database. Returns what happened."""
    demo = _demo()
    if demo is None:
        return "none in this build"
    if has_tenants():
        return "kept"
    demo.seed()
    return "loaded"


def sign_ins() -> Sequence[Sequence[str]]:
    demo = _demo() if settings.demo else None
    return getattr(demo, "SIGN_INS", ())


def build() -> str:
    if is_built():
        return "unchanged"
    prepare_tools()
    return "made" if build_frontend() else "unchanged"
