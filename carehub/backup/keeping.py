"""Backups by the clock: one when the last is old enough, and no more kept than are wanted."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from carehub.backup import whole
from carehub.backup.asked import record
from carehub.backup.errors import BackupError
from carehub.backup.run import SUFFIX, place_for
from carehub.core import clock
from carehub.core.settings import settings
from carehub.embedded import EmbeddedError
from carehub.embedded.process import file_lock

log = logging.getLogger(__name__)

BEGINS = "carehub-"
STAMP = "%Y%m%d-%H%M%S"


def due(made: Sequence[datetime], now: datetime, every: timedelta) -> bool:
    """Whether the next backup is to be made. Half an hour's grace, so that a daily one stays at its hour."""
    return not made or now - max(made) >= every - timedelta(minutes=30)


def superfluous(made: Sequence[datetime], keep: int) -> list[datetime]:
    """Those that may go: neither among the `keep` newest nor the first of one of as many newest weeks."""
    newest = sorted(made, reverse=True)
    firsts: dict[tuple[int, int], datetime] = {}
    for one in sorted(made):
        firsts.setdefault(one.isocalendar()[:2], one)
    weekly = sorted(firsts.values(), reverse=True)[:keep]
    return [one for one in newest[keep:] if one not in weekly]


def back_up_if_due() -> Path | None:
    """Make the backup that is due in CAREHUB_BACKUP_DIR, proved, and take superfluous ones away. None when none is due.

    Two that begin at once make one. Raises BackupError.
    """
    if settings.backup_dir is None:
        return None
    place = settings.backup_dir
    try:
        with file_lock(place / ".lock", seconds=0):
            if not due(_made(place), clock.now(), timedelta(hours=settings.backup_hours)):
                return None
            for left in place.glob(".*.part"):  # of a backup that was killed: its lock is ours
                left.unlink()
            path = place_for(place)
            record(whole.back_up(path, say=log.info))
            for old in superfluous(_made(place), settings.backup_keep):
                (place / f"{BEGINS}{old:{STAMP}}{SUFFIX}").unlink(missing_ok=True)
            return path
    except EmbeddedError:  # someone else holds the lock
        return None
    except OSError as error:
        raise BackupError(f"{place} cannot be written: {error.strerror}") from error


def _made(place: Path) -> list[datetime]:
    """The moments in the names of the whole backups there, in UTC by the clock's zone."""
    found = []
    for path in place.glob(f"{BEGINS}*{SUFFIX}"):
        try:
            stamp = path.name.removeprefix(BEGINS).removesuffix(SUFFIX)
            found.append(datetime.strptime(stamp, STAMP).replace(tzinfo=clock.now().tzinfo))
        except ValueError:
            continue
    return found
