"""Free soonest in a city is read in the index's order

Revision: city_free, after identity2_platform
"""

import sqlalchemy as sa

from alembic import op

revision = "city_free"
down_revision = "identity2_platform"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_index(
        "directory_entry_city_free", "directory_entry", ["city_norm", "next_free", sa.text("rank DESC"), "id"]
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_index("directory_entry_city_free", table_name="directory_entry")
