"""A tenant may be closed by its owner

Revision: clinic_closed, after agenda
"""

from alembic import op

revision = "clinic_closed"
down_revision = "agenda"
branch_labels = None
depends_on = None

OLD = "status IN ('active', 'suspended')"
NEW = "status IN ('active', 'suspended', 'closed')"


def _replace(condition: str) -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_constraint(op.f("tenant_status_check"), "tenant", type_="check")
    op.create_check_constraint(op.f("tenant_status_check"), "tenant", condition)


def upgrade() -> None:
    _replace(NEW)


def downgrade() -> None:
    op.execute("UPDATE tenant SET status = 'suspended' WHERE status = 'closed'")
    _replace(OLD)
