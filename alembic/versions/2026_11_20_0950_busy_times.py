"""Busy times are read from an index of their own

Revision: busy_times, after clinic_closed
"""

import sqlalchemy as sa

from alembic import op

revision = "busy_times"
down_revision = "clinic_closed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_index(
        "appointment_busy",
        "appointment",
        ["tenant_id", "practitioner_id", "starts_at"],
        postgresql_include=["ends_at", "service_id", "id"],
        postgresql_where=sa.text("status IN ('pending', 'proposed', 'booked', 'arrived', 'fulfilled')"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_index("appointment_busy", table_name="appointment")
