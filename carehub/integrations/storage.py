"""Where the bytes of uploaded files are kept."""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Protocol
from uuid import UUID

from carehub.core.ids import parse_id
from carehub.core.settings import settings
from carehub.integrations.s3 import BucketStorage, bucket_of


class Storage(Protocol):
    """Keys are our own, never a person's file name. A put that returned is durable."""

    def put(self, key: str, content: bytes) -> None: ...

    def get(self, key: str) -> bytes:
        """Raises FileNotFoundError."""
        ...

    def delete(self, key: str) -> None: ...

    def list_keys(self, prefix: str = "") -> Iterator[str]:
        """Of everything that is kept, or whose key begins so. A tenant's own begin with its id."""
        ...


class LocalStorage:
    """A folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError("a key never leaves the storage")
        return path

    def put(self, key: str, content: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    def get(self, key: str) -> bytes:
        return self._path(key).read_bytes()

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def list_keys(self, prefix: str = "") -> Iterator[str]:
        for path in self.root.rglob("*"):
            key = path.relative_to(self.root).as_posix()
            if path.is_file() and not path.name.startswith(".") and key.startswith(prefix):
                yield key


class RoutedStorage:
    """CareHub's storage, and for a tenant with one of its own that one: new files go there, older ones are still found."""

    def __init__(self, main: Storage) -> None:
        self.main = main

    def put(self, key: str, content: bytes) -> None:
        (_own_of(key) or self.main).put(key, content)

    def get(self, key: str) -> bytes:
        own = _own_of(key)
        if own is not None:
            with suppress(FileNotFoundError):
                return own.get(key)
        return self.main.get(key)

    def delete(self, key: str) -> None:
        own = _own_of(key)
        if own is not None:
            own.delete(key)
        self.main.delete(key)

    def list_keys(self, prefix: str = "") -> Iterator[str]:
        """With a tenant's prefix: of both; else only what CareHub's own storage holds."""
        own = _own_of(prefix)
        return chain(self.main.list_keys(prefix), own.list_keys(prefix) if own else ())


OWN_SECONDS = 30.0


def _nobody(_tenant_id: UUID) -> Storage | None:
    return None


find_own: Callable[[UUID], Storage | None] = _nobody  # services.tenancy.connections sets it
_known: dict[UUID, tuple[float, Storage | None]] = {}


def _own_of(key: str) -> Storage | None:
    """The storage of the tenant whose id the key begins with; asked again after half a minute."""
    tenant_id = parse_id(key.partition("/")[0])
    if tenant_id is None:
        return None
    until, own = _known.get(tenant_id, (0.0, None))
    if until <= time.monotonic():
        own = find_own(tenant_id)
        if len(_known) > 10_000:
            _known.clear()
        _known[tenant_id] = (time.monotonic() + OWN_SECONDS, own)
    return own


def forget_own(tenant_id: UUID) -> None:
    """The tenant's connection was changed."""
    _known.pop(tenant_id, None)


@cache
def storage() -> Storage:
    main: Storage = LocalStorage(settings.data_dir / "files")
    if settings.storage_url:
        main = BucketStorage(bucket_of(settings.storage_url))
    return RoutedStorage(main)
