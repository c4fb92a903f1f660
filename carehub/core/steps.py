"""Rows that travel together: what several domains write at one moment, in one statement and one round trip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, TextClause, text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Step:
    """An INSERT, UPDATE or DELETE and its values. Steps that meet in one statement share a name only for the same value."""

    sql: str
    values: Mapping[str, Any]


def write(session: Session, steps: Sequence[Step]) -> CursorResult[Any]:
    """All of them or none, seeing what was there before; constraints are judged when all are done. Answers the last one's result."""
    values: dict[str, Any] = {}
    for step in steps:
        values.update(step.values)
    result = session.execute(_together(tuple(step.sql for step in steps)), values)
    assert isinstance(result, CursorResult)
    return result


@cache
def _together(parts: tuple[str, ...]) -> TextClause:
    beside = ",\n".join(f"step_{number} AS ({part})" for number, part in enumerate(parts[:-1]))
    return text(f"WITH {beside}\n{parts[-1]}" if beside else parts[-1])
