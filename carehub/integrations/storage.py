"""Where the bytes of uploaded files are kept."""

import os
import secrets
from functools import cache
from pathlib import Path
from typing import Protocol

from carehub.core.settings import settings


class Storage(Protocol):
    """Keys are our own, never a person's file name. A put that returned is durable."""

    def put(self, key: str, content: bytes) -> None: ...

    def get(self, key: str) -> bytes:
        """Raises FileNotFoundError."""
        ...

    def delete(self, key: str) -> None: ...


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


@cache
def storage() -> Storage:
    return LocalStorage(settings.data_dir / "files")
