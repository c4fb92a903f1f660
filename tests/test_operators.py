"""docs/operators.md tells every setting with its default, and none that does not exist."""

import re
from pathlib import Path

from pydantic import AliasChoices

from carehub.core.settings import ROOT, Settings

LINE = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\|", re.MULTILINE)


def test_the_table_of_settings_is_the_settings() -> None:
    told = dict(LINE.findall((ROOT / "docs" / "operators.md").read_text()))
    assert told == {_variable(name): _default(name) for name in Settings.model_fields}


def _variable(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"CAREHUB_{name.upper()}"


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    return str(value.relative_to(ROOT)) if isinstance(value, Path) else "" if value is None else str(value)
