"""Who may see and write a table: declared beside the model, applied by an Alembic operation, compared on every check.

Each table's `info["access"]` names one `Access` a database role; a role that is not named has nothing. One policy a role:
several permissive policies are OR'ed and cost dearly. Settings are read in a scalar subquery, once a statement.
"""

import hashlib
from dataclasses import dataclass

TENANT = "(SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
PERSON = "(SELECT nullif(current_setting('app.person_id', true), '')::uuid)"
OWN_TENANT = f"tenant_id = {TENANT}"
ALL = "SELECT, INSERT, UPDATE, DELETE"


@dataclass(frozen=True)
class Access:
    """`privileges` is what GRANT reads ("SELECT (id, name), INSERT"); `using` filters rows, `check` refuses writes (default: the same)."""

    role: str
    privileges: str
    using: str = OWN_TENANT
    check: str = ""

    @property
    def mark(self) -> str:
        """Kept as the policy's comment, so that a changed declaration is seen by `alembic check`."""
        return hashlib.sha256(repr((self.privileges, self.using, self.check)).encode()).hexdigest()[:16]

    def statements(self, table: str) -> list[str]:
        check = self.check or self.using
        return [
            f'CREATE POLICY {self.role} ON "{table}" FOR ALL TO {self.role} USING ({self.using}) WITH CHECK ({check})',
            f"COMMENT ON POLICY {self.role} ON \"{table}\" IS '{self.mark}'",
            f'GRANT {self.privileges} ON "{table}" TO {self.role}',
        ]


def secure_statements(table: str, access: tuple[Access, ...], *, clinical: bool = False) -> list[str]:
    """All of a table's row-level security. Backup reads every row; the platform reads all but clinical tables."""
    watch = (
        (Access("ch_backup", "SELECT", "true"),)
        if clinical
        else (
            Access("ch_backup", "SELECT", "true"),
            Access("ch_platform", "SELECT", "true"),
        )
    )
    named = {one.role for one in access}
    lines = [f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY', f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY']
    for one in (*access, *(w for w in watch if w.role not in named)):
        lines += one.statements(table)
    return lines


def staff(privileges: str = ALL) -> Access:
    return Access("ch_app", privileges)


def booking(privileges: str) -> Access:
    return Access("ch_booking", privileges)


def mine(privileges: str = "SELECT", column: str = "person_id") -> Access:
    return Access("ch_me", privileges, f"{column} = {PERSON}")


def anyone(privileges: str = "SELECT", using: str = "true") -> tuple[Access, Access]:
    """Visitors and signed-in persons see the same published rows."""
    return Access("ch_public", privileges, using), Access("ch_me", privileges, using)


def auth(privileges: str = ALL) -> Access:
    return Access("ch_auth", privileges, "true")


def platform(privileges: str) -> Access:
    """Super-admins: every tenant's rows, the named columns only."""
    return Access("ch_platform", privileges, "true")


def worker(privileges: str = ALL) -> Access:
    return Access("ch_worker", privileges, "true")
