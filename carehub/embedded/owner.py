"""Which user PostgreSQL runs as, and places that this user can reach. PostgreSQL refuses to run as root."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from carehub.embedded.errors import EmbeddedError
from carehub.embedded.process import file_lock

UNPRIVILEGED = ("postgres", "nobody")


def server_user() -> pwd.struct_passwd | None:
    """None: the present user will do. Raises EmbeddedError when root finds nobody to become."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedError("PostgreSQL may not run as root: create a user named postgres.")


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """What subprocess needs to run as `user`."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def can_reach(path: Path, user: pwd.struct_passwd | None) -> bool:
    """Whether `user` may enter and read the directory. Asked of the kernel, so that ACLs count too."""
    if user is None:
        return True
    command = ["/bin/sh", "-c", 'test -r "$0" && test -x "$0"', str(path)]
    return subprocess.run(command, check=False, cwd="/", **as_user(user)).returncode == 0  # noqa: S603


def _shared_place() -> Path:
    """Where root keeps what the server's user must reach when the checkout is out of its sight."""
    for base in (Path("/var/lib"), Path(tempfile.gettempdir())):
        if os.access(base, os.W_OK):
            place = base / "carehub"
            place.mkdir(mode=0o755, exist_ok=True)
            return place
    raise EmbeddedError("Neither /var/lib nor the temporary directory can be written.")


def _mark(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def private_dir(path: Path, user: pwd.struct_passwd | None) -> Path:
    """A directory of mode 0700 that belongs to `user`, at `path` or behind a link there. Returns its real place."""
    if not path.is_symlink():
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        if user is None:
            return path
        os.chown(path, user.pw_uid, user.pw_gid)
        if can_reach(path, user):
            return path
        path.rmdir()
        path.symlink_to(_shared_place() / f"{path.name}-{_mark(path)}")
    real = path.readlink()
    real.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user:
        os.chown(real, user.pw_uid, user.pw_gid)
    return real


def readable_tree(tree: Path, siblings: list[Path], user: pwd.struct_passwd | None) -> Path:
    """`tree`, or a copy that `user` can read, with the sibling directories its libraries are looked for in."""
    if can_reach(tree / "bin", user) and all(can_reach(sibling, user) for sibling in siblings):
        return tree
    place = _shared_place()
    stamp = f"{tree}:{tree.stat().st_mtime_ns}"
    kept = place / f"postgresql-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    with file_lock(place / "copy.lock"):
        if not kept.exists():
            fresh = Path(tempfile.mkdtemp(dir=place))
            shutil.copytree(tree, fresh / tree.parent.name / tree.name, symlinks=True)
            for sibling in siblings:
                shutil.copytree(sibling, fresh / sibling.name, symlinks=True)
            for directory in (fresh, fresh / tree.parent.name):
                directory.chmod(0o755)
            fresh.rename(kept)
    return kept / tree.parent.name / tree.name
