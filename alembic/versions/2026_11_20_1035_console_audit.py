"""The console explores the audit: values of administrative tables only

Revision: console_audit, after console_plans
"""

from alembic import op
from carehub.core.rls import Access

revision = "console_audit"
down_revision = "console_plans"
branch_labels = None
depends_on = None

COLUMNS = "SELECT (id, tenant_id, at, person_id, role, table_name, action, row_id)"

# Of any other table the names of the fields are told, never a value: a client's name or a reason stays with the tenant.
CHANGES = """
CREATE FUNCTION audit_changes(entry bigint) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN table_name IN ('tenant', 'tenant_plan', 'membership', 'role_permission', 'site', 'service', 'platform_staff',
                                  'service_practitioner', 'availability_rule', 'notification_rule')
    THEN changes ELSE (SELECT jsonb_object_agg(field, NULL) FROM jsonb_object_keys(changes) AS field) END
  FROM audit_log WHERE id = entry
$$
"""


def _platform(privileges: str) -> None:
    op.execute("DROP POLICY ch_platform ON audit_log")
    op.execute("REVOKE ALL ON audit_log FROM ch_platform")
    for statement in Access("ch_platform", privileges, "true").statements("audit_log"):
        op.execute(statement)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_index("audit_log_at", "audit_log", ["at"], postgresql_using="brin")
    op.execute(CHANGES)
    op.execute("REVOKE ALL ON FUNCTION audit_changes(bigint) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION audit_changes(bigint) TO ch_platform")
    _platform(COLUMNS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    _platform("SELECT")
    op.execute("DROP FUNCTION audit_changes(bigint)")
    op.drop_index("audit_log_at", table_name="audit_log")
