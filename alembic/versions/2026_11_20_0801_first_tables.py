"""Persons, tenants, booking, directory, notifications, outbox, audit

Revision: first_tables, after foundation
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "first_tables"
down_revision = "foundation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_log_pkey")),
    )
    op.create_index("audit_log_by_tenant", "audit_log", ["tenant_id", sa.literal_column("id DESC")], unique=False)
    op.create_index("audit_log_of_row", "audit_log", ["tenant_id", "table_name", "row_id"], unique=False)
    op.create_index("audit_log_unsealed", "audit_log", ["id"], unique=False, postgresql_where=sa.text("batch IS NULL"))
    op.create_table(
        "audit_seal",
        sa.Column("batch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("batch", name=op.f("audit_seal_pkey")),
    )
    op.create_table(
        "directory_term",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("norm", sa.Text(), sa.Computed("f_norm(label)", persisted=True), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "code", "locale", name=op.f("directory_term_pkey")),
    )
    op.create_index(
        "directory_term_norm",
        "directory_term",
        ["norm"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"norm": "gin_trgm_ops"},
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("heartbeat_pkey")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("email_verified_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("is_professional", sa.Boolean(), nullable=False),
        sa.Column("deactivated_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
        sa.UniqueConstraint("email_index", name=op.f("person_email_index_key")),
    )
    op.create_table(
        "tenant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("tagline", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("locales", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("accent", sa.Text(), nullable=False),
        sa.Column("logo_file_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("modules", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("booking_rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('practice', 'clinic', 'expert_house', 'coaching_firm', 'experience_partner')",
            name=op.f("tenant_kind_check"),
        ),
        sa.CheckConstraint("status IN ('active', 'suspended')", name=op.f("tenant_status_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("tenant_pkey")),
        sa.UniqueConstraint("slug", name=op.f("tenant_slug_key")),
    )
    op.create_table(
        "tenant_key",
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "version", name=op.f("tenant_key_pkey")),
    )
    op.create_table(
        "account_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("next_path", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("purpose IN ('verify_email', 'reset_password')", name=op.f("account_token_purpose_check")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("account_token_person_id_fkey")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("account_token_pkey")),
    )
    op.create_index(op.f("account_token_person_id_idx"), "account_token", ["person_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("api_token_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("api_token_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("api_token_token_hash_key")),
    )
    op.create_index(op.f("api_token_person_id_idx"), "api_token", ["person_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", sa.LargeBinary(), nullable=True),
        sa.Column("recipient_name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("context", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("channel IN ('email', 'in_app')", name=op.f("delivery_channel_check")),
        sa.CheckConstraint(
            "status IN ('scheduled', 'sending', 'sent', 'failed', 'withdrawn')", name=op.f("delivery_status_check")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("delivery_person_id_fkey")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("delivery_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("delivery_pkey")),
        sa.UniqueConstraint("tenant_id", "dedupe_key", name=op.f("delivery_tenant_id_dedupe_key_key")),
    )
    op.create_index(
        "delivery_due",
        "delivery",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('scheduled', 'sending')"),
    )
    op.create_index("delivery_of_appointment", "delivery", ["tenant_id", "appointment_id"], unique=False)
    op.create_index("delivery_recent", "delivery", ["tenant_id", "created_at"], unique=False)
    op.create_table(
        "idempotency_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("idempotency_key_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("idempotency_key_pkey")),
    )
    op.create_index(op.f("idempotency_key_created_at_idx"), "idempotency_key", ["created_at"], unique=False)
    op.create_table(
        "login_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('success', 'wrong_password', 'unknown_account', 'not_verified', 'deactivated', 'throttled')",
            name=op.f("login_event_outcome_check"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("login_event_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("login_event_pkey")),
    )
    op.create_index("login_event_account", "login_event", ["email_index", "at"], unique=False)
    op.create_index("login_event_address", "login_event", ["address", "at"], unique=False)
    op.create_index("login_event_person", "login_event", ["person_id", "at"], unique=False)
    op.create_table(
        "notification",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("href", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("read_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("archived_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("notification_person_id_fkey")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("notification_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("notification_pkey")),
        sa.UniqueConstraint("tenant_id", "dedupe_key", name=op.f("notification_tenant_id_dedupe_key_key")),
    )
    op.create_index("notification_of_person", "notification", ["person_id", "created_at"], unique=False)
    op.create_index(
        "notification_unread",
        "notification",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL AND archived_at IS NULL"),
    )
    op.create_table(
        "notification_rule",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("offsets", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("audience IN ('client', 'practitioner')", name=op.f("notification_rule_audience_check")),
        sa.CheckConstraint("channel IN ('email', 'in_app')", name=op.f("notification_rule_channel_check")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("notification_rule_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("notification_rule_pkey")),
        sa.UniqueConstraint(
            "tenant_id",
            "event",
            "audience",
            "channel",
            name=op.f("notification_rule_tenant_id_event_audience_channel_key"),
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("available_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("leased_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("done_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("failed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("outbox_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_pkey")),
    )
    op.create_index("outbox_done", "outbox", ["done_at"], unique=False, postgresql_where=sa.text("done_at IS NOT NULL"))
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["available_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
    )
    op.create_table(
        "patient",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("patient_person_id_fkey")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("patient_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("patient_pkey")),
    )
    op.create_index("patient_by_email", "patient", ["tenant_id", "email_index"], unique=False)
    op.create_index("patient_by_name", "patient", ["tenant_id", "family_name", "given_name", "id"], unique=False)
    op.create_index("patient_by_phone", "patient", ["tenant_id", "phone_index"], unique=False)
    op.create_index(
        "patient_of_person",
        "patient",
        ["tenant_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(op.f("patient_person_id_idx"), "patient", ["person_id"], unique=False)
    op.create_table(
        "role_permission",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'admin', 'practitioner', 'receptionist', 'coach', 'assistant', 'partner', 'client')",
            name=op.f("role_permission_role_check"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("role_permission_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("role_permission_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "role", "permission", name=op.f("role_permission_tenant_id_role_permission_key")
        ),
    )
    op.create_table(
        "service",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("modes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("buffer_before", sa.Integer(), nullable=False),
        sa.Column("buffer_after", sa.Integer(), nullable=False),
        sa.Column("minimum_notice", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("daily_cap", sa.Integer(), nullable=True),
        sa.Column("slot_step", sa.Integer(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("buffer_before >= 0 AND buffer_after >= 0", name=op.f("service_buffers_check")),
        sa.CheckConstraint("cardinality(modes) > 0", name=op.f("service_modes_check")),
        sa.CheckConstraint("duration_minutes BETWEEN 5 AND 1440", name=op.f("service_duration_check")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("service_price_check")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("service_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("service_pkey")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("session_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("session_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("session_token_hash_key")),
    )
    op.create_index(op.f("session_person_id_idx"), "session", ["person_id"], unique=False)
    op.create_table(
        "site",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("access_notes", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("site_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("site_pkey")),
    )
    op.create_table(
        "stored_file",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("stored_file_tenant_id_fkey")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("stored_file_uploaded_by_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("stored_file_pkey")),
    )
    op.create_table(
        "intake_question",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("labels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("choices", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('text', 'paragraph', 'choice', 'yes_no', 'number')", name=op.f("intake_question_kind_check")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_id"],
            ["service.tenant_id", "service.id"],
            name=op.f("intake_question_tenant_id_service_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("intake_question_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("intake_question_pkey")),
    )
    op.create_index(
        "intake_question_by_service", "intake_question", ["tenant_id", "service_id", "position"], unique=False
    )
    op.create_table(
        "practitioner",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("honorific", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("biography", sa.Text(), nullable=False),
        sa.Column("specialities", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("registration_kind", sa.Text(), nullable=False),
        sa.Column("registration_number", sa.Text(), nullable=False),
        sa.Column("certifications", sa.Text(), nullable=False),
        sa.Column("practising_since", sa.Integer(), nullable=True),
        sa.Column("photo_file_id", sa.Uuid(), nullable=True),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("confirmation", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("accepts_new", sa.Boolean(), nullable=False),
        sa.Column("works_on_holidays", sa.Boolean(), nullable=False),
        sa.Column("rating_sum", sa.Integer(), nullable=False),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("confirmation IN ('instant', 'request')", name=op.f("practitioner_confirmation_check")),
        sa.CheckConstraint(
            "registration_kind IN ('rpps', 'adeli', 'siret', 'none')", name=op.f("practitioner_registration_kind_check")
        ),
        sa.CheckConstraint("visibility IN ('published', 'hidden')", name=op.f("practitioner_visibility_check")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("practitioner_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["site.tenant_id", "site.id"], name=op.f("practitioner_tenant_id_site_id_fkey")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("practitioner_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("practitioner_pkey")),
        sa.UniqueConstraint("tenant_id", "slug", name=op.f("practitioner_tenant_id_slug_key")),
    )
    op.create_index(op.f("practitioner_person_id_idx"), "practitioner", ["person_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("local_start", sa.TIMESTAMP(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("cancelled_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("tenant_id"), "="),
            (sa.column("practitioner_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            where=sa.text("status IN ('pending', 'proposed', 'booked', 'arrived', 'fulfilled')"),
            using="gist",
            name="appointment_no_overlap",
        ),
        sa.CheckConstraint("mode IN ('in_person', 'video', 'phone')", name=op.f("appointment_mode_check")),
        sa.CheckConstraint("source IN ('online', 'guest', 'staff', 'api')", name=op.f("appointment_source_check")),
        sa.CheckConstraint(
            "status IN ('pending', 'proposed', 'booked', 'arrived', 'fulfilled', 'noshow', 'cancelled', 'declined')",
            name=op.f("appointment_status_check"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("appointment_order_check")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("appointment_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.id"],
            name=op.f("appointment_tenant_id_patient_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("appointment_tenant_id_practitioner_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_id"],
            ["service.tenant_id", "service.id"],
            name=op.f("appointment_tenant_id_service_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["site.tenant_id", "site.id"], name=op.f("appointment_tenant_id_site_id_fkey")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("appointment_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("appointment_pkey")),
    )
    op.create_index("appointment_agenda", "appointment", ["tenant_id", "practitioner_id", "starts_at"], unique=False)
    op.create_index("appointment_by_day", "appointment", ["tenant_id", "starts_at"], unique=False)
    op.create_index("appointment_by_status", "appointment", ["tenant_id", "status", "starts_at"], unique=False)
    op.create_index("appointment_of_patient", "appointment", ["tenant_id", "patient_id", "starts_at"], unique=False)
    op.create_index("appointment_of_person", "appointment", ["person_id", "starts_at"], unique=False)
    op.create_table(
        "availability_exception",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts", sa.TIMESTAMP(), nullable=False),
        sa.Column("ends", sa.TIMESTAMP(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('closed', 'open')", name=op.f("availability_exception_kind_check")),
        sa.CheckConstraint("starts < ends", name=op.f("availability_exception_order_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("availability_exception_tenant_id_practitioner_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("availability_exception_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("availability_exception_pkey")),
    )
    op.create_index(
        "availability_exception_by_practitioner",
        "availability_exception",
        ["tenant_id", "practitioner_id", "starts"],
        unique=False,
    )
    op.create_table(
        "availability_rule",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("modes", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("starts < ends", name=op.f("availability_rule_order_check")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("availability_rule_weekday_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("availability_rule_tenant_id_practitioner_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["site.tenant_id", "site.id"],
            name=op.f("availability_rule_tenant_id_site_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("availability_rule_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("availability_rule_pkey")),
    )
    op.create_index(
        "availability_rule_by_practitioner", "availability_rule", ["tenant_id", "practitioner_id"], unique=False
    )
    op.create_table(
        "day_slots",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("free", sa.Integer(), nullable=False),
        sa.Column("first_free", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("last_free", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("starts", sa.ARRAY(sa.TIMESTAMP(timezone=True)), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("day_slots_tenant_id_practitioner_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("day_slots_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("day_slots_pkey")),
    )
    op.create_index("day_slots_first", "day_slots", ["first_free"], unique=False, postgresql_where=sa.text("free > 0"))
    op.create_index("day_slots_last", "day_slots", ["practitioner_id", "last_free"], unique=False)
    op.create_index("day_slots_unique", "day_slots", ["tenant_id", "practitioner_id", "day"], unique=True)
    op.create_table(
        "directory_entry",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_slug", sa.Text(), nullable=False),
        sa.Column("tenant_name", sa.Text(), nullable=False),
        sa.Column("tenant_kind", sa.Text(), nullable=False),
        sa.Column("accent", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("specialities", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("modes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("city_norm", sa.Text(), sa.Computed("f_norm(city)", persisted=True), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=True),
        sa.Column("price_euro_cents", sa.Integer(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rating", sa.Float(), nullable=True),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Float(), nullable=False),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("photo_file_id", sa.Uuid(), nullable=True),
        sa.Column("accepts_new", sa.Boolean(), nullable=False),
        sa.Column("verified", sa.Text(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "norm",
            sa.Text(),
            sa.Computed("f_norm(name || ' ' || words || ' ' || city || ' ' || tenant_name)", persisted=True),
            nullable=False,
        ),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("directory_entry_tenant_id_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("directory_entry_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("directory_entry_pkey")),
    )
    op.create_index("directory_entry_city", "directory_entry", ["city_norm", "rank"], unique=False)
    op.create_index(
        "directory_entry_norm",
        "directory_entry",
        ["norm"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"norm": "gin_trgm_ops"},
    )
    op.create_index("directory_entry_place", "directory_entry", ["latitude", "longitude"], unique=False)
    op.create_index("directory_entry_rank", "directory_entry", [sa.literal_column("rank DESC"), "id"], unique=False)
    op.create_index(
        "directory_entry_specialities", "directory_entry", ["specialities"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "membership",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'admin', 'practitioner', 'receptionist', 'coach', 'assistant', 'partner', 'client')",
            name=op.f("membership_role_check"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("membership_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("membership_tenant_id_practitioner_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("membership_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("membership_pkey")),
        sa.UniqueConstraint("tenant_id", "person_id", name=op.f("membership_tenant_id_person_id_key")),
    )
    op.create_index(op.f("membership_person_id_idx"), "membership", ["person_id"], unique=False)
    op.create_table(
        "service_practitioner",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("service_practitioner_tenant_id_practitioner_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_id"],
            ["service.tenant_id", "service.id"],
            name=op.f("service_practitioner_tenant_id_service_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("service_practitioner_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("service_practitioner_pkey")),
        sa.UniqueConstraint(
            "tenant_id",
            "service_id",
            "practitioner_id",
            name=op.f("service_practitioner_tenant_id_service_id_practitioner_id_key"),
        ),
    )
    op.create_index(
        "service_practitioner_by_practitioner", "service_practitioner", ["tenant_id", "practitioner_id"], unique=False
    )
    op.create_table(
        "slot_hold",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("slot_hold_order_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("slot_hold_tenant_id_practitioner_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_id"],
            ["service.tenant_id", "service.id"],
            name=op.f("slot_hold_tenant_id_service_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("slot_hold_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("slot_hold_pkey")),
    )
    op.create_index(
        "slot_hold_by_practitioner", "slot_hold", ["tenant_id", "practitioner_id", "starts_at"], unique=False
    )
    op.create_index("slot_hold_expiry", "slot_hold", ["tenant_id", "expires_at"], unique=False)
    op.create_table(
        "appointment_event",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("appointment_event_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "appointment_id"],
            ["appointment.tenant_id", "appointment.id"],
            name=op.f("appointment_event_tenant_id_appointment_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("appointment_event_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("appointment_event_pkey")),
    )
    op.create_index(
        "appointment_event_by_appointment", "appointment_event", ["tenant_id", "appointment_id", "at"], unique=False
    )
    op.create_table(
        "appointment_proposal",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'accepted', 'withdrawn')", name=op.f("appointment_proposal_status_check")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "appointment_id"],
            ["appointment.tenant_id", "appointment.id"],
            name=op.f("appointment_proposal_tenant_id_appointment_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("appointment_proposal_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("appointment_proposal_pkey")),
    )
    op.create_index(
        "appointment_proposal_by_appointment", "appointment_proposal", ["tenant_id", "appointment_id"], unique=False
    )
    op.create_table(
        "intake_answer",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "appointment_id"],
            ["appointment.tenant_id", "appointment.id"],
            name=op.f("intake_answer_tenant_id_appointment_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "question_id"],
            ["intake_question.tenant_id", "intake_question.id"],
            name=op.f("intake_answer_tenant_id_question_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("intake_answer_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("intake_answer_pkey")),
    )
    op.create_index("intake_answer_by_appointment", "intake_answer", ["tenant_id", "appointment_id"], unique=False)
    op.secure_table(
        "audit_log",
        [
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_worker", "SELECT, UPDATE (batch)", "true", ""),
            ("ch_owner", "INSERT", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "audit_seal",
        [
            ("ch_worker", "SELECT, INSERT", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "directory_term",
        [
            ("ch_public", "SELECT", "true", ""),
            ("ch_me", "SELECT", "true", ""),
            ("ch_worker", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            ("ch_app", "SELECT", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "heartbeat",
        [
            ("ch_worker", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            ("ch_auth", "SELECT", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "person",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE", "true", ""),
            (
                "ch_me",
                "SELECT, UPDATE (given_name, family_name, birth_date, gender, address, postcode, city, country, phone, locale, time_zone, updated_at)",
                "id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_app",
                "SELECT (id, given_name, family_name, locale, deactivated_at)",
                "id = ANY(ARRAY(SELECT person_id FROM membership WHERE tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)))",
                "",
            ),
            (
                "ch_booking",
                "SELECT (id, given_name, family_name, email, phone, locale, time_zone)",
                "id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT (id, given_name, family_name, email, locale, time_zone, deactivated_at)", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("person", ["password_hash", "email", "phone", "email_index", "birth_date", "address"])
    op.secure_table(
        "tenant",
        [
            (
                "ch_public",
                "SELECT (id, slug, name, kind, status, words, country, currency, time_zone, locale, locales, accent, logo_file_id, modules, tagline, about, phone, website, city, address, postcode)",
                "status = 'active'",
                "",
            ),
            (
                "ch_me",
                "SELECT (id, slug, name, kind, status, words, country, currency, time_zone, locale, locales, accent, logo_file_id, modules, tagline, about, phone, website, city, address, postcode)",
                "status = 'active'",
                "",
            ),
            ("ch_app", "SELECT, UPDATE", "id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_booking", "SELECT", "id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_care", "SELECT", "id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_auth", "SELECT, INSERT", "true", ""),
            ("ch_worker", "SELECT", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("tenant", [])
    op.secure_table(
        "tenant_key",
        [
            ("ch_auth", "SELECT, INSERT", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "account_token",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "api_token",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE", "true", ""),
            (
                "ch_me",
                "SELECT (id, person_id, name, prefix, scopes, created_at, used_at, expires_at, revoked_at)",
                "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "delivery",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT, UPDATE (status, due_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "idempotency_key",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "login_event",
        [
            ("ch_auth", "SELECT, INSERT", "true", ""),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "notification",
        [
            (
                "ch_app",
                "SELECT, INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_me",
                "SELECT, UPDATE (read_at, archived_at)",
                "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "notification_rule",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("notification_rule", [])
    op.secure_table(
        "outbox",
        [
            ("ch_worker", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            (
                "ch_app",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            (
                "ch_me",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            (
                "ch_booking",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            (
                "ch_care",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            ("ch_auth", "INSERT", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "patient",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
            (
                "ch_booking",
                "SELECT (tenant_id, id, person_id, given_name, family_name, email_index, email, locale), INSERT, UPDATE (person_id, phone, phone_index)",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("patient", ["email", "phone", "email_index", "phone_index", "birth_date"])
    op.secure_table(
        "role_permission",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_auth", "SELECT", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("role_permission", [])
    op.secure_table(
        "service",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_public", "SELECT", "active", ""),
            (
                "ch_me",
                "SELECT",
                "active OR id = ANY(ARRAY(SELECT service_id FROM appointment WHERE person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)))",
                "",
            ),
            (
                "ch_booking",
                "SELECT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("service", [])
    op.secure_table(
        "session",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            (
                "ch_me",
                "SELECT (id, person_id, created_at, seen_at, expires_at, address, user_agent, revoked_at)",
                "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "site",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_public", "SELECT", "true", ""),
            ("ch_me", "SELECT", "true", ""),
            (
                "ch_booking",
                "SELECT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("site", [])
    op.secure_table(
        "stored_file",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_public", "SELECT", "is_public", ""),
            ("ch_me", "SELECT", "is_public", ""),
        ],
        clinical=False,
    )
    op.audit_table("stored_file", [])
    op.secure_table(
        "intake_question",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("intake_question", [])
    op.secure_table(
        "practitioner",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_public", "SELECT", "visibility = 'published' AND active", ""),
            (
                "ch_me",
                "SELECT",
                "(visibility = 'published' AND active) OR id = ANY(ARRAY(SELECT practitioner_id FROM appointment WHERE person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)))",
                "",
            ),
            (
                "ch_booking",
                "SELECT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("practitioner", [])
    op.secure_table(
        "appointment",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
            (
                "ch_booking",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("appointment", [])
    op.secure_table(
        "availability_exception",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT (tenant_id, id, practitioner_id, kind, starts, ends, site_id)",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("availability_exception", [])
    op.secure_table(
        "availability_rule",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("availability_rule", [])
    op.secure_table(
        "day_slots",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_public", "SELECT", "true", ""),
            ("ch_me", "SELECT", "true", ""),
            ("ch_worker", "SELECT, DELETE", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "directory_entry",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_public", "SELECT", "true", ""),
            ("ch_me", "SELECT", "true", ""),
            ("ch_worker", "SELECT", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "membership",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
            ("ch_auth", "SELECT, INSERT", "true", ""),
            ("ch_worker", "SELECT", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("membership", [])
    op.secure_table(
        "service_practitioner",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_public", "SELECT", "true", ""),
            ("ch_me", "SELECT", "true", ""),
            (
                "ch_booking",
                "SELECT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "slot_hold",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
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
    op.secure_table(
        "appointment_event",
        [
            (
                "ch_app",
                "SELECT, INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "appointment_proposal",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT, UPDATE (status)",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_me",
                "SELECT",
                "appointment_id = ANY(ARRAY(SELECT id FROM appointment WHERE person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)))",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "intake_answer",
        [
            (
                "ch_care",
                "SELECT, INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=True,
    )
    op.audit_table("intake_answer", ["answer"])
    for event in ("UPDATE OR DELETE ON audit_log FOR EACH ROW", "TRUNCATE ON audit_log"):
        op.execute(f"CREATE TRIGGER keep_{event.split()[0].lower()} BEFORE {event} EXECUTE FUNCTION audit_keep()")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_index("intake_answer_by_appointment", table_name="intake_answer")
    op.drop_table("intake_answer")
    op.drop_index("appointment_proposal_by_appointment", table_name="appointment_proposal")
    op.drop_table("appointment_proposal")
    op.drop_index("appointment_event_by_appointment", table_name="appointment_event")
    op.drop_table("appointment_event")
    op.drop_index("slot_hold_expiry", table_name="slot_hold")
    op.drop_index("slot_hold_by_practitioner", table_name="slot_hold")
    op.drop_table("slot_hold")
    op.drop_index("service_practitioner_by_practitioner", table_name="service_practitioner")
    op.drop_table("service_practitioner")
    op.drop_index(op.f("membership_person_id_idx"), table_name="membership")
    op.drop_table("membership")
    op.drop_index("directory_entry_specialities", table_name="directory_entry", postgresql_using="gin")
    op.drop_index("directory_entry_rank", table_name="directory_entry")
    op.drop_index("directory_entry_place", table_name="directory_entry")
    op.drop_index(
        "directory_entry_norm",
        table_name="directory_entry",
        postgresql_using="gin",
        postgresql_ops={"norm": "gin_trgm_ops"},
    )
    op.drop_index("directory_entry_city", table_name="directory_entry")
    op.drop_table("directory_entry")
    op.drop_index("day_slots_unique", table_name="day_slots")
    op.drop_index("day_slots_last", table_name="day_slots")
    op.drop_index("day_slots_first", table_name="day_slots", postgresql_where=sa.text("free > 0"))
    op.drop_table("day_slots")
    op.drop_index("availability_rule_by_practitioner", table_name="availability_rule")
    op.drop_table("availability_rule")
    op.drop_index("availability_exception_by_practitioner", table_name="availability_exception")
    op.drop_table("availability_exception")
    op.drop_index("appointment_of_person", table_name="appointment")
    op.drop_index("appointment_of_patient", table_name="appointment")
    op.drop_index("appointment_by_status", table_name="appointment")
    op.drop_index("appointment_by_day", table_name="appointment")
    op.drop_index("appointment_agenda", table_name="appointment")
    op.drop_table("appointment")
    op.drop_index(op.f("practitioner_person_id_idx"), table_name="practitioner")
    op.drop_table("practitioner")
    op.drop_index("intake_question_by_service", table_name="intake_question")
    op.drop_table("intake_question")
    op.drop_table("stored_file")
    op.drop_table("site")
    op.drop_index(op.f("session_person_id_idx"), table_name="session")
    op.drop_table("session")
    op.drop_table("service")
    op.drop_table("role_permission")
    op.drop_index(op.f("patient_person_id_idx"), table_name="patient")
    op.drop_index("patient_of_person", table_name="patient", postgresql_where=sa.text("person_id IS NOT NULL"))
    op.drop_index("patient_by_phone", table_name="patient")
    op.drop_index("patient_by_name", table_name="patient")
    op.drop_index("patient_by_email", table_name="patient")
    op.drop_table("patient")
    op.drop_index(
        "outbox_waiting", table_name="outbox", postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL")
    )
    op.drop_index("outbox_done", table_name="outbox", postgresql_where=sa.text("done_at IS NOT NULL"))
    op.drop_table("outbox")
    op.drop_table("notification_rule")
    op.drop_index(
        "notification_unread",
        table_name="notification",
        postgresql_where=sa.text("read_at IS NULL AND archived_at IS NULL"),
    )
    op.drop_index("notification_of_person", table_name="notification")
    op.drop_table("notification")
    op.drop_index("login_event_person", table_name="login_event")
    op.drop_index("login_event_address", table_name="login_event")
    op.drop_index("login_event_account", table_name="login_event")
    op.drop_table("login_event")
    op.drop_index(op.f("idempotency_key_created_at_idx"), table_name="idempotency_key")
    op.drop_table("idempotency_key")
    op.drop_index("delivery_recent", table_name="delivery")
    op.drop_index("delivery_of_appointment", table_name="delivery")
    op.drop_index("delivery_due", table_name="delivery", postgresql_where=sa.text("status IN ('scheduled', 'sending')"))
    op.drop_table("delivery")
    op.drop_index(op.f("api_token_person_id_idx"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_index(op.f("account_token_person_id_idx"), table_name="account_token")
    op.drop_table("account_token")
    op.drop_table("tenant_key")
    op.drop_table("tenant")
    op.drop_table("person")
    op.drop_table("heartbeat")
    op.drop_index(
        "directory_term_norm",
        table_name="directory_term",
        postgresql_using="gin",
        postgresql_ops={"norm": "gin_trgm_ops"},
    )
    op.drop_table("directory_term")
    op.drop_table("audit_seal")
    op.drop_index("audit_log_unsealed", table_name="audit_log", postgresql_where=sa.text("batch IS NULL"))
    op.drop_index("audit_log_of_row", table_name="audit_log")
    op.drop_index("audit_log_by_tenant", table_name="audit_log")
    op.drop_table("audit_log")
