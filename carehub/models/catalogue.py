"""What the models say about all tables at once: which belong to a tenant, which columns are sealed, which name a person."""

from dataclasses import dataclass

from sqlalchemy import Column, Table

from carehub.models import metadata

NOT_CARRIED = frozenset(
    {"audit_log", "outbox", "tenant_export", "impersonation"}
)  # the installation's own: a sealed chain, work that waits, its files


@dataclass(frozen=True)
class SealedColumn:
    """A column whose values `crypto.encrypt` made. `secret`: no export opens it."""

    table: Table
    name: str
    context: str
    secret: bool

    @property
    def of_tenants(self) -> bool:
        """Whether the row's tenant is the scope; else it is the platform's, PERSONS."""
        return "tenant_id" in self.table.c


def sealed_columns() -> list[SealedColumn]:
    return [
        SealedColumn(table, column.name, str(column.info["sealed"]), bool(column.info["secret"]))
        for table in metadata.sorted_tables
        for column in table.columns
        if column.info.get("sealed")
    ]


def tenant_tables() -> list[Table]:
    """Every table whose rows are a tenant's, in an order in which they can be written."""
    return [one for one in metadata.sorted_tables if "tenant_id" in one.c and one.name not in NOT_CARRIED]


def written(table: Table) -> list[Column[object]]:
    """A table's columns but those that PostgreSQL computes."""
    return [one for one in table.columns if one.computed is None]


def person_columns(table: Table) -> list[str]:
    """Columns that refer to an account."""
    return [
        column.name
        for column in table.columns
        if any(key.target_fullname == "person.id" for key in column.foreign_keys)
    ]
