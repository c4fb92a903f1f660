"""Reports about public pages

Revision: guard_reports, after message_defaults
"""

import sqlalchemy as sa

from alembic import op

revision = "guard_reports"
down_revision = "message_defaults"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "content_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("of_tenant", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("found", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('untrue', 'offensive', 'impersonation', 'spam', 'other', 'found')",
            name=op.f("content_report_kind_check"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'no_fault', 'change', 'hidden', 'lifted')", name=op.f("content_report_state_check")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("content_report_decided_by_fkey")),
        sa.ForeignKeyConstraint(["of_tenant"], ["tenant.id"], name=op.f("content_report_of_tenant_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("content_report_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("content_report_pkey")),
    )
    op.create_index(
        "content_report_once",
        "content_report",
        ["subject_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open' AND person_id IS NOT NULL"),
    )
    op.create_index(
        "content_report_found",
        "content_report",
        ["subject_id", "digest"],
        unique=True,
        postgresql_where=sa.text("digest <> ''"),
    )
    op.create_index("content_report_of_person", "content_report", ["person_id", "created_at"], unique=False)
    op.create_index("content_report_recent", "content_report", ["created_at"], unique=False)
    op.create_index(
        "content_report_hidden",
        "content_report",
        ["of_tenant", "subject_id"],
        unique=False,
        postgresql_where=sa.text("state = 'hidden'"),
    )
    person = "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)"
    tenant = "of_tenant = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
    op.secure_table(
        "content_report",
        [
            (
                "ch_me",
                "SELECT (id, subject_id, person_id, kind, words, state, created_at), INSERT",
                person,
                f"{person} AND state = 'open' AND kind <> 'found'",
            ),
            (
                "ch_app",
                "SELECT (id, of_tenant, subject_id, kind, state, told, digest), INSERT",
                tenant,
                f"{tenant} AND state = 'open' AND kind = 'found' AND person_id IS NULL",
            ),
            ("ch_worker", "SELECT, UPDATE (person_id, words)", "true", ""),
            ("ch_platform", "SELECT, UPDATE (state, told, decided_by, decided_at)", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("content_report", ["words", "told"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_audit("content_report", ["words", "told"])
    op.secure_table("content_report", [], clinical=False)
    op.drop_table("content_report")
