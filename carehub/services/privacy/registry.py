"""Every domain's declarations of what it holds of a person, in the order in which they may be erased."""

import importlib
import importlib.util
import pkgutil
from functools import cache

import carehub.services
from carehub.core.holdings import HOLDINGS, NOBODY, Holding
from carehub.models import metadata

PEOPLE = frozenset({"person", "patient", "appointment", "practitioner"})
TELLING = frozenset(
    {"person_id", "patient_id", "appointment_id", "practitioner_id", "email", "email_index", "phone", "given_name", "recipient"}
)  # fmt: skip


@cache
def holdings() -> tuple[Holding, ...]:
    """All of them: what references comes before what is referenced, unless `order` says otherwise."""
    for one in pkgutil.iter_modules(carehub.services.__path__, "carehub.services."):
        if one.ispkg and importlib.util.find_spec(f"{one.name}.holdings"):
            importlib.import_module(f"{one.name}.holdings")
    depth = {table.name: place for place, table in enumerate(metadata.sorted_tables)}
    return tuple(sorted(HOLDINGS, key=lambda one: (one.order, -depth[one.table])))


def undeclared() -> list[str]:
    """Tables with a column that tells of a person and that no domain has declared."""
    declared = {one.table for one in holdings()} | NOBODY.keys()
    return [table.name for table in metadata.sorted_tables if table.name not in declared and _tells(table.name)]


def _tells(name: str) -> bool:
    return any(
        column.name in TELLING or any(key.column.table.name in PEOPLE for key in column.foreign_keys)
        for column in metadata.tables[name].columns
    )


def per_tenant(one: Holding) -> bool:
    """Whether its rows are looked for in each tenant; else once, among the platform's own."""
    return "tenant_id" in metadata.tables[one.table].columns or ":practitioners" in one.whose


def audited(table: str) -> bool:
    return metadata.tables[table].info.get("audited") is not None
