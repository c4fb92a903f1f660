"""The ledger's moves touch fewer rows and no index of the accounts

Revision: ledger_lean, after pay_parts
"""

from alembic import op

revision = "ledger_lean"
down_revision = "pay_parts"
branch_labels = None
depends_on = None

TABLES = ("ledger_transaction", "ledger_entry", "ledger_hold")
WITHOUT_BALANCE = "CREATE INDEX ledger_account_ending ON ledger_account (expires_at) WHERE kind = 'bonus'"
WITH_BALANCE = "CREATE INDEX ledger_account_ending ON ledger_account (expires_at) WHERE kind = 'bonus' AND balance > 0"

# Each statement's legs sum to zero in one currency, and begin at 1: a second statement for one posting meets the primary key.
BALANCED = """
CREATE OR REPLACE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM came GROUP BY tenant_id, transaction_id
             HAVING sum(amount) <> 0 OR min(currency) <> max(currency) OR min(seq) <> 1)
  THEN RAISE EXCEPTION 'a posting must sum to zero in one currency' USING ERRCODE = 'CH500'; END IF;
  RETURN NULL;
END $$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT n.tenant_id, n.transaction_id, sum(n.amount) AS total, count(DISTINCT n.currency) AS currencies, count(*) AS came
                 FROM came n GROUP BY 1, 2) AS posting
    WHERE posting.total <> 0 OR posting.currencies <> 1 OR posting.came <> (
      SELECT count(*) FROM ledger_entry e WHERE e.tenant_id = posting.tenant_id AND e.transaction_id = posting.transaction_id)
  ) THEN RAISE EXCEPTION 'a posting must sum to zero in one currency' USING ERRCODE = 'CH500'; END IF;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_tenant_id_fkey")
    op.execute("DROP INDEX ledger_account_ending")
    op.execute(WITHOUT_BALANCE)
    op.execute("ALTER TABLE ledger_account SET (fillfactor = 50)")
    op.execute(BALANCED)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(BEFORE)
    op.execute("ALTER TABLE ledger_account RESET (fillfactor)")
    op.execute("DROP INDEX ledger_account_ending")
    op.execute(WITH_BALANCE)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ADD FOREIGN KEY (tenant_id) REFERENCES tenant (id)")
