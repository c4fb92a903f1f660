"""Own fields that hold a file

Revision: setup_files, after setup_connections
"""

from alembic import op

revision = "setup_files"
down_revision = "setup_connections"
branch_labels = None
depends_on = None

KINDS = "'text', 'number', 'date', 'choice', 'yes_no'"


def _kinds(listed: str) -> None:
    op.drop_constraint(op.f("custom_field_kind_check"), "custom_field", type_="check")
    op.create_check_constraint(op.f("custom_field_kind_check"), "custom_field", f"kind IN ({listed})")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    _kinds(f"{KINDS}, 'file'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("DELETE FROM custom_field WHERE kind = 'file'")
    _kinds(KINDS)
