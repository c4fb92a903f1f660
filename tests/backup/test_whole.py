"""All of an installation is backed up, lost, and there again: row for row, file for file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from carehub.backup.archive import Archive, open_archive
from carehub.backup.errors import Damaged, Foreign, Newer
from carehub.core.settings import settings
from carehub.integrations.storage import storage
from tests.backup.conftest import PICTURE, ROOT, Carehub, House
from tests.backup.filling import empty, fill, tables

LEFT = "select datname from pg_database where starts_with(datname, current_database() || '_scratch_')"


def wipe(house: House) -> None:
    """Of every table, the books too, which no role and no owner may empty: a superuser without triggers can."""
    with psycopg.connect(house.url, autocommit=True) as db, db.transaction():
        db.execute("set local session_replication_role = replica")
        names = ", ".join(f'"{name}"' for name in tables(db) if name != "alembic_version")
        db.execute(f"truncate {names} cascade")
    storage().delete(house.file_key)


def test_after_a_wipe_every_table_has_its_checksum_again_and_every_file_its_bytes(
    house: House, carehub: Carehub, tmp_path: Path
) -> None:
    with psycopg.connect(house.url, autocommit=True) as db:
        fill(db, house.tenant.id)
        assert empty(db) == []
    before = house.sums()
    made = carehub("backup", tmp_path / "one.backup")
    assert made.returncode == 0, made.stderr
    assert "equal checksums" in made.stdout
    assert "The secret key is not in it" in made.stdout
    wipe(house)
    assert house.ask("select count(*) from appointment") == [(0,)]
    done = carehub("restore", tmp_path / "one.backup")
    assert done.returncode == 0, done.stderr
    assert house.sums() == before
    assert all(one.rows for one in before.values())
    assert storage().get(house.file_key) == PICTURE
    assert house.ask(LEFT) == []


def test_a_backup_holds_neither_the_secret_nor_anything_for_others_to_open(
    house: House, carehub: Carehub, tmp_path: Path
) -> None:
    file = tmp_path / "one.backup"
    carehub("backup", file, "--no-verify")
    assert settings.secret not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(Foreign, match="another installation"):
        open_archive(file, b"not the secret of this installation")


def test_an_inhabited_installation_is_replaced_only_when_that_is_said(
    house: House, carehub: Carehub, tmp_path: Path
) -> None:
    before = house.sums()
    carehub("backup", tmp_path / "one.backup", "--no-verify")
    refused = carehub("restore", tmp_path / "one.backup")
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    house.ask("update tenant set name = 'Renamed since'")
    done = carehub("restore", tmp_path / "one.backup", "--replace")
    assert "_before_" in done.stdout, done.stderr
    assert house.sums() == before


@pytest.mark.parametrize("harm", ["flipped", "cut", "nothing of ours", "empty", "newer"])
def test_a_damaged_or_newer_file_is_refused_in_words_and_nothing_changes(
    house: House, carehub: Carehub, tmp_path: Path, harm: str
) -> None:
    file = tmp_path / "one.backup"
    carehub("backup", file, "--no-verify")
    before, content = house.sums(), bytearray(file.read_bytes())
    if harm == "flipped":
        content[len(content) // 2] ^= 1
    elif harm == "newer":
        content = bytearray(bytes(content).replace(b'"format": 1', b'"format": 9', 1))
    else:
        content = {
            "cut": content[: len(content) // 2],
            "nothing of ours": bytearray(b"PK\x03\x04" * 999),
            "empty": bytearray(),
        }[harm]
    file.write_bytes(content)
    answer = carehub("restore", file, "--replace")
    assert answer.returncode == 1
    assert "Nothing was changed" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert house.sums() == before
    with pytest.raises((Damaged, Newer)):
        open_archive(file, settings.secret)


def test_a_later_schema_is_refused(house: House, carehub: Carehub, tmp_path: Path) -> None:
    house.ask("update alembic_version set version_num = 'of_next_year'")
    carehub("backup", tmp_path / "one.backup", "--no-verify")
    answer = carehub("restore", tmp_path / "one.backup", "--replace")
    assert answer.returncode == 1
    assert "later schema" in answer.stderr


@pytest.mark.parametrize("moment", ["scratch made", "rows came"])
def test_a_restore_that_was_killed_leaves_nothing_half_done(
    house: House, carehub: Carehub, tmp_path: Path, moment: str
) -> None:
    file = tmp_path / "one.backup"
    carehub("backup", file, "--no-verify")
    house.ask("update tenant set name = 'Since the backup'")
    before = house.sums()
    environment = {**os.environ, "DATABASE_URL": house.url}
    command = [sys.executable, "-m", "carehub", "restore", str(file), "--replace"]
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    _await(house, running, moment)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert house.ask(LEFT) != []
    assert house.sums() == before
    assert carehub("restore", file, "--replace").returncode == 0
    assert house.ask("select count(*) from tenant where name = 'Since the backup'") == [(0,)]
    assert house.ask(LEFT) == []


def _await(house: House, running: subprocess.Popen[bytes], moment: str) -> None:
    deadline = time.monotonic() + 60
    while running.poll() is None and time.monotonic() < deadline:
        for (name,) in house.ask(LEFT):
            if moment == "scratch made" or _has_rows(house, str(name)):
                return
        time.sleep(0.002)
    raise AssertionError(f"too late: {running.stdout.read() if running.stdout else ''!r}")


def _has_rows(house: House, name: str) -> bool:
    try:
        with psycopg.connect(house.url, dbname=name, autocommit=True) as scratch:
            found = scratch.execute("select to_regclass('public.tenant')").fetchone()
            return bool(found and found[0])
    except psycopg.Error:
        return False


def test_the_backup_of_another_installation_opens_with_its_secret(
    house: House, carehub: Carehub, tmp_path: Path
) -> None:
    secret = tmp_path / "theirs.key"
    secret.write_text(settings.secret.decode())
    carehub("backup", tmp_path / "one.backup", "--no-verify")
    other = {"CAREHUB_SECRET_KEY": "another secret of at least thirty-two characters"}
    refused = carehub("restore", tmp_path / "one.backup", "--replace", **other)
    assert "--secret-file" in refused.stderr
    done = carehub("restore", tmp_path / "one.backup", "--replace", "--secret-file", secret, **other)
    assert "wrapped with this installation's secret" in done.stdout, done.stderr
    back = carehub("keys", "rewrap", "--former", _written(tmp_path, other["CAREHUB_SECRET_KEY"]))
    assert back.returncode == 0, back.stderr


def _written(place: Path, secret: str) -> Path:
    file = place / "other.key"
    file.write_text(secret)
    return file


def test_an_archive_reads_its_parts_again(house: House, carehub: Carehub, tmp_path: Path) -> None:
    carehub("backup", tmp_path / "one.backup", "--no-verify")
    archive: Archive = open_archive(tmp_path / "one.backup", settings.secret)
    assert archive.read(f"files/{house.file_key}") == PICTURE
    assert archive.manifest.tables["appointment"].rows == 2
