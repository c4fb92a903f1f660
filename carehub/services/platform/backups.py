"""Backups from the console: the list with what was proved, and asking for one; the worker makes it (CD-121).

Restoring stays a command: it takes the place of the database that this very page stands on.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.core.verbs import verb
from carehub.models.console import BackupRun, BackupState
from carehub.models.identity import Person
from carehub.services.listing import Column, Filter, ListSpec, list_verb
from carehub.services.platform.visits import clean_reason

READ, MANAGE = "platform.read", "platform.manage"
LONGEST = timedelta(hours=5)  # after that a backup that was never finished keeps no other from being asked for
STATES: Mapping[str, str] = {
    "asked": N_("Asked for"),
    "running": N_("Being made"),
    "done": N_("Proved"),
    "failed": N_("Failed"),
}
TONES: Mapping[str, Any] = {"asked": "info", "running": "info", "done": "ok", "failed": "bad"}
BY: Mapping[str, str] = {"clock": N_("By the clock"), "hand": N_("From here")}
_BY = case((col(BackupRun.asked_by).is_(None), "clock"), else_="hand")
_WHO = func.coalesce(
    select(func.concat_ws(" ", col(Person.given_name), col(Person.family_name)))
    .where(col(Person.id) == col(BackupRun.asked_by))
    .scalar_subquery(),
    "",
)

BACKUPS = ListSpec(
    name="platform_backups",
    title=N_("Backups"),
    permission=READ,
    role=Role.PLATFORM,
    key=col(BackupRun.id),
    columns={
        "asked": Column(N_("Asked"), col(BackupRun.asked_at), kind="datetime"),
        "state": Column(N_("State"), col(BackupRun.state), kind="badge", labels=STATES, tones=TONES),
        "by": Column(N_("How"), _BY, kind="badge", labels=BY, on_phone=False),
        "who": Column(N_("By"), _WHO, sortable=False, on_phone=False, at_first=False),
        "size": Column(N_("Size, MB"), func.ceil(col(BackupRun.size) / 100_000.0) / 10.0, kind="number"),
        "tables": Column(N_("Tables compared"), col(BackupRun.tables), kind="number", on_phone=False),
        "rows": Column(N_("Rows"), col(BackupRun.rows), kind="number", on_phone=False),
        "file": Column(N_("File"), col(BackupRun.file), sortable=False, on_phone=False),
        "error": Column(N_("Why it failed"), col(BackupRun.error), sortable=False, on_phone=False, at_first=False),
    },
    search=(col(BackupRun.file),),
    sort="-asked",
    filters={"state": Filter(N_("State"), STATES, col(BackupRun.state))},
    search_label=N_("Name of the file"),
    empty=N_("Backups of everything stand here, each restored into a scratch database and compared before it counts."),
)
list_backups = list_verb(BACKUPS)


class BackupsOff(CareHubError):
    key = "No place for backups is set: give CAREHUB_BACKUP_DIR to the worker and here"
    status = 409


class BackupUnderWay(CareHubError):
    key = "A backup is under way already"
    status = 409


def is_on() -> bool:
    return settings.backup_dir is not None


@verb(MANAGE, role=Role.PLATFORM)
def ask_backup(session: Session, actor: Actor, *, reason: str) -> UUID:
    """Have the worker make a backup of everything within a minute, and prove it. Raises ReasonNeeded, BackupsOff, BackupUnderWay."""
    clean_reason(reason)
    if not is_on():
        raise BackupsOff
    now = clock.now()
    under_way = select(col(BackupRun.id)).where(
        col(BackupRun.state).in_((BackupState.ASKED.value, BackupState.RUNNING.value)),
        col(BackupRun.asked_at) > now - LONGEST,
    )
    if session.scalar(under_way.limit(1)) is not None:
        raise BackupUnderWay
    run_id = new_id()
    values = {"id": run_id, "state": BackupState.ASKED.value, "asked_by": actor.person_id, "asked_at": now}
    session.execute(insert(BackupRun).values(**values))
    announce(session, BACKUPS.name)
    return run_id
