"""A victim, its attackers and a running web process, made anew for each module: other modules may replace the database."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from carehub.core.actor import VISITOR, Actor
from carehub.core.permissions import TenantRole
from carehub.services.identity import sessions
from tests import factories as make
from tests.isolation.web import Web, running_web
from tests.isolation.world import World, make_world


@dataclass(frozen=True)
class Attacker:
    """Someone with a cookie, and who the guard should take them for on the victim's pages."""

    name: str
    cookie: str
    actor: Actor


@dataclass
class Scene:
    victim: World
    other: World
    attackers: dict[str, Attacker]
    secrets: set[str]
    db: psycopg.Connection

    def told(self, text: str) -> list[str]:
        """The victim's secrets in a text."""
        return [secret for secret in self.secrets if secret in text]


def _attackers(victim: World, other: World) -> list[Attacker]:
    found = [Attacker("nobody", "", VISITOR), Attacker("garbage", 'x"; ch_session=%00\\', VISITOR)]
    people = {"client": make.make_person().id, "foreign owner": other.owner.id}
    for role in (TenantRole.ADMIN, TenantRole.ASSISTANT, TenantRole.PARTNER, TenantRole.CLIENT):
        own = make.make_practitioner(victim.tenant, visibility="hidden")
        member = make.make_member(victim.tenant, role, practitioner=own)
        assert member.person_id is not None
        people[role.value if role is not TenantRole.CLIENT else "client role"] = member.person_id
    for name, person_id in people.items():
        cookie = sessions.open_session(person_id)
        found.append(Attacker(name, cookie, sessions.find_actor(cookie, victim.tenant.slug)))
    return found


@pytest.fixture(scope="module")
def scene(worker_database: str) -> Iterator[Scene]:
    victim, other = make_world("xylophane"), make_world("plain")
    attackers = {one.name: one for one in _attackers(victim, other)}
    with psycopg.connect(worker_database, autocommit=True) as db:
        yield Scene(victim, other, attackers, victim.secrets(db), db)


@pytest.fixture(scope="module")
def web(worker_database: str, broker: str) -> Iterator[Web]:
    with running_web(worker_database) as running:
        yield running
