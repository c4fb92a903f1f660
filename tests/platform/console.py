"""Super-admins for tests."""

from datetime import timedelta
from uuid import UUID

import psycopg

from carehub.core import clock
from carehub.core.actor import Actor, Visit
from carehub.core.ids import new_id
from carehub.core.permissions import PLATFORM_GRANTS, PlatformRole
from carehub.services.identity import sessions
from tests import factories as make


def make_staff(db: psycopg.Connection, role: PlatformRole = PlatformRole.ADMIN) -> tuple[UUID, str]:
    """A person of the platform and the cookie of their sign-in: no visit is open."""
    person = make.make_person()
    db.execute(
        "INSERT INTO platform_staff (id, person_id, role) VALUES (%s, %s, %s)", (new_id(), person.id, role.value)
    )
    return person.id, sessions.open_session(person.id)


def visiting(db: psycopg.Connection, role: PlatformRole = PlatformRole.ADMIN) -> Actor:
    """A super-admin with an open visit, as the guard makes it."""
    person_id, _cookie = make_staff(db, role)
    visit, until = new_id(), clock.now() + timedelta(minutes=30)
    db.execute(
        "INSERT INTO platform_visit (id, person_id, session_id, reason, ends_at) VALUES (%s, %s, %s, 'ticket 4831', %s)",
        (visit, person_id, new_id(), until),
    )
    seen = Visit(role.value, visit, "ticket 4831", until)
    return Actor(person_id=person_id, visit=seen, permissions=PLATFORM_GRANTS[role])
