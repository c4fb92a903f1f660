"""Roles of a tenant's own, and who acts for whom; the audit names both

Revision: setup, after profiles_keys
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "setup"
down_revision = "profiles_keys"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
ALL = "SELECT, INSERT, UPDATE, DELETE"

# `acting_for_id`: the practitioner for whom a member's change was made, set by the service for its transaction
AUDIT_ROW = """
CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  changes jsonb;
  masked text;{declared}
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(e.key, jsonb_build_array(before -> e.key, e.value)) INTO changes
      FROM jsonb_each(after) e WHERE before -> e.key IS DISTINCT FROM e.value;
    IF changes IS NULL THEN RETURN NULL; END IF;
  ELSE
    changes := coalesce(after, before);
  END IF;
  FOREACH masked IN ARRAY coalesce(TG_ARGV, '{{}}') LOOP
    IF changes ? masked THEN changes := jsonb_set(changes, ARRAY[masked], '"***"'); END IF;
  END LOOP;{named}
  INSERT INTO audit_log (tenant_id, person_id, role, table_name, action, row_id, changes) VALUES (
    CASE WHEN TG_TABLE_NAME = 'tenant' THEN (coalesce(after, before) ->> 'id')::uuid
         ELSE (coalesce(after, before) ->> 'tenant_id')::uuid END,
    nullif(current_setting('app.person_id', true), '')::uuid,
    current_setting('role'), TG_TABLE_NAME, lower(TG_OP), coalesce(after, before) ->> 'id', changes);
  RETURN NULL;
END $$
"""
DECLARED = """
  acting_for text := nullif(current_setting('app.acting_for', true), '');"""
NAMED = """
  IF acting_for IS NOT NULL THEN
    changes := changes || jsonb_build_object('acting_for_id',
      CASE WHEN TG_OP = 'UPDATE' THEN jsonb_build_array(NULL, acting_for) ELSE to_jsonb(acting_for) END);
  END IF;"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "custom_role",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("custom_role_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("custom_role_pkey")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("custom_role_tenant_id_name_key")),
    )
    op.add_column("membership", sa.Column("custom_role_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("membership_tenant_id_custom_role_id_fkey"),
        "membership",
        "custom_role",
        ["tenant_id", "custom_role_id"],
        ["tenant_id", "id"],
    )
    op.create_table(
        "delegation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name=op.f("delegation_order_check")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("delegation_created_by_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("delegation_tenant_id_member_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("delegation_tenant_id_practitioner_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("delegation_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("delegation_pkey")),
        sa.UniqueConstraint(
            "tenant_id",
            "member_id",
            "practitioner_id",
            name=op.f("delegation_tenant_id_member_id_practitioner_id_key"),
        ),
    )
    for table in ("custom_role", "delegation"):
        op.secure_table(table, [("ch_app", ALL, OWN, ""), ("ch_auth", "SELECT", "true", "")])
        op.audit_table(table, [])
    op.execute(AUDIT_ROW.format(declared=DECLARED, named=NAMED))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute(AUDIT_ROW.format(declared="", named=""))
    op.drop_table("delegation")
    op.drop_constraint(op.f("membership_tenant_id_custom_role_id_fkey"), "membership", type_="foreignkey")
    op.drop_column("membership", "custom_role_id")
    op.drop_table("custom_role")
