"""Sealing of the audit log; the worker takes lapsed slot holds away; answered entries leave the centre

Revision: notify, after identity
"""

from alembic import op

revision = "notify"
down_revision = "identity"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
MINE = "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)"
ALL = "SELECT, INSERT, UPDATE, DELETE"

NOTIFICATION = [
    ("ch_me", "SELECT, UPDATE (read_at, archived_at)", MINE, ""),
    ("ch_booking", "INSERT", OWN, ""),
    ("ch_worker", "SELECT", "true", ""),
]

ROW_HASH = """
CREATE FUNCTION audit_row_hash(a audit_log) RETURNS bytea LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT sha256(convert_to(jsonb_build_array(
    a.id, a.tenant_id, extract(epoch FROM a.at), a.person_id, a.role, a.table_name, a.action, a.row_id, a.changes
  )::text, 'UTF8'))
$$
"""

SEAL = """
CREATE FUNCTION audit_seal(most integer) RETURNS integer LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  last record;
  next_batch bigint;
  before bytea;
  sealed integer;
  sum bytea;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit_seal'));
  SELECT s.batch, s.hash INTO last FROM audit_seal s ORDER BY s.batch DESC LIMIT 1;
  next_batch := coalesce(last.batch, 0) + 1;
  before := coalesce(last.hash, '\\x00');
  WITH taken AS (
    UPDATE audit_log l SET batch = next_batch
    WHERE l.id IN (SELECT w.id FROM audit_log w WHERE w.batch IS NULL ORDER BY w.id LIMIT most)
    RETURNING l.*
  )
  SELECT count(*), sha256(before || string_agg(audit_row_hash(taken::audit_log), ''::bytea ORDER BY taken.id))
    INTO sealed, sum FROM taken;
  IF sealed > 0 THEN
    INSERT INTO audit_seal (batch, size, previous, hash) VALUES (next_batch, sealed, before, sum);
  END IF;
  RETURN sealed;
END $$
"""

# batches of the log without a seal are broken too: someone took the seal away
CHECK = """
CREATE FUNCTION audit_check() RETURNS TABLE (batch bigint, ok boolean) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  WITH found AS (
    SELECT l.batch, count(*) AS size, string_agg(audit_row_hash(l), ''::bytea ORDER BY l.id) AS rows
    FROM audit_log l WHERE l.batch IS NOT NULL GROUP BY l.batch
  ), chain AS (
    SELECT s.*, coalesce(lag(s.hash) OVER (ORDER BY s.batch), '\\x00') AS expected,
           coalesce(lag(s.batch) OVER (ORDER BY s.batch), 0) + 1 AS number
    FROM audit_seal s
  )
  SELECT coalesce(chain.batch, found.batch),
         coalesce(chain.size = found.size AND chain.previous = chain.expected AND chain.number = chain.batch
                  AND chain.hash = sha256(chain.previous || found.rows), false)
  FROM chain FULL JOIN found ON found.batch = chain.batch
$$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in (ROW_HASH, SEAL, CHECK):
        op.execute(statement)
    op.execute("REVOKE EXECUTE ON FUNCTION audit_seal(integer), audit_check() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION audit_seal(integer), audit_check() TO ch_worker")
    op.secure_table(
        "slot_hold",
        [("ch_app", ALL, OWN, ""), ("ch_booking", ALL, OWN, ""), ("ch_worker", "SELECT, DELETE", "true", "")],
    )
    op.secure_table("notification", [("ch_app", "SELECT, INSERT, UPDATE (archived_at)", OWN, ""), *NOTIFICATION])


def downgrade() -> None:
    op.secure_table("notification", [("ch_app", "SELECT, INSERT", OWN, ""), *NOTIFICATION])
    op.secure_table("slot_hold", [("ch_app", ALL, OWN, ""), ("ch_booking", ALL, OWN, "")])
    op.execute("DROP FUNCTION audit_check(), audit_seal(integer), audit_row_hash(audit_log)")
