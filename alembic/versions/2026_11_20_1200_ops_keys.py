"""Data keys are rotated by the administrator

Revision: ops_keys, after city_free
"""

import sqlalchemy as sa

from alembic import op

revision = "ops_keys"
down_revision = "city_free"
branch_labels = None
depends_on = None

BEFORE = [
    ("ch_auth", "SELECT, INSERT", "true", ""),
    ("ch_platform", "SELECT (scope_id, version, created_at)", "true", ""),
]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("tenant_key", sa.Column("rotating", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.secure_table("tenant_key", [*BEFORE, ("ch_owner", "SELECT, INSERT, UPDATE, DELETE", "true", "")], clinical=False)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table("tenant_key", BEFORE, clinical=False)
    op.drop_column("tenant_key", "rotating")
