"""Keys change: each tenant's data key by `rotate`, while people work; what wraps them all by `rewrap`, when the secret changes.

Both may be cut off at any moment and begun again.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, LargeBinary, and_, func, literal, select, text, tuple_, update

from carehub.core import crypto
from carehub.core.actor import system
from carehub.core.administrator import administrator
from carehub.core.db import unit_of_work
from carehub.core.errors import OperatorError
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.models.catalogue import SealedColumn, sealed_columns

BATCH = 500  # values re-encrypted in one transaction
LOCK = 0x_CA4E_4E  # one rotation at a time

Say = Callable[[str], None]


class KeysBusy(OperatorError):
    """Another rotation is running."""


class NoSuchTenant(OperatorError):
    """No organisation has this slug."""


class WrongSecret(OperatorError):
    """Some data key opens neither with the present secret nor with the former."""


class SecretIsGiven(OperatorError):
    """It is not in the data directory, so it cannot be changed there."""


@dataclass(frozen=True)
class Rotation:
    """How many scopes got a new key, how many values were written anew, and how many nothing opens."""

    scopes: int
    values: int
    unreadable: int


_SCOPES = text("SELECT DISTINCT scope_id FROM tenant_key ORDER BY scope_id")
_TENANT = text("SELECT id FROM tenant WHERE slug = :slug")
_STATE = text("""
    SELECT max(version) AS newest, coalesce(bool_or(rotating), false) AS rotating FROM tenant_key
    WHERE scope_id = :scope AND version > 0""")
_ADD = text("INSERT INTO tenant_key (scope_id, version, wrapped, rotating) VALUES (:scope, :version, :wrapped, true)")
_DONE = text("UPDATE tenant_key SET rotating = false WHERE scope_id = :scope AND rotating")
_RETIRE = text("DELETE FROM tenant_key WHERE scope_id = :scope AND version > 0 AND version < :oldest")


def rotate(*, tenant: str = "", say: Say = lambda _line: None) -> Rotation:
    """Give every scope, or one tenant's, a new data key and write all that its older keys sealed anew.

    Safe while people work: the older key still opens what a process wrote meanwhile, and is dropped by the rotation after
    this one. Begun again after it was cut off, it goes on where it stood. Raises KeysBusy or NoSuchTenant.
    """
    columns = sealed_columns()
    tables = sorted({"tenant_key", "tenant", *(one.table.name for one in columns)})
    with administrator(tables) as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
            raise KeysBusy("Another change of keys is running.")
        scopes = [_scope_of(connection, tenant)] if tenant else list(connection.scalars(_SCOPES))
        connection.commit()
        changed = unreadable = 0
        for scope in scopes:
            done, left = _rotate_scope(connection, scope, columns)
            changed, unreadable = changed + done, unreadable + left
            say(f"{scope}: {done} values written anew" + (f", {left} cannot be opened" if left else ""))
        return Rotation(len(scopes), changed, unreadable)


def _scope_of(connection: Connection, slug: str) -> UUID:
    found: UUID | None = connection.scalar(_TENANT, {"slug": slug})
    if found is None:
        raise NoSuchTenant(f"No organisation has the address {slug}.")
    return found


def _rotate_scope(connection: Connection, scope: UUID, columns: list[SealedColumn]) -> tuple[int, int]:
    state = connection.execute(_STATE, {"scope": scope}).one()
    newest = state.newest or 0
    if not state.rotating:
        newest += 1
        wrapped = crypto.wrap(settings.secret, scope, newest, os.urandom(32))
        connection.execute(_ADD, {"scope": scope, "version": newest, "wrapped": wrapped})
    connection.commit()
    crypto.forget_keys()
    changed = unreadable = 0
    for column in columns:
        if column.of_tenants or scope == crypto.PERSONS:
            done, left = _reseal(connection, scope, column, newest)
            changed, unreadable = changed + done, unreadable + left
    connection.execute(_DONE, {"scope": scope})
    if not unreadable:
        connection.execute(_RETIRE, {"scope": scope, "oldest": newest - 1})
    connection.commit()
    return changed, unreadable


def _reseal(connection: Connection, scope: UUID, column: SealedColumn, newest: int) -> tuple[int, int]:
    """Write a column's older tokens anew, a batch a transaction. Answers how many, and how many cannot be opened."""
    table, value = column.table, column.table.c[column.name]
    key = list(table.primary_key.columns)
    head = newest.to_bytes(4, "big")
    older = and_(value.is_not(None), func.substring(value, 2, 4) != literal(head, LargeBinary))
    if column.of_tenants:
        older = and_(older, table.c.tenant_id == scope)
    changed, unreadable, after = 0, 0, None
    while True:
        query = select(*key, value.label("token")).where(older).order_by(*key).limit(BATCH)
        if after is not None:
            query = query.where(
                tuple_(*key) > tuple_(*(literal(part, one.type) for part, one in zip(after, key, strict=True)))
            )
        rows = connection.execute(query).all()
        for row in rows:
            after = tuple(row)[:-1]
            try:
                fresh = crypto.encrypt_bytes(
                    scope, column.context, crypto.decrypt_bytes(scope, column.context, row.token)
                )
            except crypto.CannotOpen:
                unreadable += 1
                continue
            itself = and_(*(one == part for one, part in zip(key, after, strict=True)), value == row.token)
            changed += connection.execute(update(table).where(itself).values({column.name: fresh})).rowcount
        connection.commit()
        if len(rows) < BATCH:
            return changed, unreadable


_ALL = text("SELECT scope_id, version, wrapped FROM tenant_key ORDER BY scope_id, version FOR UPDATE")
_REWRAP = text("UPDATE tenant_key SET wrapped = :wrapped WHERE scope_id = :scope AND version = :version")
_KEEP_INDEX = text("""
    INSERT INTO tenant_key (scope_id, version, wrapped) VALUES (:scope, :version, :wrapped) ON CONFLICT DO NOTHING""")


def rewrap(connection: Connection, *, former: bytes, present: bytes) -> int:
    """Wrap every data key with `present` instead of `former`, in the caller's transaction. Answers how many it was.

    The keys of blind indexes, which followed from `former`, are kept from now on: addresses stay findable. What `present`
    opens already is left alone. Raises WrongSecret.
    """
    rows = connection.execute(_ALL).all()
    changed = wrong = 0
    moved = set()
    for scope, version, wrapped in rows:
        if _opens(present, scope, version, wrapped):
            continue
        try:
            key = crypto.unwrap(former, scope, version, wrapped)
        except crypto.CannotOpen:
            wrong += 1
            continue
        again = crypto.wrap(present, scope, version, key)
        changed += connection.execute(_REWRAP, {"wrapped": again, "scope": scope, "version": version}).rowcount
        moved.add(scope)
    if wrong:
        raise WrongSecret(f"Neither secret opens {wrong} of the data keys. Nothing was changed.")
    for scope in moved:
        index = crypto.wrap(present, scope, crypto.INDEX_KEY, crypto.derived_index_key(former, scope))
        connection.execute(_KEEP_INDEX, {"scope": scope, "version": crypto.INDEX_KEY, "wrapped": index})
    return changed


def _opens(secret: bytes, scope: UUID, version: int, wrapped: bytes) -> bool:
    try:
        crypto.unwrap(secret, scope, version, wrapped)
    except crypto.CannotOpen:
        return False
    return True


def rewrap_all(former: bytes) -> int:
    """After the installation's secret changed: wrap every key with the present one, all or none. Raises WrongSecret."""
    with administrator(["tenant_key"]) as connection:
        changed = rewrap(connection, former=former, present=settings.secret)
        connection.commit()
    crypto.forget_keys()
    return changed


def change_secret() -> int:
    """Make a new secret in the data directory and wrap every key with it. Nothing else of CareHub may run meanwhile.

    The one before stays beside it as `secret.key.former`: older backups open with it. Cut off, it goes on when begun again.
    Raises SecretIsGiven or WrongSecret.
    """
    if settings.secret_key:
        raise SecretIsGiven(
            "CAREHUB_SECRET_KEY gives the secret: change it there, then run `carehub keys rewrap --former FILE`."
        )
    path = settings.data_dir / "secret.key"
    former, fresh = settings.secret, path.with_name("secret.key.next")
    if not fresh.exists():
        _write(fresh, secrets.token_hex(32))
    with administrator(["tenant_key"]) as connection:
        changed = rewrap(connection, former=former, present=fresh.read_text().strip().encode())
        connection.commit()
    _write(path.with_name("secret.key.former"), former.decode())
    fresh.replace(path)
    return changed


def _write(path: Path, secret: str) -> None:
    """Whole or not at all, and for its owner's eyes."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    aside.touch(mode=0o600)
    with aside.open("w") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def unopened() -> int:
    """How many data keys the present secret does not open. Looks only."""
    with unit_of_work(system(), Role.AUTH) as session:
        rows = session.execute(text("SELECT scope_id, version, wrapped FROM tenant_key")).all()
    return sum(not _opens(settings.secret, scope, version, wrapped) for scope, version, wrapped in rows)
