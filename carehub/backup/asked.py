"""Backups that the console asked for; and the record of every one that this installation makes by itself (CD-121)."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.backup import whole
from carehub.backup.archive import Archive
from carehub.backup.errors import BackupError
from carehub.backup.run import place_for
from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.embedded import EmbeddedError
from carehub.embedded.process import file_lock
from carehub.models.console import BackupRun, BackupState

log = logging.getLogger(__name__)
LATEST = timedelta(
    hours=5
)  # what was asked longer ago is nobody's wish any more: a database that was put back asks for nothing


def make_asked() -> Path | None:
    """Make the backup that waits, proved. None when none waits or another process makes one.

    Killed on the way, it is begun again: who holds the lock knows that nobody else is at it.
    """
    place = settings.backup_dir
    if place is None:
        return None
    try:
        with file_lock(place / ".lock", seconds=0):
            run_id = _take()
            return _make(run_id, place) if run_id is not None else None
    except EmbeddedError:  # someone else holds the lock
        return None


def _take() -> UUID | None:
    with unit_of_work(system(), Role.WORKER) as session:
        waits = select(BackupRun).where(
            col(BackupRun.state).in_((BackupState.ASKED.value, BackupState.RUNNING.value)),
            col(BackupRun.asked_at) > clock.now() - LATEST,
        )
        found = session.scalars(waits.order_by(col(BackupRun.asked_at)).limit(1)).one_or_none()
        if found is None:
            return None
        run_id = found.id
        _set(session, run_id, state=BackupState.RUNNING.value)
        return run_id


def _make(run_id: UUID, place: Path) -> Path | None:
    for left in place.glob(".*.part"):  # of a backup that was killed: its lock is ours
        left.unlink()
    path = place_for(place)
    try:
        made = whole.back_up(path, say=log.info)
    except (BackupError, OSError) as error:
        told = str(error) if isinstance(error, BackupError) else f"{place} cannot be written: {error.strerror}"
        with unit_of_work(system(), Role.WORKER) as session:
            _set(session, run_id, state=BackupState.FAILED.value, error=told[:500], done_at=clock.now())
        log.error("no backup was made: %s", told)
        return None
    with unit_of_work(system(), Role.WORKER) as session:
        _set(session, run_id, **_facts(made))
    return path


def _facts(made: Archive) -> dict[str, Any]:
    tables = made.manifest.tables
    return {
        "state": BackupState.DONE.value,
        "done_at": clock.now(),
        "file": made.path.name,
        "size": made.path.stat().st_size,
        "tables": len(tables),
        "rows": sum(one.rows for one in tables.values()),
    }


def record(made: Archive) -> None:
    """One that the clock made."""
    with unit_of_work(system(), Role.WORKER) as session:
        session.add(BackupRun(id=new_id(), asked_at=clock.now(), **_facts(made)))


def _set(session: Session, run_id: UUID, **values: object) -> None:
    session.execute(
        update(BackupRun)
        .where(col(BackupRun.id) == run_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
