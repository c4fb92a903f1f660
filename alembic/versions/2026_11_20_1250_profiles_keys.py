"""A document of verification has a key of its own, which the tenant's seals

Revision: profiles_keys, after look
"""

import sqlalchemy as sa

from alembic import op

revision = "profiles_keys"
down_revision = "look"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("DELETE FROM verification_document")  # none was taken before this revision but in a demo
    op.add_column("verification_document", sa.Column("content_key", sa.LargeBinary(), nullable=False))
    op.audit_table("verification_document", ["name", "sha256", "content_key"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_column("verification_document", "content_key")
    op.audit_table("verification_document", ["name", "sha256"])
