"""The locks pin content and name no address."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["requirements.lock", "carehub/toolchain/package-lock.json"])
def test_a_lock_names_no_address(name: str) -> None:
    assert "://" not in (ROOT / name).read_text()


def test_every_locked_package_has_a_hash() -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text().strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_declared_package_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    locked = {
        normal(name) for name in re.findall(r"^([\w.-]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    }
    assert {normal(re.split(r"[\[=<>~!;\s]", entry)[0]) for entry in declared} - locked == set()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
