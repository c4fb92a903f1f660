"""Every verb of the product, called by everyone who must not: the victim's rows neither change nor come out."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import carehub.services
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform, tenant_scope
from carehub.core.errors import CareHubError, ModuleOff, NotAllowed, NotFound, SignInRequired
from carehub.core.permissions import GRANTS, PERMISSIONS, PUBLIC, SIGNED_IN, SYSTEM, Module, TenantRole
from carehub.core.roles import Role
from carehub.core.verbs import VERBS, Asked, Verb
from carehub.services.identity import sessions
from tests import factories as make
from tests.isolation.arguments import TeachMe, arguments, ids_of, parameters
from tests.isolation.world import World, forged, make_world

pytestmark = pytest.mark.xdist_group("isolation")

for found in pkgutil.walk_packages(carehub.services.__path__, "carehub.services."):
    importlib.import_module(found.name)

# what anyone may add to a tenant that takes bookings: the rows that stood there stay as they were
ADDS = {
    "booking.holds.hold_slot": "a visitor keeps a free time",
    "booking.booking.book_directly": "a signed-in person books a free time",
    "privacy.requests.ask_tenant": "who has booked there asks about their data",
    "identity.cards.save_appearance": "who has booked there says what they go by",
    "wallet.wishes.save_wishes": "who has booked there says when to be told of few coins",
}
GUARDED = sorted(name for name, asked in VERBS.items() if asked.policy not in (PUBLIC, SIGNED_IN))
OPEN = sorted(VERBS.keys() - set(GUARDED))


def names_someone(name: str) -> bool:
    return any(argument.endswith("_id") for argument, _, _ in parameters(VERBS[name].verb, skip=2))


@dataclass
class Worlds:
    victim: World
    other: World
    closed: World
    stranger: Actor
    staff: dict[TenantRole, Actor]
    db: psycopg.Connection
    secrets: set[str]


@pytest.fixture(scope="module")
def worlds(worker_database: str) -> Iterator[Worlds]:
    victim, other = make_world("xylophane"), make_world("plain")
    closed = make_world("xylophane", modules=[])
    staff = {}
    for role in TenantRole:
        own = make.make_practitioner(victim.tenant, visibility="hidden")
        member = make.make_member(victim.tenant, role, practitioner=own)
        assert member.person_id is not None
        staff[role] = sessions.find_actor(sessions.open_session(member.person_id), victim.tenant.slug)
    stranger = make.person_actor(make.make_person())
    with psycopg.connect(worker_database, autocommit=True) as db:
        yield Worlds(victim, other, closed, stranger, staff, db, victim.secrets(db))


def known(world: World) -> dict[str, Any]:
    """The victim's ids, and a forged token for its links: nobody has the real one."""
    return {**world.ids, "token": forged(world)}


def attack(asked: Asked, actor: Actor, ids: Mapping[str, Any]) -> CareHubError | Any:
    """The refusal, or what the verb answered. Anything but a refusal that is raised fails the test."""
    try:
        verb = cast(Verb[..., Any], asked.verb)
        return perform(verb, actor, **arguments(asked.name, asked.verb, ids))
    except CareHubError as refusal:
        return refusal


def unharmed(worlds: Worlds, name: str, actor: Actor, ids: Mapping[str, Any], *, of: World | None = None) -> Any:
    """Attack once; nothing of the victim changed and nothing private came out. Answers what the verb did."""
    victim = of or worlds.victim
    before = victim.rows(worlds.db)
    answer = attack(VERBS[name], actor, ids)
    after = victim.rows(worlds.db)
    for table, was in before.items():
        assert was <= after[table], f"{name} changed {table}"
        assert name in ADDS or was == after[table], f"{name} added to {table}"
    told = repr(answer) if not isinstance(answer, bytes) else answer.decode("utf-8", "replace")
    secrets = worlds.secrets if victim is worlds.victim else victim.secrets(worlds.db)
    assert not [secret for secret in secrets if secret in told], f"{name} told {told}"
    return answer


@pytest.mark.parametrize("name", GUARDED)
def test_a_visitor_is_asked_to_sign_in(worlds: Worlds, name: str) -> None:
    answer = unharmed(worlds, name, VISITOR, known(worlds.victim))
    assert isinstance(answer, NotAllowed if VERBS[name].policy == SYSTEM else SignInRequired)


@pytest.mark.parametrize("name", GUARDED)
def test_a_person_who_is_no_member_is_refused(worlds: Worlds, name: str) -> None:
    assert isinstance(unharmed(worlds, name, worlds.stranger, known(worlds.victim)), NotAllowed)


@pytest.mark.parametrize("name", OPEN)
def test_what_is_open_to_all_neither_tells_nor_changes_what_is_private(worlds: Worlds, name: str) -> None:
    asked = VERBS[name]
    for actor in (VISITOR, worlds.stranger, worlds.other.owner_actor):
        answer = unharmed(worlds, name, actor, known(worlds.victim))
        if asked.policy == SIGNED_IN and actor is VISITOR:
            assert isinstance(answer, SignInRequired)


@pytest.mark.parametrize("name", sorted(VERBS))
def test_an_owner_of_another_tenant_reaches_nothing(worlds: Worlds, name: str) -> None:
    actor = worlds.other.owner_actor
    unharmed(worlds, name, actor, known(worlds.victim))
    for one in ids_of(VERBS[name].verb, known(worlds.victim)):  # one foreign id among one's own
        unharmed(worlds, name, actor, {**known(worlds.other), one: known(worlds.victim)[one]})


@pytest.mark.parametrize("role", TenantRole)
def test_a_role_may_call_exactly_what_the_table_grants(worlds: Worlds, role: TenantRole) -> None:
    actor = worlds.staff[role]
    for name in GUARDED:
        policy = VERBS[name].policy
        granted = policy != SYSTEM and any(one in GRANTS[role] for one in policy.split("|"))
        assert actor.may(policy) == granted, f"{role} and {name}"
        if not granted:
            assert isinstance(unharmed(worlds, name, actor, known(worlds.victim)), NotAllowed), name


@pytest.mark.parametrize("name", [n for n in GUARDED if "agenda.own" in VERBS[n].policy and names_someone(n)])
def test_ones_own_agenda_does_not_open_a_colleagues(worlds: Worlds, name: str) -> None:
    """A partner reads the house's agenda and changes their own only."""
    before = worlds.victim.rows(worlds.db)
    attack(VERBS[name], worlds.staff[TenantRole.PARTNER], known(worlds.victim))
    assert worlds.victim.rows(worlds.db) == before


@pytest.mark.parametrize("name", [n for n in GUARDED if all(PERMISSIONS.get(p) for p in VERBS[n].policy.split("|"))])
def test_a_switched_off_module_is_closed_even_to_the_owner(worlds: Worlds, name: str) -> None:
    answer = unharmed_closed(worlds, name, worlds.closed.owner_actor)
    assert isinstance(answer, ModuleOff)


@pytest.mark.parametrize("name", [name for name in OPEN if name.startswith("booking.")])
def test_a_house_that_takes_no_bookings_takes_none(worlds: Worlds, name: str) -> None:
    before = worlds.closed.rows(worlds.db)
    answer = attack(VERBS[name], worlds.stranger, known(worlds.closed))
    assert worlds.closed.rows(worlds.db) == before
    if "tenant" in ids_of(VERBS[name].verb, worlds.closed.ids):
        assert isinstance(answer, ModuleOff | NotFound)


def _leaks(session: Session, _actor: Actor, *, tenant_id: UUID) -> list[str]:
    with tenant_scope(session, Role.APP, tenant_id):
        return list(session.scalars(text("select given_name from patient")))


def _harms(session: Session, _actor: Actor, *, tenant_id: UUID) -> None:
    with tenant_scope(session, Role.APP, tenant_id):
        session.execute(text("update patient set locale = 'zz'"))


def _asks(session: Session, _actor: Actor, *, unheard_of: UUID) -> None: ...


@pytest.mark.parametrize(("bad", "words"), [(_leaks, "told"), (_harms, "added to audit_log")])
def test_a_verb_that_forgets_to_authorise_is_seen(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch, bad: Any, words: str
) -> None:
    asked = Asked(bad.__name__, SIGNED_IN, Role.ME, bad)
    monkeypatch.setitem(VERBS, asked.name, asked)
    monkeypatch.setattr(bad, "__asked__", asked, raising=False)
    with pytest.raises(AssertionError, match=words):
        unharmed(worlds, asked.name, worlds.stranger, known(worlds.victim))


def test_a_verb_that_the_suite_cannot_call_is_seen(worlds: Worlds) -> None:
    with pytest.raises(TeachMe, match="unheard_of"):
        arguments("_asks", _asks, known(worlds.victim))


def unharmed_closed(worlds: Worlds, name: str, actor: Actor) -> Any:
    before = worlds.closed.rows(worlds.db)
    answer = attack(VERBS[name], actor, known(worlds.closed))
    assert worlds.closed.rows(worlds.db) == before
    return answer


def test_health_data_is_for_those_who_treat() -> None:
    treating = {TenantRole.OWNER, TenantRole.PRACTITIONER, TenantRole.COACH}
    assert {role for role in TenantRole if "intake.read" in GRANTS[role]} == treating
    assert {role for role in TenantRole if "members.manage" in GRANTS[role]} == {TenantRole.OWNER, TenantRole.ADMIN}
    assert GRANTS[TenantRole.CLIENT] == frozenset()


def test_every_permission_of_booking_needs_its_module() -> None:
    named = ("booking.", "agenda.", "patients.", "directory.")
    assert {PERMISSIONS[one] for one in PERMISSIONS if one.startswith(named)} == {Module.BOOKING}
