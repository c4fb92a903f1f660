"""pay parts

Revision: pay_parts, after pay_checkout
"""

from alembic import op

revision = "pay_parts"
down_revision = "buy_wallet"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table(
        "checkout_part",
        [
            (
                "ch_app",
                "SELECT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table(
        "checkout_part",
        [],
        clinical=False,
    )
