"""No table with people in it is forgotten."""

from carehub.core.holdings import HOLDINGS, NOBODY
from carehub.models import metadata
from carehub.services.privacy.registry import holdings, undeclared


def test_every_table_with_a_person_or_a_patient_is_declared_by_a_domain() -> None:
    """Declare it in `services/<domain>/holdings.py`: how an export shows it, what erasing makes of it."""
    assert undeclared() == []


def test_declarations_name_tables_and_columns_that_exist() -> None:
    tables = {one.table for one in holdings()} | NOBODY.keys()
    assert tables - metadata.tables.keys() == set()
    for one in HOLDINGS:
        changed = {*(one.blank or {}), *one.unlink}
        assert changed - {column.name for column in metadata.tables[one.table].columns} == set(), one.table
        assert one.sealed.keys() <= one.shown.keys(), one.table


def test_a_table_is_not_both_somebodys_and_nobodys() -> None:
    assert {one.table for one in holdings()} & NOBODY.keys() == set()
