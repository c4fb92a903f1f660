"""Envelope encryption: a key-encryption key wraps one data key a tenant (and one for persons). CD-130.

A token is version | key version | nonce | ciphertext, AES-256-GCM, bound to its scope and context ("patient.email"):
moved to another row's column or tenant it does not open. Blind indexes find equal values without opening them.
"""

import hashlib
import hmac
import os
import struct
import time
from functools import cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import text

from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.core.settings import settings

PERSONS = UUID(int=0)  # the scope of accounts, which belong to no tenant
_HEAD = struct.Struct(">BI")
_NONCE = 12


class CannotOpen(Exception):
    """The token is damaged, or belongs to another tenant or column."""


INDEX_KEY = 0  # the version under which a scope's key of blind indexes is kept


@cache
def _kek(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"carehub kek v1").derive(secret))


def _bound(scope: UUID, version: int) -> bytes:
    return b"dek" + scope.bytes + version.to_bytes(4, "big")


def wrap(secret: bytes, scope: UUID, version: int, key: bytes) -> bytes:
    """A data key as it is kept: it opens only with `secret`, as this version of this scope."""
    nonce = os.urandom(_NONCE)
    return nonce + _kek(secret).encrypt(nonce, key, _bound(scope, version))


def unwrap(secret: bytes, scope: UUID, version: int, wrapped: bytes) -> bytes:
    """Raises CannotOpen when `secret` is not the one that wrapped it."""
    wrapped = bytes(wrapped)
    try:
        return _kek(secret).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _bound(scope, version))
    except InvalidTag as error:
        raise CannotOpen(f"data key {version} of {scope}") from error


_WRAPPED = text("SELECT wrapped FROM tenant_key WHERE scope_id = :scope AND version = :version")
_NEWEST = text("""
    SELECT version, wrapped FROM tenant_key WHERE scope_id = :scope AND version > 0 ORDER BY version DESC LIMIT 1""")
_FIRST = text("INSERT INTO tenant_key (scope_id, version, wrapped) VALUES (:scope, 1, :wrapped) ON CONFLICT DO NOTHING")


@cache
def _data_key(scope: UUID, version: int) -> bytes:
    wrapped = _wrapped(scope, version)
    if wrapped is None:
        raise KeyError(scope)
    return unwrap(settings.secret, scope, version, wrapped)


def _wrapped(scope: UUID, version: int) -> bytes | None:
    with unit_of_work(system(), Role.AUTH, aside=True) as session:
        kept: bytes | None = session.scalar(_WRAPPED, {"scope": scope, "version": version})
    return kept


_newest: dict[UUID, tuple[float, int, bytes]] = {}
NEWEST_KEPT = 30.0  # seconds: after a rotation every process writes with the new key before long


def _current(scope: UUID) -> tuple[int, bytes]:
    """The version that new values are written with, and its key; the first use of a scope makes one."""
    known = _newest.get(scope)
    if known is not None and known[0] > time.monotonic():
        return known[1:]
    with unit_of_work(system(), Role.AUTH, aside=True) as session:
        row = session.execute(_NEWEST, {"scope": scope}).one_or_none()
        if row is None:
            wrapped = wrap(settings.secret, scope, 1, os.urandom(32))
            session.execute(_FIRST, {"scope": scope, "wrapped": wrapped})
            row = session.execute(_NEWEST, {"scope": scope}).one()  # another process may have been first
    key = unwrap(settings.secret, scope, row.version, row.wrapped)
    _newest[scope] = time.monotonic() + NEWEST_KEPT, row.version, key
    return row.version, key


def forget_keys() -> None:
    """After a rotation, or another database in the same process: read keys again."""
    _newest.clear()
    for one in (_data_key, _index_key):
        one.cache_clear()


def seal(key: bytes, version: int, scope: UUID, context: str, value: bytes) -> bytes:
    """`encrypt_bytes` with a data key at hand."""
    head, nonce = _HEAD.pack(1, version), os.urandom(_NONCE)
    return head + nonce + AESGCM(key).encrypt(nonce, value, head + scope.bytes + context.encode())


def unseal(key: bytes, scope: UUID, context: str, token: bytes) -> bytes:
    """`decrypt_bytes` with a data key at hand. Raises CannotOpen."""
    token = bytes(token)
    head, rest = token[: _HEAD.size], token[_HEAD.size :]
    try:
        return AESGCM(key).decrypt(rest[:_NONCE], rest[_NONCE:], head + scope.bytes + context.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(context) from error


def encrypt(scope: UUID, context: str, value: str) -> bytes:
    return encrypt_bytes(scope, context, value.encode())


def encrypt_bytes(scope: UUID, context: str, value: bytes) -> bytes:
    """A document's content, as `encrypt` does a text's."""
    version, key = _current(scope)
    return seal(key, version, scope, context, value)


def decrypt(scope: UUID, context: str, token: bytes) -> str:
    """Raises CannotOpen."""
    return decrypt_bytes(scope, context, token).decode()


def decrypt_bytes(scope: UUID, context: str, token: bytes) -> bytes:
    """Raises CannotOpen."""
    try:
        form, version = _HEAD.unpack_from(bytes(token))
        if form != 1:
            raise CannotOpen(context)
        return unseal(_data_key(scope, version), scope, context, token)
    except (KeyError, struct.error) as error:
        raise CannotOpen(context) from error


def version_of(token: bytes) -> int:
    """Which version of its scope's key opens a token."""
    return int(_HEAD.unpack_from(bytes(token))[1])


def seal_file(scope: UUID, context: str, content: bytes) -> tuple[bytes, bytes]:
    """A file's bytes for the storage, and the key that opens them: kept sealed in the file's row, so that a rotation of data
    keys leaves files alone. `context` names the row: the bytes open nowhere else."""
    key = AESGCM.generate_key(256)
    return seal(key, 1, scope, context, content), key


def decrypt_optional(scope: UUID, context: str, token: bytes | None) -> str:
    return "" if token is None else decrypt(scope, context, token)


def derived_index_key(secret: bytes, scope: UUID) -> bytes:
    """A scope's key of blind indexes while no other is kept for it."""
    return hmac.digest(secret, b"blind index" + scope.bytes, hashlib.sha256)


@cache
def _index_key(scope: UUID) -> bytes:
    """Changes neither with the data key nor with the secret: old rows stay findable after a rotation."""
    kept = _wrapped(scope, INDEX_KEY)
    if kept is None:
        return derived_index_key(settings.secret, scope)
    return unwrap(settings.secret, scope, INDEX_KEY, kept)


def index_with(key: bytes, context: str, value: str) -> bytes:
    """`blind_index` with a scope's index key at hand."""
    plain = value.strip().casefold()
    return hmac.digest(key, context.encode() + b"\0" + plain.encode(), hashlib.sha256)[:16]


def blind_index(scope: UUID, context: str, value: str) -> bytes:
    """Equal values (trimmed, case-folded) of one column of one tenant give equal 16 bytes; nothing else is told."""
    return index_with(_index_key(scope), context, value)


def hash_token(token: str) -> bytes:
    """How secrets that we only compare are kept: session cookies, links, API tokens (all random and long)."""
    return hashlib.sha256(token.encode()).digest()
