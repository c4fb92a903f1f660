"""The console reads card payments, refunds and disputes without their words

Revision: console_transactions, after people_backups
"""

from alembic import op

revision = "console_transactions"
down_revision = "people_backups"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
MINE = "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)"
BOOKS = [("ch_money", "SELECT, INSERT, UPDATE", OWN, ""), ("ch_app", "SELECT", OWN, "")]
PAYMENT = [
    *BOOKS,
    ("ch_me", "SELECT", MINE, ""),
    ("ch_worker", "SELECT (tenant_id, id, account, intent_ref, status, due_at), UPDATE (due_at)", "true", ""),
]
BEFORE = "SELECT (tenant_id, id, purpose, amount, currency, status, captured, refunded, created_at, paid_at)"
NOW = "SELECT (tenant_id, id, purpose, mode, amount, currency, status, captured, refunded, paid_with, created_at, paid_at)"
REFUND = "SELECT (tenant_id, id, payment_id, amount, status, created_at)"
DISPUTE = "SELECT (tenant_id, id, payment_id, amount, status, evidence_by, created_at)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table("payment", [*PAYMENT, ("ch_platform", NOW, "true", "")], clinical=False)
    op.secure_table("payment_refund", [*BOOKS, ("ch_platform", REFUND, "true", "")], clinical=False)
    op.secure_table("payment_dispute", [*BOOKS, ("ch_platform", DISPUTE, "true", "")], clinical=False)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table("payment", [*PAYMENT, ("ch_platform", BEFORE, "true", "")], clinical=False)
    op.secure_table("payment_refund", BOOKS, clinical=False)
    op.secure_table("payment_dispute", BOOKS, clinical=False)
