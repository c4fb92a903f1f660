"""What a practitioner shows and to whom; who they are, proved by documents

Revision: profiles, after ops_export
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

from alembic import op

revision = "profiles"
down_revision = "ops_export"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
ALL = "SELECT, INSERT, UPDATE, DELETE"
PERSON = "(SELECT nullif(current_setting('app.person_id', true), '')::uuid)"
PUBLISHED = "visibility = 'published' AND active"
MINE = f"({PUBLISHED}) OR id = ANY(ARRAY(SELECT practitioner_id FROM appointment WHERE person_id = {PERSON}))"
FOR_ALL = "audience = 'public'"
FOR_PROFESSIONALS = f"{FOR_ALL} OR (SELECT is_professional FROM person WHERE id = {PERSON})"
NAMED = (
    "SELECT (tenant_id, id, person_id, slug, honorific, given_name, family_name, headline, specialities, photo_file_id, colour,"
    " site_id, time_zone, confirmation, visibility, accepts_new, works_on_holidays, rating_sum, rating_count, position, active)"
)
Rows = list[tuple[str, str, str, str]]
JSON = postgresql.JSONB(astext_type=sa.Text())
ADDED: tuple[tuple[str, str, sa.types.TypeEngine[Any], str], ...] = (
    ("practitioner", "diplomas", sa.Text(), "''"),
    ("practitioner", "approach", sa.Text(), "''"),
    ("practitioner", "video_url", sa.Text(), "''"),
    ("practitioner", "links", JSON, "'{}'::jsonb"),
    ("practitioner", "gallery", JSON, "'[]'::jsonb"),
    ("practitioner", "shares", JSON, """'{"registration": "public"}'::jsonb"""),  # as it was for those who are there
    ("directory_entry", "audience", sa.Text(), "'public'"),
)


def _add_columns() -> None:
    for table, name, kind, default in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=sa.text(default)))
        op.alter_column(table, name, server_default=None)
    op.add_column("directory_entry", sa.Column("verified_until", sa.Date(), nullable=True))
    op.execute("UPDATE directory_entry SET verified = ''")  # only what was checked counts from now on
    op.drop_constraint(op.f("practitioner_visibility_check"), "practitioner")
    op.create_check_constraint(
        op.f("practitioner_visibility_check"),
        "practitioner",
        "visibility IN ('published', 'professionals', 'hidden')",
    )
    op.create_check_constraint(
        op.f("directory_entry_audience_check"), "directory_entry", "audience IN ('public', 'professionals', 'private')"
    )


def _practitioner(shown: str) -> Rows:
    return [
        ("ch_app", ALL, OWN, ""),
        ("ch_public", shown, PUBLISHED, ""),
        ("ch_me", shown, MINE, ""),
        ("ch_booking", "SELECT", OWN, ""),
    ]


def _audience() -> Rows:
    return [
        ("ch_app", ALL, OWN, ""),
        ("ch_public", "SELECT", FOR_ALL, ""),
        ("ch_me", "SELECT", FOR_PROFESSIONALS, ""),
    ]


def _key(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f(f"{table}_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"{table}_pkey")),
    )


def _within(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{other}.tenant_id", f"{other}.id"],
        name=op.f(f"{table}_tenant_id_{column}_fkey"),
        ondelete="CASCADE",
    )


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"{table}_{column}_fkey"))


def _now(name: str) -> sa.Column[Any]:
    return sa.Column(name, postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False)


def _create_profile() -> None:
    op.create_table(
        "directory_profile",
        *_key("directory_profile"),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("shown", JSON, nullable=False),
        sa.CheckConstraint(
            "audience IN ('public', 'professionals', 'private')", name=op.f("directory_profile_audience_check")
        ),
        _within("directory_profile", "practitioner_id", "practitioner"),
        sa.UniqueConstraint(
            "tenant_id",
            "practitioner_id",
            "audience",
            name=op.f("directory_profile_tenant_id_practitioner_id_audience_key"),
        ),
    )
    op.execute("""
        INSERT INTO directory_profile (tenant_id, id, practitioner_id, audience, shown)
        SELECT p.tenant_id, gen_random_uuid(), p.id, 'public', jsonb_build_object('biography', p.biography,
            'certifications', to_jsonb(regexp_split_to_array(p.certifications, E'\\n')), 'since', p.practising_since)
        FROM directory_entry e JOIN practitioner p ON p.tenant_id = e.tenant_id AND p.id = e.id""")


def _create_verification() -> None:
    op.create_table(
        "verification",
        *_key("verification"),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("statement", sa.LargeBinary(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        _now("submitted_at"),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reminded_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'more', 'approved', 'rejected', 'expired', 'withdrawn')",
            name=op.f("verification_status_check"),
        ),
        _within("verification", "practitioner_id", "practitioner"),
        _person("verification", "submitted_by"),
        _person("verification", "decided_by"),
        sa.UniqueConstraint(
            "tenant_id", "practitioner_id", "kind", name=op.f("verification_tenant_id_practitioner_id_kind_key")
        ),
    )
    op.create_index(
        "verification_waiting", "verification", ["submitted_at"], postgresql_where=sa.text("status = 'submitted'")
    )
    op.create_index("verification_expiring", "verification", ["expires_on"], postgresql_where=sa.text("approved"))


def _create_documents() -> None:
    op.create_table(
        "verification_document",
        *_key("verification_document"),
        sa.Column("verification_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        _now("created_at"),
        _within("verification_document", "verification_id", "verification"),
        _person("verification_document", "uploaded_by"),
    )
    op.create_index("verification_document_of", "verification_document", ["tenant_id", "verification_id"])
    op.create_table(
        "verification_read",
        *_key("verification_read"),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        _now("at"),
        _person("verification_read", "person_id"),
    )
    op.create_index("verification_read_of", "verification_read", ["tenant_id", "document_id"])


def _secure() -> None:
    op.secure_table("practitioner", _practitioner(NAMED))
    op.secure_table("directory_entry", [*_audience(), ("ch_worker", "SELECT", "true", "")])
    op.secure_table("directory_profile", _audience())
    op.secure_table(
        "verification",
        [
            ("ch_app", ALL, OWN, ""),
            (
                "ch_worker",
                "SELECT (tenant_id, id, practitioner_id, kind, status, approved, expires_on, reminded_at)",
                "true",
                "",
            ),
            (
                "ch_platform",
                "SELECT, UPDATE (status, approved, expires_on, reason, decided_at, decided_by, reminded_at)",
                "true",
                "",
            ),
        ],
    )
    op.secure_table(
        "verification_document",
        [("ch_app", "SELECT, INSERT, DELETE", OWN, ""), ("ch_platform", "SELECT", "true", "")],
    )
    op.secure_table(
        "verification_read",
        [("ch_app", "SELECT, INSERT", OWN, ""), ("ch_platform", "SELECT, INSERT", "true", "")],
    )
    op.audit_table("verification", ["number", "statement"])
    op.audit_table("verification_document", ["name", "sha256"])


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    _add_columns()
    _create_profile()
    _create_verification()
    _create_documents()
    _secure()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for table in ("verification_read", "verification_document", "verification", "directory_profile"):
        op.drop_table(table)
    op.execute("UPDATE practitioner SET visibility = 'hidden' WHERE visibility = 'professionals'")
    op.drop_constraint(op.f("practitioner_visibility_check"), "practitioner")
    op.create_check_constraint(
        op.f("practitioner_visibility_check"), "practitioner", "visibility IN ('published', 'hidden')"
    )
    op.secure_table("practitioner", _practitioner("SELECT"))
    open_to_all = [(role, "SELECT", "true", "") for role in ("ch_public", "ch_me", "ch_worker")]
    op.secure_table("directory_entry", [("ch_app", ALL, OWN, ""), *open_to_all])
    op.drop_constraint(op.f("directory_entry_audience_check"), "directory_entry")
    op.drop_column("directory_entry", "verified_until")
    for table, name, _kind, _default in ADDED:
        op.drop_column(table, name)
