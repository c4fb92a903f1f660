"""What a person tells of themselves, and the pseudonym of a patient

Revision: people_cards, after ledger_lean
"""

import sqlalchemy as sa

from alembic import op

revision = "people_cards"
down_revision = "ledger_lean"
branch_labels = None
depends_on = None

_PERSON = "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)"
_RECEIVED = (
    "person_id = ANY(ARRAY(SELECT person_id FROM patient WHERE person_id IS NOT NULL AND tenant_id ="
    " (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)))"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "person_card",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("portrait", sa.LargeBinary(), nullable=True),
        sa.Column("bio", sa.Text(), server_default="", nullable=False),
        sa.Column("interests", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("alias", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("person_card_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("person_card_pkey")),
    )
    op.secure_table(
        "person_card",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            ("ch_me", "SELECT, INSERT, UPDATE, DELETE", _PERSON, ""),
            ("ch_app", "SELECT", _RECEIVED, ""),
            ("ch_booking", "SELECT (person_id, alias)", _PERSON, ""),
            ("ch_platform", "SELECT (person_id, updated_at)", "true", ""),
        ],
        clinical=False,
    )
    op.add_column("patient", sa.Column("legal_name", sa.LargeBinary(), nullable=True))
    op.audit_table("patient", ["email", "phone", "email_index", "phone_index", "birth_date", "legal_name"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.audit_table("patient", ["email", "phone", "email_index", "phone_index", "birth_date"])
    op.drop_column("patient", "legal_name")
    op.secure_table("person_card", [], clinical=False)
    op.drop_table("person_card")
