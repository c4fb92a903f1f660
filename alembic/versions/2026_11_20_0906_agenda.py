"""Patients are found by a part of their name, accents and case aside

Revision: agenda, after directory
"""

import sqlalchemy as sa

from alembic import op

revision = "agenda"
down_revision = "directory"
branch_labels = None
depends_on = None

NORM = "f_norm(given_name || ' ' || family_name)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("patient", sa.Column("norm", sa.Text(), sa.Computed(NORM, persisted=True), nullable=False))
    op.create_index("patient_by_norm", "patient", ["tenant_id", "norm"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_index("patient_by_norm", table_name="patient")
    op.drop_column("patient", "norm")
