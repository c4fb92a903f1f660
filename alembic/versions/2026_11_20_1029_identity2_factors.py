"""Second factors

Revision: identity2_factors, after identity2
"""

import sqlalchemy as sa

from alembic import op

revision = "identity2_factors"
down_revision = "identity2"
branch_labels = None
depends_on = None

ONE_OF = [
    ("account_token", "purpose", "'verify_email', 'reset_password', 'second_step'"),
    (
        "login_event",
        "outcome",
        "'success', 'wrong_password', 'unknown_account', 'not_verified', 'deactivated', 'throttled', 'sign_up', 'recovery',"
        " 'code_awaited', 'wrong_code'",
    ),
]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("recovery_code_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", "code_hash", name=op.f("recovery_code_pkey")),
    )
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("confirmed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("second_factor_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("second_factor_pkey")),
    )
    op.create_table(
        "trusted_device",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("trusted_device_person_id_fkey")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("trusted_device_pkey")),
    )
    op.create_index(op.f("trusted_device_person_id_idx"), "trusted_device", ["person_id"], unique=False)
    op.add_column("session", sa.Column("proved_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.secure_table(
        "recovery_code",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "second_factor",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "trusted_device",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
        ],
        clinical=False,
    )
    for table, column, values in ONE_OF:
        op.drop_constraint(op.f(f"{table}_{column}_check"), table, type_="check")
        op.create_check_constraint(op.f(f"{table}_{column}_check"), table, f"{column} IN ({values})")


def downgrade() -> None:
    raise NotImplementedError("a table that stood before changed: restore a backup")
