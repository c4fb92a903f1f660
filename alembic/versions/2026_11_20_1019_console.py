"""The console of the platform

Revision: console, after custom_fields
"""

import sqlalchemy as sa

from alembic import op
from carehub.core.rls import Access

revision = "console"
down_revision = "custom_fields"
branch_labels = None
depends_on = None


# What super-admins read of tables that were there before: counts and facts, no secret, no name of a client, no free text.
PLATFORM = {
    "person": "SELECT (id, given_name, family_name, email, email_index, email_verified_at, city, country, locale, is_professional, deactivated_at, created_at), UPDATE (deactivated_at, updated_at)",
    "tenant": "SELECT, UPDATE (status)",
    "tenant_key": "SELECT (scope_id, version, created_at)",
    "account_token": "SELECT (person_id, purpose, used_at)",
    "api_token": "SELECT (id, person_id, prefix, scopes, created_at, used_at, expires_at, revoked_at)",
    "delivery": "SELECT (tenant_id, id, event, audience, channel, status, person_id, locale, due_at, attempts, error, sent_at, created_at), UPDATE (status, due_at, attempts, error)",
    "idempotency_key": "SELECT (person_id, status, created_at)",
    "login_event": "SELECT (id, person_id, outcome, at)",
    "notification": "SELECT (tenant_id, id, event, created_at, read_at)",
    "outbox": "SELECT, INSERT, UPDATE (available_at, leased_until, attempts, failed_at)",
    "patient": "SELECT (tenant_id, id, person_id, created_at)",
    "session": "SELECT (id, person_id, created_at, seen_at, expires_at, revoked_at), UPDATE (revoked_at)",
    "appointment": "SELECT (tenant_id, id, practitioner_id, status, mode, source, starts_at, ends_at, created_at)",
    "appointment_event": "SELECT (tenant_id, id, appointment_id, at, kind, by)",
}


def _narrow(table: str, privileges: str) -> None:
    op.execute(f'DROP POLICY IF EXISTS ch_platform ON "{table}"')
    op.execute(f'REVOKE ALL ON "{table}" FROM ch_platform')
    for statement in Access("ch_platform", privileges, "true").statements(table):
        op.execute(statement)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "platform_staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('admin', 'support', 'auditor')", name=op.f("platform_staff_role_check")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("platform_staff_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("platform_staff_pkey")),
        sa.UniqueConstraint("person_id", name=op.f("platform_staff_person_id_key")),
    )
    op.create_table(
        "platform_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("platform_visit_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("platform_visit_pkey")),
    )
    op.create_index("platform_visit_of_session", "platform_visit", ["session_id", "ends_at"], unique=False)
    op.create_table(
        "platform_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("of_tenant", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["of_tenant"], ["tenant.id"], name=op.f("platform_access_of_tenant_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("platform_access_person_id_fkey")),
        sa.ForeignKeyConstraint(["visit_id"], ["platform_visit.id"], name=op.f("platform_access_visit_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("platform_access_pkey")),
    )
    op.create_index("platform_access_of_tenant", "platform_access", ["of_tenant", "at"], unique=False)
    op.create_index("platform_access_recent", "platform_access", ["at"], unique=False)
    op.secure_table(
        "platform_staff",
        [
            ("ch_auth", "SELECT", "true", ""),
            ("ch_owner", "SELECT, INSERT, UPDATE", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("platform_staff", [])
    op.secure_table(
        "platform_visit",
        [
            ("ch_auth", "SELECT", "true", ""),
            ("ch_platform", "SELECT, INSERT, UPDATE (ends_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "platform_access",
        [
            ("ch_platform", "SELECT, INSERT", "true", ""),
        ],
        clinical=False,
    )
    for table, privileges in PLATFORM.items():
        _narrow(table, privileges)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table in PLATFORM:
        _narrow(table, "SELECT")
    for table in ("platform_access", "platform_visit", "platform_staff"):
        op.drop_table(table)
