"""Backups by the clock: when one is due, which are kept, and what tells that none was made."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.api import health
from carehub.backup import keeping
from carehub.core import clock
from carehub.core.settings import settings
from tests.backup.conftest import House

DAY = timedelta(days=1)
START = datetime(2026, 1, 5, 2, tzinfo=UTC)  # a Monday
moments = st.lists(st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)), unique=True, max_size=60)


def test_a_daily_backup_is_due_after_a_day() -> None:
    assert keeping.due([], START, DAY)
    assert not keeping.due([START], START + timedelta(hours=20), DAY)
    assert keeping.due([START - 9 * DAY, START], START + DAY, DAY)


def test_the_newest_days_and_the_first_of_the_newest_weeks_are_kept() -> None:
    made = [START + number * DAY for number in range(28)]
    gone = keeping.superfluous(made, 3)
    assert [one for one in made if one not in gone] == [made[7], made[14], made[21], made[25], made[26], made[27]]


@given(moments, st.integers(1, 10))
def test_the_newest_is_never_superfluous_and_deciding_again_decides_nothing_more(
    made: list[datetime], keep: int
) -> None:
    gone = keeping.superfluous(made, keep)
    left = [one for one in made if one not in gone]
    assert set(sorted(made)[-keep:]) <= set(left)
    assert keeping.superfluous(left, keep) == []


def test_the_schedule_makes_one_proves_it_and_takes_old_ones_away(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.__dict__, "backup_dir", tmp_path)
    monkeypatch.setitem(settings.__dict__, "backup_keep", 1)
    for days in (16, 9, 8, 2):
        (tmp_path / f"carehub-{clock.now() - days * DAY:%Y%m%d-%H%M%S}.backup").write_text("old")
    made = keeping.back_up_if_due()
    assert made is not None
    assert made.exists()
    assert keeping.back_up_if_due() is None
    assert len(list(tmp_path.glob("*.backup"))) <= 2
    assert list(tmp_path.glob(".*.part")) == []
    assert health.backup().ok


def test_a_backup_that_is_too_old_is_told_and_takes_nothing_out_of_service(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.__dict__, "backup_dir", tmp_path)
    assert not health.backup().ok
    assert "backup" in health.ADVICE
