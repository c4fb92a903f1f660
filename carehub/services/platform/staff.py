"""Who may open the console. Only the command line grants and revokes it: the web's logins cannot write this table."""

from sqlalchemy import text

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.errors import CareHubError
from carehub.core.ids import new_id
from carehub.core.migrate import owner_connection
from carehub.core.permissions import PlatformRole
from carehub.core.roles import Role
from carehub.services.identity import accounts
from carehub.services.identity.sessions import forget_all

_GRANT = text("""
    INSERT INTO platform_staff (id, person_id, role) VALUES (:id, :person, :role)
    ON CONFLICT (person_id) DO UPDATE SET role = excluded.role, revoked_at = NULL""")
_REVOKE = text("UPDATE platform_staff SET revoked_at = :now WHERE person_id = :person AND revoked_at IS NULL")


class NoSuchAccount(CareHubError):
    key = "No account has this address"
    status = 404


def grant(email: str, role: PlatformRole) -> None:
    """Make the account of `email` a super-admin (SQ-028). Raises NoSuchAccount."""
    person_id = _person(email)
    with owner_connection() as connection, connection.begin():
        connection.execute(_GRANT, {"id": new_id(), "person": person_id, "role": role.value})
    forget_all()


def revoke(email: str) -> bool:
    """Take it back, at once. False when they had it not. Raises NoSuchAccount."""
    person_id = _person(email)
    with owner_connection() as connection, connection.begin():
        done = connection.execute(_REVOKE, {"person": person_id, "now": clock.now()}).rowcount
    forget_all()
    return bool(done)


def _person(email: str) -> object:
    with unit_of_work(system(), Role.AUTH) as session:
        person = accounts.find_by_email(session, email)
    if person is None:
        raise NoSuchAccount
    return person.id
