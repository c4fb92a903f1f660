"""Alembic operations of our own: a table's row-level security and its audit, with comparators, so that `alembic check`
sees a table whose policies or trigger are missing or no longer what the model declares."""

from collections.abc import Sequence
from typing import Any

from alembic.autogenerate import comparators, renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import UpgradeOps
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import text

from carehub.core.rls import Access, secure_statements

Row = tuple[str, str, str, str]  # role, privileges, using, check


@Operations.register_operation("secure_table")
class SecureTable(MigrateOperation):
    """`op.secure_table(table, [(role, privileges, using, check), ...], clinical=False)` replaces all of a table's policies."""

    def __init__(self, table: str, rows: Sequence[Row], *, clinical: bool = False) -> None:
        self.table, self.rows, self.clinical = table, list(rows), clinical

    @classmethod
    def secure_table(cls, operations: Operations, table: str, rows: Sequence[Row], *, clinical: bool = False) -> Any:
        return operations.invoke(cls(table, rows, clinical=clinical))

    def reverse(self) -> "SecureTable":
        return SecureTable(self.table, [])

    def to_diff_tuple(self) -> tuple[str, str]:
        return "secure_table", self.table


_CLEAR = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT polname FROM pg_policy WHERE polrelid = '"{table}"'::regclass LOOP
    EXECUTE format('DROP POLICY %I ON "{table}"', one.polname);
  END LOOP;
  FOR one IN SELECT DISTINCT grantee FROM information_schema.column_privileges
             WHERE table_name = '{table}' AND grantee LIKE 'ch\\_%' AND grantee <> 'ch_owner' LOOP
    EXECUTE format('REVOKE ALL ON "{table}" FROM %I', one.grantee);
  END LOOP;
END $$
"""


@Operations.implementation_for(SecureTable)
def _secure(operations: Operations, operation: SecureTable) -> None:
    operations.execute(_CLEAR.format(table=operation.table))
    allowed = tuple(Access(*row) for row in operation.rows)
    for statement in secure_statements(operation.table, allowed, clinical=operation.clinical):
        operations.execute(statement)


@renderers.dispatch_for(SecureTable)
def _render_secure(_context: AutogenContext, operation: SecureTable) -> str:
    rows = "".join(f"        {row!r},\n" for row in operation.rows)
    return f"op.secure_table(\n    {operation.table!r},\n    [\n{rows}    ],\n    clinical={operation.clinical},\n)"


@Operations.register_operation("audit_table")
class AuditTable(MigrateOperation):
    """`op.audit_table(table, masked)`: every change of the table is logged; the values of `masked` columns are not."""

    def __init__(self, table: str, masked: Sequence[str]) -> None:
        self.table, self.masked = table, list(masked)

    @classmethod
    def audit_table(cls, operations: Operations, table: str, masked: Sequence[str]) -> Any:
        return operations.invoke(cls(table, masked))

    def reverse(self) -> "DropAudit":
        return DropAudit(self.table, self.masked)

    def to_diff_tuple(self) -> tuple[str, str]:
        return "audit_table", self.table


@Operations.register_operation("drop_audit")
class DropAudit(MigrateOperation):
    def __init__(self, table: str, masked: Sequence[str]) -> None:
        self.table, self.masked = table, list(masked)

    @classmethod
    def drop_audit(cls, operations: Operations, table: str, masked: Sequence[str] = ()) -> Any:
        return operations.invoke(cls(table, masked))

    def reverse(self) -> AuditTable:
        return AuditTable(self.table, self.masked)

    def to_diff_tuple(self) -> tuple[str, str]:
        return "drop_audit", self.table


@Operations.implementation_for(AuditTable)
def _audit(operations: Operations, operation: AuditTable) -> None:
    masked = ", ".join(f"'{name}'" for name in operation.masked)
    operations.execute(f'DROP TRIGGER IF EXISTS audit ON "{operation.table}"')
    operations.execute(
        f'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "{operation.table}"'
        f" FOR EACH ROW EXECUTE FUNCTION audit_row({masked})"
    )


@Operations.implementation_for(DropAudit)
def _drop_audit(operations: Operations, operation: DropAudit) -> None:
    operations.execute(f'DROP TRIGGER IF EXISTS audit ON "{operation.table}"')


@renderers.dispatch_for(AuditTable)
def _render_audit(_context: AutogenContext, operation: AuditTable) -> str:
    return f"op.audit_table({operation.table!r}, {operation.masked!r})"


@renderers.dispatch_for(DropAudit)
def _render_drop(_context: AutogenContext, operation: DropAudit) -> str:
    return f"op.drop_audit({operation.table!r}, {operation.masked!r})"


_POLICIES = text("""
    SELECT c.relname, p.polname, obj_description(p.oid, 'pg_policy')
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE c.relrowsecurity AND c.relforcerowsecurity AND c.relnamespace = 'public'::regnamespace""")
_TRIGGERS = text("""
    SELECT c.relname, coalesce(string_to_array(rtrim(replace(encode(t.tgargs, 'escape'), '\\000', ' ')), ' '), '{}')
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'audit'""")


@comparators.dispatch_for("schema", priority=DispatchPriority.LAST)
def _compare(context: AutogenContext, upgrades: UpgradeOps, _schemas: Any) -> PriorityDispatchResult:
    assert context.connection is not None
    assert context.metadata is not None
    found: dict[str, dict[str, str]] = {}
    for table, role, mark in context.connection.execute(_POLICIES):
        found.setdefault(table, {})[role] = mark
    audits = {table: list(masked) for table, masked in context.connection.execute(_TRIGGERS)}
    for one in context.metadata.sorted_tables:  # type: ignore[union-attr]
        allowed: tuple[Access, ...] = one.info.get("access", ())
        clinical = bool(one.info.get("clinical"))
        wanted = {row.role: row.mark for row in allowed}
        wanted.setdefault("ch_backup", Access("ch_backup", "SELECT", "true").mark)
        if not clinical:
            wanted.setdefault("ch_platform", Access("ch_platform", "SELECT", "true").mark)
        if found.get(one.name) != wanted:
            rows = [(row.role, row.privileges, row.using, row.check) for row in allowed]
            upgrades.ops.append(SecureTable(one.name, rows, clinical=clinical))
        masked = one.info.get("audited")
        if masked is not None and audits.get(one.name) != [*masked]:
            upgrades.ops.append(AuditTable(one.name, masked))
        elif masked is None and one.name in audits:
            upgrades.ops.append(DropAudit(one.name, audits[one.name]))
    return PriorityDispatchResult.CONTINUE
