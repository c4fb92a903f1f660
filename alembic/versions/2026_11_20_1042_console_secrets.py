"""The console reads neither secrets of second factors nor what tenants keep in their own fields

Revision: console_secrets, after console_audit
"""

from alembic import op
from carehub.core.rls import Access

revision = "console_secrets"
down_revision = "console_audit"
branch_labels = None
depends_on = None

PLATFORM = {
    "invitation": "SELECT (tenant_id, id, role, created_at, expires_at, accepted_at, withdrawn_at)",
    "second_factor": "SELECT (person_id, created_at, confirmed_at)",
    "recovery_code": "SELECT (person_id, created_at, used_at)",
    "trusted_device": "SELECT (person_id, created_at, expires_at)",
    "custom_values": "SELECT (tenant_id, id)",
}


def _platform(table: str, privileges: str) -> None:
    op.execute(f'DROP POLICY ch_platform ON "{table}"')
    op.execute(f'REVOKE ALL ON "{table}" FROM ch_platform')
    for statement in Access("ch_platform", privileges, "true").statements(table):
        op.execute(statement)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table, privileges in PLATFORM.items():
        _platform(table, privileges)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table in PLATFORM:
        _platform(table, "SELECT")
