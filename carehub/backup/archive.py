"""The file of a backup: a tar of a head in clear, the parts, and last a sealed manifest of them all.

The manifest is closed with a key that follows from the installation's secret, and tells every part's SHA-256: a file that
was cut off, altered or made elsewhere is known before anything is done with it. The secret itself is never inside.
"""

import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from carehub.backup.errors import BackupError, Damaged, Foreign, Newer

FORMAT = 1
HEAD, MANIFEST = "carehub.json", "manifest"
CHUNK = 1 << 20
BLOCK = tarfile.BLOCKSIZE


@dataclass(frozen=True)
class Head:
    """What anyone may read. `revisions` are the schema's; `made_at` is an ISO moment; `tenant` a slug, for one tenant's."""

    kind: str  # whole, tenant
    id: str
    made_at: str
    version: str
    revisions: list[str]
    tenant: str = ""
    format: int = FORMAT


@dataclass(frozen=True)
class Part:
    sha256: str
    size: int


@dataclass(frozen=True)
class TableSum:
    """How many rows, and one checksum over all of them."""

    rows: int
    checksum: str


@dataclass
class Manifest:
    """What was sealed: every part, every table's checksum, every file's; `facts` are the kind's own."""

    head: Head
    parts: dict[str, Part] = field(default_factory=dict)
    tables: dict[str, TableSum] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def _seal_key(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"carehub backup v1").derive(secret))


class Writer:
    """Writes one archive. Use `writing`, which puts it in place only when it is whole."""

    def __init__(self, file: BinaryIO, head: Head) -> None:
        self.file, self.manifest = file, Manifest(head)
        self.add(HEAD, json.dumps(asdict(head)).encode())

    def add(self, name: str, content: bytes) -> None:
        self.file.write(_tar_head(name, len(content)))
        self.file.write(content)
        self._pad(len(content))
        self.manifest.parts[name] = Part(hashlib.sha256(content).hexdigest(), len(content))

    def add_stream(self, name: str, chunks: Iterable[bytes]) -> None:
        """A part whose length is known at its end only. `name` has at most 100 characters."""
        start = self.file.tell()
        self.file.write(bytes(BLOCK))
        digest, size = hashlib.sha256(), 0
        for chunk in chunks:
            self.file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        self._pad(size)
        end = self.file.tell()
        self.file.seek(start)
        self.file.write(_tar_head(name, size))
        self.file.seek(end)
        self.manifest.parts[name] = Part(digest.hexdigest(), size)

    def finish(self, secret: bytes) -> None:
        nonce = secrets.token_bytes(12)
        told = json.dumps(asdict(self.manifest)).encode()
        sealed = nonce + _seal_key(secret).encrypt(nonce, told, self.manifest.head.id.encode())
        self.file.write(_tar_head(MANIFEST, len(sealed)))
        self.file.write(sealed)
        self._pad(len(sealed))
        self.file.write(bytes(2 * BLOCK))

    def _pad(self, size: int) -> None:
        self.file.write(bytes(-size % BLOCK))


def _tar_head(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


@contextmanager
def writing(path: Path, head: Head, secret: bytes) -> Iterator[Writer]:
    """An archive that appears at `path` (mode 0600) when it is whole and on disk; cut off, nothing appears there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            writer = Writer(file, head)
            yield writer
            writer.finish(secret)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


class Archive:
    """An archive that was read through and is what was written."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest

    @property
    def head(self) -> Head:
        return self.manifest.head

    def names(self, prefix: str) -> list[str]:
        return [name for name in self.manifest.parts if name.startswith(prefix)]

    def stream(self, name: str) -> Iterator[bytes]:
        """A part in chunks."""
        with tarfile.open(self.path, "r:") as tar:
            yield from _chunks(tar, tar.getmember(name))

    def read_all(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """Every part below a prefix, in one pass."""
        with tarfile.open(self.path, "r:") as tar:
            for member in tar:
                if member.name.startswith(prefix):
                    yield member.name, b"".join(_chunks(tar, member))

    def read(self, name: str) -> bytes:
        return b"".join(self.stream(name))


def _chunks(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    file = tar.extractfile(member)
    assert file is not None
    while chunk := file.read(CHUNK):
        yield chunk


def open_archive(path: Path, secret: bytes) -> Archive:
    """Read an archive through and compare every part with the sealed manifest. Raises Damaged, Foreign or Newer."""
    if not path.is_file():
        raise BackupError(f"There is no file {path}.")
    try:
        head, found, sealed = _scan(path)
    except (tarfile.TarError, OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{path} is damaged or no backup of CareHub: {error}. Nothing was changed.") from error
    if sealed is None:
        raise Damaged(f"{path} was cut off: its end is missing. Nothing was changed.")
    manifest = _opened(path, head, sealed, secret)
    for name in sorted({*found, *manifest.parts}):
        if found.get(name) != manifest.parts.get(name):
            raise Damaged(f"{path} is damaged: {name} is not what was written. Nothing was changed.")
    return Archive(path, manifest)


def _scan(path: Path) -> tuple[Head, dict[str, Part], bytes | None]:
    found: dict[str, Part] = {}
    head: Head | None = None
    sealed: bytes | None = None
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            if head is None:
                head = _head(path, member.name, tar)
            if member.name == MANIFEST:
                sealed = b"".join(_chunks(tar, member))
                continue
            digest, size = hashlib.sha256(), 0
            for chunk in _chunks(tar, member):
                digest.update(chunk)
                size += len(chunk)
            if size != member.size:
                raise EOFError(f"{member.name} is shorter than it was")
            found[member.name] = Part(digest.hexdigest(), size)
    if head is None:
        raise ValueError("it is empty")
    return head, found, sealed


def _head(path: Path, name: str, tar: tarfile.TarFile) -> Head:
    if name != HEAD:
        raise ValueError(f"it does not begin with {HEAD}")
    told = json.load(io.BytesIO(b"".join(_chunks(tar, tar.getmember(name)))))
    if told["format"] > FORMAT:
        raise Newer(
            f"{path} was made by CareHub {told.get('version')}, which writes a later format ({told['format']}) than this "
            f"one reads ({FORMAT}). Install that version, then restore. Nothing was changed."
        )
    return Head(**told)


def _opened(path: Path, head: Head, sealed: bytes, secret: bytes) -> Manifest:
    try:
        told = json.loads(_seal_key(secret).decrypt(sealed[:12], sealed[12:], head.id.encode()))
    except InvalidTag as error:
        raise Foreign(
            f"{path} does not open with this installation's secret: another installation made it, or it was altered. "
            "Give the secret it was made with by --secret-file. Nothing was changed."
        ) from error
    return Manifest(
        head=Head(**told["head"]),
        parts={name: Part(**part) for name, part in told["parts"].items()},
        tables={name: TableSum(**one) for name, one in told["tables"].items()},
        facts=told["facts"],
    )
