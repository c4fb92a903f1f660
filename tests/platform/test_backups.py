"""Backups from the console (CD-121): asked for with a reason, made and proved by the worker, listed with what was compared."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from carehub.backup import asked, keeping, whole
from carehub.backup.archive import open_archive
from carehub.backup.errors import BackupError
from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotAllowed
from carehub.core.permissions import PlatformRole
from carehub.core.settings import settings
from carehub.services.listing import LISTS, ListQuery
from carehub.services.platform.backups import BackupsOff, BackupUnderWay, ask_backup
from carehub.services.platform.visits import ReasonNeeded
from tests.platform.console import visiting

WHY = "before the new version"


@pytest.fixture
def place(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of its own, and a folder for its backups."""
    monkeypatch.setitem(settings.__dict__, "backup_dir", tmp_path)
    return tmp_path


@pytest.fixture
def admin(database: str) -> Actor:
    with psycopg.connect(database, autocommit=True) as db:
        return visiting(db)


def rows(actor: Actor) -> list[dict[str, str]]:
    page = perform(LISTS["platform_backups"].page, actor, query=ListQuery(sort="-asked"))
    names = list(LISTS["platform_backups"].spec.columns)
    return [dict(zip(names, (cell.text for cell in row.cells), strict=False)) for row in page.rows]


def test_what_the_console_asks_for_is_made_proved_and_listed(place: Path, admin: Actor) -> None:
    perform(ask_backup, admin, reason=WHY)
    assert rows(admin)[0]["state"] == "Asked for"
    made = asked.make_asked()
    assert made is not None
    assert open_archive(made, settings.secret).head.kind == "whole"
    [row] = rows(admin)
    assert (row["state"], row["by"]) == ("Proved", "From here")
    assert int(row["tables"].replace(",", "")) > 50
    assert asked.make_asked() is None


def test_one_at_a_time_and_never_without_a_reason_or_a_place(
    place: Path, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ReasonNeeded):
        perform(ask_backup, admin, reason="  ")
    perform(ask_backup, admin, reason=WHY)
    with pytest.raises(BackupUnderWay):
        perform(ask_backup, admin, reason=WHY)
    monkeypatch.setitem(settings.__dict__, "backup_dir", None)
    with pytest.raises(BackupsOff):
        perform(ask_backup, admin, reason=WHY)
    assert asked.make_asked() is None


def test_who_only_reads_the_console_asks_for_none(place: Path, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as db:
        auditor = visiting(db, PlatformRole.AUDITOR)
    with pytest.raises(NotAllowed):
        perform(ask_backup, auditor, reason=WHY)


def test_killed_on_the_way_it_is_begun_again_and_too_old_a_wish_is_left(
    place: Path, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    perform(ask_backup, admin, reason=WHY)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(whole, "back_up", die)
        with pytest.raises(KeyboardInterrupt):
            asked.make_asked()
    assert rows(admin)[0]["state"] == "Being made"
    with clock.travel(clock.now() + timedelta(hours=6)):
        assert asked.make_asked() is None
    assert asked.make_asked() is not None
    assert rows(admin)[0]["state"] == "Proved"


def test_what_went_wrong_stands_in_the_list(place: Path, admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise BackupError("The disk is full")

    perform(ask_backup, admin, reason=WHY)
    monkeypatch.setattr(whole, "back_up", fail)
    assert asked.make_asked() is None
    [row] = rows(admin)
    assert (row["state"], row["error"]) == ("Failed", "The disk is full")


def test_one_of_the_clock_stands_in_the_list_too(place: Path, admin: Actor) -> None:
    assert keeping.back_up_if_due() is not None
    [row] = rows(admin)
    assert (row["state"], row["by"]) == ("Proved", "By the clock")
