"""Questions to the desk are erased with their person

Revision: rights_support, after money_ledger_functions
"""

from alembic import op

revision = "rights_support"
down_revision = "money_ledger_functions"
branch_labels = None
depends_on = None

ME = "(SELECT nullif(current_setting('app.person_id', true), '')::uuid)"
OWN = f"ticket_id IN (SELECT id FROM support_ticket WHERE person_id = {ME})"
TICKET = ("ch_me", "SELECT, INSERT, UPDATE (state, updated_at)", f"person_id = {ME}", "")
TICKET_DESK = ("ch_platform", "SELECT, UPDATE (state, assignee_id, updated_at)", "true", "")
MESSAGE = ("ch_me", "SELECT, INSERT", OWN, f"{OWN} AND NOT from_desk AND author_id = {ME}")
MESSAGE_DESK = ("ch_platform", "SELECT, INSERT", "true", "from_desk")
ERASE = ("ch_worker", "SELECT, DELETE", "true", "")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table("support_ticket", [TICKET, ERASE, TICKET_DESK])
    op.secure_table("support_message", [MESSAGE, ERASE, MESSAGE_DESK])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table("support_ticket", [TICKET, TICKET_DESK])
    op.secure_table("support_message", [MESSAGE, MESSAGE_DESK])
