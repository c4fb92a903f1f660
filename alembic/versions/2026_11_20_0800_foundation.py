"""Functions that the tables stand on: search normalisation, audit

Revision: foundation, after None
"""

from alembic import op

revision = "foundation"
down_revision = None
branch_labels = None
depends_on = None

# Accent-, case- and Arabic-insensitive: hamza and alef forms folded, tashkeel and tatweel removed.
F_NORM = """
CREATE FUNCTION f_norm(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT translate(
    regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, value)), '[\\u064B-\\u0652\\u0670\\u0640]', '', 'g'),
    'أإآٱىةؤئـ', 'اااايهوي')
$$
"""

AUDIT_ROW = """
CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  changes jsonb;
  masked text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(e.key, jsonb_build_array(before -> e.key, e.value)) INTO changes
      FROM jsonb_each(after) e WHERE before -> e.key IS DISTINCT FROM e.value;
    IF changes IS NULL THEN RETURN NULL; END IF;
  ELSE
    changes := coalesce(after, before);
  END IF;
  FOREACH masked IN ARRAY coalesce(TG_ARGV, '{}') LOOP
    IF changes ? masked THEN changes := jsonb_set(changes, ARRAY[masked], '"***"'); END IF;
  END LOOP;
  INSERT INTO audit_log (tenant_id, person_id, role, table_name, action, row_id, changes) VALUES (
    CASE WHEN TG_TABLE_NAME = 'tenant' THEN (coalesce(after, before) ->> 'id')::uuid
         ELSE (coalesce(after, before) ->> 'tenant_id')::uuid END,
    nullif(current_setting('app.person_id', true), '')::uuid,
    current_setting('role'), TG_TABLE_NAME, lower(TG_OP), coalesce(after, before) ->> 'id', changes);
  RETURN NULL;
END $$
"""

AUDIT_KEEP = """
CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.batch IS NULL AND NEW.batch IS NOT NULL
     AND to_jsonb(NEW) - 'batch' = to_jsonb(OLD) - 'batch' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'audit_log is append-only';
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in (F_NORM, AUDIT_ROW, AUDIT_KEEP):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION audit_keep(), audit_row(), f_norm(text)")
