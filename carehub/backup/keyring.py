"""The data keys of one database, opened with one secret."""

import os
from uuid import UUID

from sqlalchemy import Connection, text

from carehub.backup.errors import Collides
from carehub.core import crypto

_READ = text("SELECT version, wrapped FROM tenant_key WHERE scope_id = :scope ORDER BY version")
_PUT = text("""
    INSERT INTO tenant_key (scope_id, version, wrapped) VALUES (:scope, :version, :wrapped)
    ON CONFLICT (scope_id, version) DO UPDATE SET wrapped = excluded.wrapped""")

Wrapped = list[tuple[int, str]]  # version and wrapped key in hexadecimal


class Keyring:
    """Reads the keys of `connection`'s database, or knows those that `know` told."""

    def __init__(self, connection: Connection, secret: bytes) -> None:
        self.connection, self.secret = connection, secret
        self._told: dict[UUID, Wrapped] = {}
        self._opened: dict[UUID, dict[int, bytes]] = {}

    def know(self, scope: UUID, wrapped: Wrapped) -> None:
        """Keys from elsewhere, in the place of the database's."""
        self._told[scope] = wrapped

    def wrapped(self, scope: UUID) -> Wrapped:
        if scope in self._told:
            return self._told[scope]
        return [(version, bytes(key).hex()) for version, key in self.connection.execute(_READ, {"scope": scope})]

    def keys(self, scope: UUID) -> dict[int, bytes]:
        """By version; 0 is the index key, as it is or follows from the secret. Raises crypto.CannotOpen."""
        if scope in self._opened:
            return self._opened[scope]
        found = {
            version: crypto.unwrap(self.secret, scope, version, bytes.fromhex(key))
            for version, key in self.wrapped(scope)
        }
        self._opened[scope] = {crypto.INDEX_KEY: crypto.derived_index_key(self.secret, scope), **found}
        return self._opened[scope]

    def newest(self, scope: UUID) -> tuple[int, bytes]:
        """What new values are sealed with; made when the scope has none."""
        keys = self.keys(scope)
        version = max(keys)
        if version == crypto.INDEX_KEY:
            version = 1
            self._put(scope, version, os.urandom(32))
        return version, self.keys(scope)[version]

    def seal(self, scope: UUID, context: str, value: str) -> bytes:
        version, key = self.newest(scope)
        return crypto.seal(key, version, scope, context, value.encode())

    def unseal(self, scope: UUID, context: str, token: bytes) -> str:
        key = self.keys(scope).get(crypto.version_of(token))
        if key is None:
            raise crypto.CannotOpen(context)
        return crypto.unseal(key, scope, context, token).decode()

    def index(self, scope: UUID, context: str, value: str) -> bytes:
        return crypto.index_with(self.keys(scope)[crypto.INDEX_KEY], context, value)

    def take_over(self, scope: UUID, other: "Keyring") -> None:
        """Keep another ring's keys of a scope too, wrapped with this one's secret. Raises Collides for a version that differs."""
        here = self.keys(scope)
        for version, key in other.keys(scope).items():
            if here.get(version) == key:
                continue
            if version in here and version != crypto.INDEX_KEY:
                raise Collides(f"The data key {version} of this organisation is another one here. Nothing was changed.")
            self._put(scope, version, key)

    def _put(self, scope: UUID, version: int, key: bytes) -> None:
        self.keys(scope)[version] = key
        wrapped = crypto.wrap(self.secret, scope, version, key)
        self.connection.execute(_PUT, {"scope": scope, "version": version, "wrapped": wrapped})
