"""Data rights: consents, requests, exports, who opened whose file, retention, breaches, legal texts; and an audit that forgets people

Revision: rights, after profiles
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "rights"
down_revision = "profiles"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
MINE = "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)"
ALL = "SELECT, INSERT, UPDATE, DELETE"
NEW = ("consent", "record_access", "rights_request", "retention_rule", "legal_text", "data_export", "data_breach")

# table -> clinical, what staff or sign-in might do with it before and may now, and what stays as it was
CHANGED = {
    "api_token": (False, ("ch_auth", "SELECT, INSERT, UPDATE", ALL, "true"), [
        ("ch_me", "SELECT (id, person_id, name, prefix, scopes, created_at, used_at, expires_at, revoked_at)", MINE, ""),
        ("ch_platform", "SELECT (id, person_id, prefix, scopes, created_at, used_at, expires_at, revoked_at)", "true", ""),
    ]),
    "professional_details": (False, ("ch_auth", "SELECT, INSERT, UPDATE", ALL, "true"), [("ch_me", "SELECT", MINE, "")]),
    "login_event": (False, (
        "ch_auth",
        "SELECT, INSERT, UPDATE (outcome, person_id)",
        "SELECT, INSERT, UPDATE (outcome, person_id, email_index, address, user_agent)",
        "true",
    ), [("ch_me", "SELECT", MINE, ""), ("ch_platform", "SELECT (id, person_id, outcome, at)", "true", "")]),
    "notification": (False, (
        "ch_app", "SELECT, INSERT, UPDATE (archived_at)", "SELECT, INSERT, UPDATE (archived_at), DELETE", OWN
    ), [
        ("ch_me", "SELECT, UPDATE (read_at, archived_at)", MINE, ""),
        ("ch_booking", "INSERT", OWN, ""),
        ("ch_worker", "SELECT", "true", ""),
        ("ch_platform", "SELECT (tenant_id, id, event, created_at, read_at)", "true", ""),
    ]),
    "invitation": (
        False,
        ("ch_app", "SELECT, INSERT, UPDATE", ALL, OWN),
        [("ch_platform", "SELECT (tenant_id, id, role, created_at, expires_at, accepted_at, withdrawn_at)", "true", "")],
    ),
    "intake_answer": (True, ("ch_care", "SELECT, INSERT", "SELECT, INSERT, DELETE", OWN), [("ch_booking", "INSERT", OWN, "")]),
}  # fmt: skip

# A row whose values were taken away keeps the hash that it had: the seal over its batch still holds.
ROW_HASH = """
CREATE OR REPLACE FUNCTION audit_row_hash(a audit_log) RETURNS bytea LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT {original}sha256(convert_to(jsonb_build_array(
    a.id, a.tenant_id, extract(epoch FROM a.at), a.person_id, a.role, a.table_name, a.action, a.row_id, a.changes
  )::text, 'UTF8')){end}
$$
"""

KEEP = """
CREATE OR REPLACE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.batch IS NULL AND NEW.batch IS NOT NULL
     AND to_jsonb(NEW) - 'batch' = to_jsonb(OLD) - 'batch' THEN RETURN NEW; END IF;
  {erased}RAISE EXCEPTION 'audit_log is append-only';
END $$
"""
ERASED = """IF TG_OP = 'UPDATE' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.original = audit_row_hash(OLD)
     AND to_jsonb(NEW) - '{changes,original,erased_at}'::text[] = to_jsonb(OLD) - '{changes,original,erased_at}'::text[]
     THEN RETURN NEW; END IF;
  """

# Who did what to which row stays, with ids and states; what was written there goes.
ERASE = """
CREATE FUNCTION audit_erase(of_tenant uuid, of_table text, row_ids text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE done integer;
BEGIN
  UPDATE audit_log a SET original = audit_row_hash(a), erased_at = now(), changes = (
      SELECT coalesce(jsonb_object_agg(e.key, CASE
        WHEN e.key ~ '^(id|status|kind|role|mode|source|active|purpose)$|_id$|_at$' THEN e.value ELSE '"***"' END), '{}')
      FROM jsonb_each(a.changes) e)
  WHERE a.table_name = of_table AND a.row_id = ANY(row_ids) AND a.erased_at IS NULL
    AND (a.tenant_id = of_tenant OR (of_tenant IS NULL AND a.tenant_id IS NULL));
  GET DIAGNOSTICS done = ROW_COUNT;
  RETURN done;
END $$
"""


def _secure(now: bool) -> None:
    for table, (clinical, (role, before, after, using), others) in CHANGED.items():
        op.secure_table(table, [(role, after if now else before, using, ""), *others], clinical=clinical)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "data_breach",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("discovered_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("authority_told_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("people_told_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("closed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("risk IN ('none', 'risk', 'high')", name=op.f("data_breach_risk_check")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("data_breach_person_id_fkey")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("data_breach_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("data_breach_pkey")),
    )
    op.create_index("data_breach_recent", "data_breach", ["tenant_id", "discovered_at"], unique=False)
    op.create_table(
        "data_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ready_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("json_size", sa.Integer(), nullable=False),
        sa.Column("pdf_size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("data_export_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("data_export_pkey")),
    )
    op.create_index("data_export_of_person", "data_export", ["person_id", "asked_at"], unique=False)
    op.create_table(
        "legal_text",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('privacy', 'terms', 'imprint')", name=op.f("legal_text_kind_check")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("legal_text_published_by_fkey")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("legal_text_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("legal_text_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "kind", "locale", "version", name=op.f("legal_text_tenant_id_kind_locale_version_key")
        ),
    )
    op.create_table(
        "retention_rule",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data_class", sa.Text(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("ran_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ran_count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "data_class IN ('files', 'cancelled', 'messages', 'invitations', 'accesses')",
            name=op.f("retention_rule_data_class_check"),
        ),
        sa.CheckConstraint("months BETWEEN 1 AND 600", name=op.f("retention_rule_months_check")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("retention_rule_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("retention_rule_pkey")),
        sa.UniqueConstraint("tenant_id", "data_class", name=op.f("retention_rule_tenant_id_data_class_key")),
    )
    op.create_table(
        "rights_request",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("closed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("kept", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "kind IN ('access', 'rectification', 'erasure', 'objection')", name=op.f("rights_request_kind_check")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'done', 'rejected', 'withdrawn')", name=op.f("rights_request_status_check")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("rights_request_closed_by_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("rights_request_person_id_fkey")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("rights_request_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("rights_request_pkey")),
    )
    op.create_index("rights_request_due", "rights_request", ["tenant_id", "status", "due_at"], unique=False)
    op.create_index("rights_request_of_person", "rights_request", ["person_id", "asked_at"], unique=False)
    op.create_table(
        "consent",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("by_person", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('account', 'booking', 'platform_news', 'tenant_news')", name=op.f("consent_purpose_check")
        ),
        sa.ForeignKeyConstraint(["by_person"], ["person.id"], name=op.f("consent_by_person_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("consent_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.id"],
            name=op.f("consent_tenant_id_patient_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("consent_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("consent_pkey")),
    )
    op.create_index("consent_by_person", "consent", ["person_id", "at"], unique=False)
    op.create_index("consent_of_patient", "consent", ["tenant_id", "patient_id", "at"], unique=False)
    op.create_index("consent_of_person", "consent", ["tenant_id", "person_id", "purpose", "at"], unique=False)
    op.create_table(
        "record_access",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("record_access_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.id"],
            name=op.f("record_access_tenant_id_patient_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("record_access_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("record_access_pkey")),
    )
    op.create_index("record_access_of_patient", "record_access", ["tenant_id", "patient_id", "at"], unique=False)
    op.add_column("audit_log", sa.Column("erased_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("audit_log", sa.Column("original", sa.LargeBinary(), nullable=True))
    op.execute(ROW_HASH.format(original="coalesce(a.original, ", end=")"))
    op.execute(KEEP.replace("{erased}", ERASED))
    op.execute(ERASE)
    op.execute("REVOKE EXECUTE ON FUNCTION audit_erase(uuid, text, text[]) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION audit_erase(uuid, text, text[]) TO ch_worker")
    _secure(now=True)
    op.secure_table(
        "data_breach",
        [
            ("ch_app", "SELECT, INSERT, UPDATE", OWN, ""),
            ("ch_worker", "SELECT", "true", ""),
            ("ch_platform", "SELECT, INSERT, UPDATE", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("data_breach", ["nature", "measures"])
    op.secure_table(
        "data_export",
        [
            ("ch_me", "SELECT, INSERT", MINE, ""),
            ("ch_worker", ALL, "true", ""),
            ("ch_platform", "SELECT (id, person_id, asked_at, ready_at, expires_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "legal_text",
        [
            ("ch_app", "SELECT, INSERT", OWN, ""),
            ("ch_public", "SELECT", "true", ""),
            ("ch_me", "SELECT", "true", ""),
            ("ch_booking", "SELECT", OWN, ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "retention_rule",
        [
            ("ch_app", ALL, OWN, ""),
            ("ch_worker", "SELECT", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("retention_rule", [])
    op.secure_table(
        "rights_request",
        [
            ("ch_app", ALL, OWN, ""),
            ("ch_me", "SELECT, INSERT, UPDATE (status, closed_at)", MINE, ""),
            ("ch_worker", "SELECT, UPDATE (status, closed_at, kept)", "true", ""),
            (
                "ch_platform",
                "SELECT (tenant_id, id, person_id, kind, status, asked_at, due_at, closed_at), INSERT, UPDATE (status, closed_at)",
                "true",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "consent",
        [
            ("ch_app", "SELECT, INSERT, UPDATE (address, patient_id), DELETE", OWN, ""),
            ("ch_me", "SELECT, INSERT", MINE, ""),
            ("ch_booking", "INSERT", OWN, ""),
            ("ch_auth", "SELECT, INSERT", "true", ""),
            ("ch_platform", "SELECT (tenant_id, id, purpose, granted, at, version)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "record_access",
        [
            ("ch_app", "SELECT, INSERT, DELETE", OWN, ""),
            ("ch_care", "SELECT, INSERT", OWN, ""),
            (
                "ch_me",
                "SELECT",
                "patient_id = ANY(ARRAY(SELECT id FROM patient WHERE person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)))",
                "",
            ),
            ("ch_platform", "SELECT (tenant_id, id, at, what)", "true", ""),
        ],
        clinical=False,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    _secure(now=False)
    op.execute("DROP FUNCTION audit_erase(uuid, text, text[])")
    op.execute(KEEP.replace("{erased}", ""))
    op.execute(ROW_HASH.format(original="", end=""))
    op.drop_column("audit_log", "original")
    op.drop_column("audit_log", "erased_at")
    for table in NEW:
        op.drop_table(table)
