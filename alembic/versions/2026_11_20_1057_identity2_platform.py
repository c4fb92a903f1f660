"""The console reads no address that is wanted, and nothing of sign-in services that is secret

Revision: identity2_platform, after console_news
"""

from alembic import op
from carehub.core.rls import Access

revision = "identity2_platform"
down_revision = "console_news"
branch_labels = None
depends_on = None

PLATFORM = {
    "email_change": "SELECT (person_id, created_at)",
    "login_provider": "SELECT (tenant_id, id, name, issuer, created_at)",
    "oidc_attempt": "SELECT (provider, expires_at)",
    "external_identity": "SELECT (issuer, person_id, created_at)",
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
