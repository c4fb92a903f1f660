"""An invitation may be for one of the tenant's own roles

Revision: people_roles, after people_hosts
"""

import sqlalchemy as sa

from alembic import op

revision = "people_roles"
down_revision = "people_hosts"
branch_labels = None
depends_on = None

KEY = "invitation_tenant_id_custom_role_id_fkey"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("invitation", sa.Column("custom_role_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f(KEY), "invitation", "custom_role", ["tenant_id", "custom_role_id"], ["tenant_id", "id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_column("invitation", "custom_role_id")
