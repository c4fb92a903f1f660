"""Figures of each day, of nobody

Revision: people_figures, after plans
"""

import sqlalchemy as sa

from alembic import op

revision = "people_figures"
down_revision = "plans"
branch_labels = None
depends_on = None

_OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "daily_figure",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("daily_figure_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("daily_figure_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "day", "measure", "currency", name=op.f("daily_figure_tenant_id_day_measure_currency_key")
        ),
    )
    op.create_index("daily_figure_of_day", "daily_figure", ["day", "measure"], unique=False)
    op.secure_table(
        "daily_figure",
        [
            ("ch_app", "SELECT, INSERT, UPDATE, DELETE", _OWN, ""),
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            ("ch_platform", "SELECT", "true", ""),
        ],
        clinical=False,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table("daily_figure", [], clinical=False)
    op.drop_index("daily_figure_of_day", table_name="daily_figure")
    op.drop_table("daily_figure")
