"""Envelope encryption: a key-encryption key wraps one data key a tenant (and one for persons). CD-130.

A token is version | key version | nonce | ciphertext, AES-256-GCM, bound to its scope and context ("patient.email"):
moved to another row's column or tenant it does not open. Blind indexes find equal values without opening them.
"""

import hashlib
import hmac
import os
import struct
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


@cache
def _kek() -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"carehub kek v1").derive(settings.secret))


@cache
def _data_key(scope: UUID, version: int) -> bytes:
    with unit_of_work(system(), Role.AUTH, aside=True) as session:
        wrapped = session.scalar(
            text("SELECT wrapped FROM tenant_key WHERE scope_id = :scope AND version = :version"),
            {"scope": scope, "version": version},
        )
    if wrapped is None:
        raise KeyError(scope)
    wrapped = bytes(wrapped)
    return _kek().decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _bound(scope, version))


def _bound(scope: UUID, version: int) -> bytes:
    return b"dek" + scope.bytes + version.to_bytes(4, "big")


@cache
def _current(scope: UUID) -> int:
    """The version that new values are written with; the first use of a scope makes its key."""
    with unit_of_work(system(), Role.AUTH, aside=True) as session:
        version = session.scalar(text("SELECT max(version) FROM tenant_key WHERE scope_id = :scope"), {"scope": scope})
        if version is None:
            version, nonce = 1, os.urandom(_NONCE)
            wrapped = nonce + _kek().encrypt(nonce, os.urandom(32), _bound(scope, version))
            session.execute(
                text(
                    "INSERT INTO tenant_key (scope_id, version, wrapped) VALUES (:scope, 1, :wrapped) ON CONFLICT DO NOTHING"
                ),
                {"scope": scope, "wrapped": wrapped},
            )
    return int(version)


def forget_keys() -> None:
    """After a rotation, or another database in the same process: read keys again."""
    for one in (_data_key, _current, _index_key):
        one.cache_clear()


def encrypt(scope: UUID, context: str, value: str) -> bytes:
    version = _current(scope)
    key = _data_key(scope, version)
    head, nonce = _HEAD.pack(1, version), os.urandom(_NONCE)
    return head + nonce + AESGCM(key).encrypt(nonce, value.encode(), head + scope.bytes + context.encode())


def decrypt(scope: UUID, context: str, token: bytes) -> str:
    """Raises CannotOpen."""
    token = bytes(token)
    try:
        form, version = _HEAD.unpack_from(token)
        if form != 1:
            raise CannotOpen(context)
        key = _data_key(scope, version)
        head, rest = token[: _HEAD.size], token[_HEAD.size :]
        return AESGCM(key).decrypt(rest[:_NONCE], rest[_NONCE:], head + scope.bytes + context.encode()).decode()
    except (InvalidTag, KeyError, struct.error) as error:
        raise CannotOpen(context) from error


def decrypt_optional(scope: UUID, context: str, token: bytes | None) -> str:
    return "" if token is None else decrypt(scope, context, token)


@cache
def _index_key(scope: UUID) -> bytes:
    """Does not change with the data key's version: old rows stay findable after a rotation."""
    return hmac.digest(settings.secret, b"blind index" + scope.bytes, hashlib.sha256)


def blind_index(scope: UUID, context: str, value: str) -> bytes:
    """Equal values (trimmed, case-folded) of one column of one tenant give equal 16 bytes; nothing else is told."""
    plain = value.strip().casefold()
    return hmac.digest(_index_key(scope), context.encode() + b"\0" + plain.encode(), hashlib.sha256)[:16]


def hash_token(token: str) -> bytes:
    """How secrets that we only compare are kept: session cookies, links, API tokens (all random and long)."""
    return hashlib.sha256(token.encode()).digest()
