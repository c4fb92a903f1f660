"""What `carehub backup`, `carehub restore` and the schedule ask for."""

from pathlib import Path

from carehub.backup import tenant, whole
from carehub.backup.archive import Archive, open_archive
from carehub.backup.whole import Say
from carehub.core import clock
from carehub.core.settings import settings

SUFFIX = ".backup"


def backup_dir() -> Path:
    return settings.backup_dir or settings.data_dir / "backups"


def place_for(to: Path | None, *, slug: str = "") -> Path:
    """The file to write: `to`, or one named after the moment in that directory or the usual one."""
    if to is not None and not to.is_dir():
        return to
    return (to or backup_dir()) / f"{slug or 'carehub'}-{clock.now():%Y%m%d-%H%M%S}{SUFFIX}"


def make(to: Path | None, *, slug: str = "", prove: bool = True, say: Say) -> Archive:
    """A backup of everything, or of the organisation with that slug. Raises BackupError."""
    path = place_for(to, slug=slug)
    return tenant.back_up(slug, path, prove=prove, say=say) if slug else whole.back_up(path, prove=prove, say=say)


def take_back(path: Path, *, secret: bytes = b"", replace: bool = False, say: Say) -> None:
    """Restore whatever the file holds, and say what was done. Raises BackupError; nothing was changed then."""
    archive = open_archive(path, secret or settings.secret)
    say(f"{path.name}: {archive.head.kind}, made {archive.head.made_at} by CareHub {archive.head.version}, undamaged.")
    if archive.head.kind == "tenant":
        done = tenant.restore(archive, secret=secret, replace=replace)
        say(
            f"{done.slug}: {done.rows} rows restored and compared."
            if done.changed
            else f"{done.slug}: all of it stands here."
        )
        return
    former = whole.restore(archive, secret=secret, replace=replace, say=say)
    say(f"Restored and compared. The former database is kept as {former}: drop it when nothing is missed.")
