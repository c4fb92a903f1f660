"""The command line explains itself instead of tracing."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def carehub(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "carehub", *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_a_wrong_setting_is_named_and_explained() -> None:
    answer = carehub("version", CAREHUB_PORT="99999")
    assert answer.returncode == 2
    assert "CAREHUB_PORT" in answer.stderr
    assert "65535" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_db_url_is_the_login_and_with_admin_the_administrator(tmp_path: Path) -> None:
    settings = {"DATABASE_URL": "postgresql://boss:secret@db.example/carehub"}
    assert carehub("db", "url", "--admin", **settings).stdout.strip() == settings["DATABASE_URL"]
    assert carehub("db", "url", **settings).stdout.startswith("postgresql://ch_login:")


def test_a_database_that_cannot_be_reached_is_said_in_words() -> None:
    answer = carehub("migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert answer.returncode == 1
    assert "cannot be reached" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_doctor_tells_what_does_not_run(tmp_path: Path) -> None:
    answer = carehub("doctor", DATABASE_URL="", CAREHUB_DATA_DIR=str(tmp_path), CAREHUB_PORT="1")
    assert "Database: not running" in answer.stdout
    assert "Traceback" not in answer.stderr


def test_down_without_anything_up_says_so(tmp_path: Path) -> None:
    assert carehub("down", CAREHUB_DATA_DIR=str(tmp_path)).stdout == "Nothing was running.\n"
