"""One organisation: its rows in every table of the catalogue, its files, its wrapped data keys, and who its people are.

Restored here or into another installation, all at once or not at all. Accounts come with name and address only: who has
none there yet sets a password by "forgotten password". The audit log stays with the installation that sealed it.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import URL, Connection, Table, text

from carehub.backup.archive import Archive, TableSum, open_archive, writing
from carehub.backup.errors import BackupError, Collides
from carehub.backup.keyring import Keyring
from carehub.backup.people import CARRIED, kept_people, settle_people
from carehub.backup.scratch import at, scratch_database
from carehub.backup.whole import Say, add_files, new_head, put_files, revisions_of
from carehub.core import clock, crypto, migrate
from carehub.core.administrator import administrator
from carehub.core.ids import new_id
from carehub.core.settings import settings
from carehub.models.catalogue import person_columns, tenant_tables, written
from carehub.services.exports.reader import TENANT, line_of, rows_of
from carehub.services.identity.sessions import forget_all

ROWS = "rows/"
PEOPLE = "people.jsonl"

Row = dict[str, Any]
Rows = Callable[[Table], Iterator[Row]]


def carried() -> list[Table]:
    """The tenant itself, then all that is its own."""
    return [TENANT, *tenant_tables()]


def names(table: Table) -> list[str]:
    return [one.name for one in written(table)]


@contextmanager
def _all_rows(url: URL | None = None) -> Iterator[Connection]:
    tables = [*(one.name for one in carried()), "tenant_key", "person", "outbox"]
    with administrator(tables, url=url) as connection:
        yield connection


def back_up(slug: str, path: Path, *, prove: bool = True, say: Say = lambda _line: None) -> Archive:
    """Write one organisation to `path`, as it is at one moment. With `prove` it is restored into a scratch database first.

    Raises BackupError, also when nobody has the address; no file is left then.
    """
    unproved = path.with_name(f".{path.name}.unproved") if prove else path
    try:
        _write(slug, unproved, say)
        archive = open_archive(unproved, settings.secret)
        if prove:
            with scratch_database() as name:
                migrate.upgrade(url=at(name))
                restore(archive, url=at(name))
            say(f"Proved: {len(archive.manifest.tables)} tables restored with equal checksums.")
            unproved.replace(path)
        return Archive(path, archive.manifest)
    finally:
        if prove:
            unproved.unlink(missing_ok=True)


def _write(slug: str, path: Path, say: Say) -> None:
    with _all_rows() as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        found = connection.execute(text("SELECT id FROM tenant WHERE slug = :slug"), {"slug": slug}).scalar()
        if found is None or slug == "carehub":
            raise BackupError(f"No organisation has the address {slug}.")
        tenant_id = UUID(str(found))
        crypto.encrypt(tenant_id, CARRIED, "")  # a tenant without a data key gets one
        keys = Keyring(connection, settings.secret)
        head = new_head("tenant", revisions_of(connection), tenant=slug)
        with writing(path, head, settings.secret) as writer:
            for table in carried():
                counted = Counted(rows_of(connection, table, tenant_id, names(table)))
                writer.add_stream(f"{ROWS}{table.name}.jsonl.gz", _packed(map(line_of, counted)))
                writer.manifest.tables[table.name] = counted.sum()
            people = kept_people(connection, tenant_id, keys)
            writer.add(PEOPLE, b"".join(line_of(one) for one in people))
            add_files(writer, f"{tenant_id}/")
            writer.manifest.facts = {"tenant_id": str(tenant_id), "keys": keys.wrapped(tenant_id)}
        rows = sum(one.rows for one in writer.manifest.tables.values())
        say(f"{len(writer.manifest.tables)} tables, {rows} rows, {len(people)} people.")
        connection.rollback()


class Counted:
    """Rows on their way through, with their checksum once they have passed."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows, self.count, self.digest = rows, 0, hashlib.sha256()

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.count += 1
            self.digest.update(line_of(row))
            yield row

    def sum(self) -> TableSum:
        return TableSum(self.count, self.digest.hexdigest())


def _packed(lines: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(wbits=31)
    for line in lines:
        if packed := packer.compress(line):
            yield packed
    yield packer.flush()


def _unpacked(chunks: Iterable[bytes]) -> Iterator[Row]:
    opener, rest = zlib.decompressobj(wbits=31), b""
    for chunk in chunks:
        *lines, rest = (rest + opener.decompress(chunk)).split(b"\n")
        yield from map(json.loads, lines)


@dataclass(frozen=True)
class Restored:
    """`changed` is false when all of it stood here already."""

    slug: str
    changed: bool
    rows: int


def restore(archive: Archive, *, secret: bytes = b"", replace: bool = False, url: URL | None = None) -> Restored:
    """Put an organisation back, in one transaction that compares every row before it stands.

    The same again changes nothing. What stands here and differs is a Collides, unless `replace` puts the backup in its
    place. `secret` is what closed the backup, when it is not this installation's. Raises BackupError; nothing changes then.
    """
    tenant_id = UUID(archive.manifest.facts["tenant_id"])
    with _all_rows(url) as connection:
        _check_same_schema(archive, connection)
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": zlib.crc32(tenant_id.bytes)})
        _check_address_free(archive, connection, tenant_id)
        before = Keyring(connection, secret or settings.secret)
        before.know(tenant_id, archive.manifest.facts["keys"])
        now = Keyring(connection, settings.secret)
        people = settle_people(connection, _people(archive), tenant_id, before, now)
        wanted = _Wanted(archive, people, clock.now())
        if connection.scalar(text("SELECT 1 FROM tenant WHERE id = :id"), {"id": tenant_id}):
            differing = [one.name for one in carried() if wanted.sum(one) != wanted.sum_of(connection, one, tenant_id)]
            if not differing:
                connection.rollback()
                return Restored(archive.head.tenant, changed=False, rows=0)
            if not replace:
                raise Collides(
                    f"{archive.head.tenant} stands here already and differs in {', '.join(differing)}. Give --replace to put "
                    "the backup in its place. Nothing was changed."
                )
            _delete(connection, tenant_id)
        now.take_over(tenant_id, before)
        rows = sum(_insert(connection, table, wanted.rows(table)) for table in carried())
        _check_equal(connection, wanted, tenant_id)
        connection.execute(_CHANGED, {"id": new_id(), "tenant": tenant_id})
        if url is None:
            put_files(archive)
        connection.commit()
    if url is None:
        forget_all()
    return Restored(archive.head.tenant, changed=True, rows=rows)


_CHANGED = text("""
    INSERT INTO outbox (id, tenant_id, kind, payload, attempts, error) VALUES (:id, :tenant, 'tenant.changed', '{}', 0, '')""")


def _people(archive: Archive) -> list[Row]:
    return [json.loads(line) for line in archive.read(PEOPLE).splitlines()]


def _check_same_schema(archive: Archive, connection: Connection) -> None:
    here = revisions_of(connection)
    if archive.head.revisions != here:
        raise BackupError(
            f"{archive.path} was made by CareHub {archive.head.version} with another schema ({', '.join(archive.head.revisions)}; "
            f"here {', '.join(here)}). Bring both to the same version, then back up again. Nothing was changed."
        )


def _check_address_free(archive: Archive, connection: Connection, tenant_id: UUID) -> None:
    taken = text("SELECT 1 FROM tenant WHERE slug = :slug AND id <> :id")
    if connection.scalar(taken, {"slug": archive.head.tenant, "id": tenant_id}):
        raise Collides(
            f"Another organisation has the address {archive.head.tenant} here: change one of the two first. Nothing was changed."
        )


class _Wanted:
    """The rows that are to stand: the archive's, with this installation's accounts, and no message that was due meanwhile."""

    def __init__(self, archive: Archive, people: dict[str, str], now: datetime) -> None:
        self.archive, self.people, self.now = archive, people, now

    def rows(self, table: Table) -> Iterator[Row]:
        found = _unpacked(self.archive.stream(f"{ROWS}{table.name}.jsonl.gz"))
        moved = [name for name in person_columns(table) if name in table.c]
        for row in found:
            for name in moved:
                row[name] = self.people.get(row[name], row[name])
            yield self._timely(table, row)

    def _timely(self, table: Table, row: Row) -> Row:
        waits = table.name == "delivery" and row["status"] in ("scheduled", "sending")
        if waits and datetime.fromisoformat(row["due_at"]) < self.now:
            return {**row, "status": "withdrawn"}
        return row

    def sum(self, table: Table) -> TableSum:
        return _sum(self.rows(table))

    def sum_of(self, connection: Connection, table: Table, tenant_id: UUID) -> TableSum:
        found = rows_of(connection, table, tenant_id, names(table))
        return _sum(self._timely(table, row) for row in found)


def _sum(rows: Iterable[Row]) -> TableSum:
    counted = Counted(rows)
    for _ in counted:
        pass
    return counted.sum()


def _delete(connection: Connection, tenant_id: UUID) -> None:
    for table in reversed(tenant_tables()):
        connection.execute(table.delete().where(table.c.tenant_id == tenant_id))


def _insert(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    listed = ", ".join(f'"{name}"' for name in names(table))
    kept = ", ".join(f'"{name}" = excluded."{name}"' for name in names(table) if name != "id")
    other = f"ON CONFLICT (id) DO UPDATE SET {kept}" if table is TENANT else ""  # others refer to the tenant: it stays
    put = text(
        f'INSERT INTO "{table.name}" ({listed}) SELECT {listed} FROM '  # noqa: S608 -- names of our models
        f'jsonb_populate_recordset(NULL::"{table.name}", cast(:rows AS jsonb)) {other}'
    )
    count = 0
    for some in _batches(rows, 500):
        connection.execute(put, {"rows": json.dumps(some)})
        count += len(some)
    return count


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    some: list[Row] = []
    for row in rows:
        some.append(row)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


def _check_equal(connection: Connection, wanted: _Wanted, tenant_id: UUID) -> None:
    wrong = [one.name for one in carried() if wanted.sum(one) != wanted.sum_of(connection, one, tenant_id)]
    if wrong:
        raise BackupError(f"What was restored is not what was backed up, in {', '.join(wrong)}. Nothing was changed.")
