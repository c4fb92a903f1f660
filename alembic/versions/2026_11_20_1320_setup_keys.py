"""The key of a stored file whose bytes are sealed

Revision: setup_keys, after rights_support
"""

import sqlalchemy as sa

from alembic import op

revision = "setup_keys"
down_revision = "rights_support"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("stored_file", sa.Column("content_key", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_column("stored_file", "content_key")
