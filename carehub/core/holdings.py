"""What the product holds of a person, table by table, and what becomes of it when they are erased (SQ-135, SQ-136).

Each domain declares its own in `services/<domain>/holdings.py`; `services/privacy` reads and erases by these declarations alone.
A table with a person or a patient in it that nobody declared fails tests/privacy/test_registry.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from carehub.core.roles import Role

# what `whose` may name; each is bound for one tenant (or for the platform) before the statement runs
PERSON = "cast(:person AS uuid)"
PATIENTS = "ANY(cast(:patients AS uuid[]))"
APPOINTMENTS = "ANY(cast(:appointments AS uuid[]))"
PRACTITIONERS = "ANY(cast(:practitioners AS uuid[]))"
EMAIL_INDEX = "cast(:email_index AS bytea)"

ANY_ROW = "true"
OF_PERSON = f"t.person_id = {PERSON}"
OF_PATIENT = f"t.patient_id = {PATIENTS}"


@dataclass(frozen=True)
class Holding:
    """One table's rows of a person.

    `whose` is a condition on its rows, called `t`. `shown` names what an export tells: a title (msgid) -> an expression on `t`;
    `sealed` are those of them that are encrypted: title -> the context of the token. `blank` lists columns with what they become;
    None: the rows are deleted. `kept` (msgid) says why rows stay as they are: nothing in them names anybody.
    `care`: part of a file that the law may make the tenant keep; then only `unlink` is done. `order`: lower goes first.
    `files`: an expression on `t`, an array of storage keys whose bytes go too.
    """

    table: str
    label: str
    whose: str
    role: Role = Role.APP
    shown: Mapping[str, str] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict)
    blank: Mapping[str, str] | None = None
    kept: str = ""
    care: bool = False
    unlink: Mapping[str, str] = field(default_factory=dict)
    files: str = ""
    order: int = 0


HOLDINGS: list[Holding] = []
NOBODY: dict[str, str] = {}  # table -> why its columns of people hold nobody's data


def holds(*declared: Holding) -> None:
    """Declare a domain's holdings."""
    HOLDINGS.extend(declared)


def holds_nobody(**tables: str) -> None:
    """Tables whose columns look like a person's and are not: `announcement="who wrote it, by id only"`."""
    NOBODY.update(tables)
