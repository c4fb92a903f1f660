"""All of an installation: the database, every stored file, and checksums of both. Never the secret key."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, text

from carehub.backup import programs
from carehub.backup.archive import Archive, Head, Writer, open_archive, writing
from carehub.backup.checksums import differences, table_sums
from carehub.backup.errors import BackupError, Collides, Newer
from carehub.backup.scratch import at, live, scratch_database, take_place
from carehub.core import clock, migrate
from carehub.core.administrator import administrator
from carehub.core.db import admin_url
from carehub.core.release import release
from carehub.core.settings import settings
from carehub.integrations.storage import storage
from carehub.services.platform import heartbeats
from carehub.services.platform.keys import rewrap

DUMP = "database.dump"
FILES = "files/"
NOT_KEPT = ("exports/",)  # made anew when they are asked for

Say = Callable[[str], None]
_UNBOUND = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
_REVISIONS = text("SELECT version_num FROM alembic_version ORDER BY 1")
_READER = (
    "GRANT {reader} TO CURRENT_USER",
    f"SET ROLE {migrate.OWNER}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}",
    "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {reader}",
    "RESET ROLE",
)
READER = "ch_backup"


def new_head(kind: str, revisions: list[str], *, tenant: str = "") -> Head:
    made_at = clock.now().isoformat(timespec="seconds")
    return Head(kind, secrets.token_hex(16), made_at, release(), revisions, tenant)


def revisions_of(connection: Connection) -> list[str]:
    return list(connection.scalars(_REVISIONS))


@contextmanager
def _snapshot(url: URL) -> Iterator[tuple[Connection, str, list[str]]]:
    """A transaction that sees one moment of every row, its name for pg_dump, and what pg_dump needs to see as much."""
    engine = create_engine(url, isolation_level="REPEATABLE READ", hide_parameters=True)
    try:
        with engine.connect() as connection:
            more: list[str] = []
            if not connection.scalar(_UNBOUND):  # a managed service's administrator reads as the role that may
                for statement in _READER:
                    connection.execute(text(statement.format(reader=READER)))
                connection.commit()
                connection.execute(text(f"SET ROLE {READER}"))
                connection.commit()
                more = [f"--role={READER}", "--enable-row-security"]
            else:
                connection.commit()
            yield connection, str(connection.scalar(text("SELECT pg_export_snapshot()"))), more
            connection.rollback()
    finally:
        engine.dispose()


def back_up(path: Path, *, prove: bool = True, say: Say = lambda _line: None) -> Archive:
    """Write all of this installation to `path`, as it is at one moment, while people work (CD-121, CD-196).

    With `prove` it is restored into a scratch database and compared table by table before this returns. Raises BackupError;
    no file is left then.
    """
    unproved = path.with_name(f".{path.name}.unproved") if prove else path
    try:
        _write(unproved, say)
        archive = open_archive(unproved, settings.secret)
        if prove:
            with scratch_database() as name:
                fill(archive, name, say)
            say(f"Proved: {len(archive.manifest.tables)} tables restored with equal checksums.")
            unproved.replace(path)
        heartbeats.beat("backup")
        return Archive(path, archive.manifest)
    finally:
        if prove:
            unproved.unlink(missing_ok=True)


def _write(path: Path, say: Say) -> None:
    with _snapshot(admin_url()) as (connection, snapshot, more):
        head = new_head("whole", revisions_of(connection))
        with writing(path, head, settings.secret) as writer:
            command = [programs.program("pg_dump"), "--format=custom", "--schema=public", "--no-password"]
            writer.add_stream(DUMP, programs.output_of(admin_url(), [*command, f"--snapshot={snapshot}", *more]))
            writer.manifest.tables = table_sums(connection)
            add_files(writer, "")
            rows = sum(one.rows for one in writer.manifest.tables.values())
            say(f"{len(writer.manifest.tables)} tables, {rows} rows, {len(writer.manifest.parts) - 2} files.")


def add_files(writer: Writer, prefix: str) -> None:
    """Every stored file whose key begins so, but those that are made anew when they are asked for."""
    kept = storage()
    for key in sorted(kept.list_keys(prefix)):
        if not key.startswith(NOT_KEPT):
            with suppress(FileNotFoundError):  # taken away since it was listed
                writer.add(FILES + key, kept.get(key))


def check_known(archive: Archive) -> None:
    """Raises Newer when a later CareHub's migrations made the schema."""
    script = ScriptDirectory.from_config(migrate.config())
    known = {one.revision for one in script.walk_revisions()}
    if not set(archive.head.revisions) <= known:
        raise Newer(
            f"{archive.path} was made by CareHub {archive.head.version} with a later schema than this one knows. "
            "Install that version, then restore. Nothing was changed."
        )


def fill(archive: Archive, name: str, say: Say) -> None:
    """Restore the dump into the empty database `name` and compare every table. Raises BackupError."""
    engine = create_engine(at(name), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        migrate.bootstrap(connection)
    engine.dispose()
    command = [
        programs.program("pg_restore"),
        "--exit-on-error",
        "--no-password",
        "--schema=public",
        f"--dbname={name}",
    ]
    programs.feed(at(name), command, archive.stream(DUMP))
    say("Restored beside the live database; comparing every table.")
    with administrator(list(archive.manifest.tables), url=at(name)) as connection:
        wrong = differences(archive.manifest.tables, table_sums(connection))
        connection.rollback()
    if wrong:
        raise BackupError("The restored tables are not what was backed up:\n" + "\n".join(wrong))


def restore(archive: Archive, *, secret: bytes = b"", replace: bool = False, say: Say = lambda _line: None) -> str:
    """Put a whole backup in this installation's place. Answers the name under which the former database is kept.

    All is built and compared in a scratch database; then it takes the live one's place in one step. Cut off at any moment,
    the live database is as it was or wholly the backup. `secret` is what closed the backup, when it is not this
    installation's. Raises Newer, Collides or another BackupError.
    """
    check_known(archive)
    if not replace and is_inhabited():
        raise Collides(
            "This installation has organisations. Give --replace to put the backup in their place: the present database is "
            "kept under another name. Nothing was changed."
        )
    former = f"{live()[:30]}_before_{clock.now():%Y%m%d_%H%M%S}"
    with scratch_database() as name:
        fill(archive, name, say)
        if secret and secret != settings.secret:
            with administrator(["tenant_key"], url=at(name)) as connection:
                count = rewrap(connection, former=secret, present=settings.secret)
                connection.commit()
            say(f"{count} data keys are wrapped with this installation's secret.")
        migrate.upgrade(url=at(name))
        _withdraw_due(at(name), say)
        put_files(archive)
        take_place(name, former=former)
    return former


_DUE = text("""
    UPDATE delivery SET status = 'withdrawn', error = 'due before a restore' WHERE status IN ('scheduled', 'sending')
    AND due_at < now()""")


def _withdraw_due(url: URL, say: Say) -> None:
    """Messages that came due between the backup and now were sent by the installation that went on: not once more."""
    with administrator(["delivery"], url=url) as connection:
        count = connection.execute(_DUE).rowcount
        connection.commit()
    if count:
        say(f"{count} messages were due since the backup; they are withdrawn, as they may have been sent.")


def put_files(archive: Archive) -> int:
    """Write the files that are not here yet, each whole or not at all. A key never changes its content, so this harms nobody."""
    kept, written = storage(), 0
    wanted = {name: archive.manifest.parts[name].sha256 for name in archive.names(FILES)}
    here = {FILES + key for key in kept.list_keys()}
    for name, content in archive.read_all(FILES):
        key = name.removeprefix(FILES)
        if name not in here or hashlib.sha256(kept.get(key)).hexdigest() != wanted[name]:
            kept.put(key, content)
            written += 1
    return written


def is_inhabited() -> bool:
    """Whether the live database has organisations of its own."""
    with create_engine(admin_url()).connect() as connection:
        if not connection.scalar(text("SELECT to_regclass('public.tenant') IS NOT NULL")):
            return False
    with administrator(["tenant"]) as connection:
        found = connection.scalar(text("SELECT EXISTS (SELECT FROM tenant WHERE slug <> 'carehub')"))
        connection.rollback()
    return bool(found)
