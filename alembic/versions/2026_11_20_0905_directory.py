"""Directory: the next free start beside the entry, and what orders by it and by price

Revision: directory, after notify
"""

import sqlalchemy as sa

from alembic import op

revision = "directory"
down_revision = "notify"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("directory_entry", sa.Column("notice_minutes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("directory_entry", sa.Column("next_free", sa.TIMESTAMP(timezone=True), nullable=True))
    op.create_index("directory_entry_next", "directory_entry", ["next_free", "id"])
    op.create_index("directory_entry_price", "directory_entry", ["price_euro_cents", "id"])


def downgrade() -> None:
    op.drop_index("directory_entry_price", table_name="directory_entry")
    op.drop_index("directory_entry_next", table_name="directory_entry")
    op.drop_column("directory_entry", "next_free")
    op.drop_column("directory_entry", "notice_minutes")
