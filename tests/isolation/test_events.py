"""Every event handler of the product, called over a raw socket by everyone who must not."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar

import pytest
from reflex.state import BaseState, State
from reflex_base.registry import RegistrationContext
from websockets.exceptions import InvalidStatus

import carehub.carehub  # noqa: F401 -- registers every page's handlers
from carehub.core.errors import CareHubError
from carehub.services.identity import sessions
from carehub.state.guard import FRAMEWORK, policy_of
from carehub.state.policy import CHAINED
from tests.isolation.arguments import arguments
from tests.isolation.conftest import Attacker, Scene
from tests.isolation.web import STATE, Tab, Web, messages, open_tab
from tests.loops import in_loop

pytestmark = pytest.mark.xdist_group("isolation")

T = TypeVar("T")
AT_ONCE = 24
PATIENCE = 8  # seconds
HANDLERS = RegistrationContext.get().event_handlers
OURS = sorted(name for name in HANDLERS if ".carehub___" in name)
NAMED = [name for name in OURS if not name.endswith(".setvar")]  # Reflex gives every state that one
TOKENS = f"{STATE}.carehub___state___api_tokens____api_tokens"
SHELL = f"{STATE}.carehub___state___shell____shell"
TOASTS = f"{STATE}.carehub___state___toasts____toasts"
TAB = f"{STATE}.carehub___state___guard____tab"
NOT_REAL = ("reset", "dict", "get_state", "get_delta", "_forget", "__init__", "nothing", "set_queue")
ADDS = ("booking_panel.pick", "booking_panel.retake", "booking_panel.confirm")  # a visitor keeps and books a free time


async def all_of(work: Iterable[Awaitable[T]]) -> list[T]:
    """Together, some at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(awaited: Awaitable[T]) -> T:
        async with gate:
            return await awaited

    return await asyncio.gather(*map(one, work))


def payload_for(scene: Scene, name: str) -> dict[str, Any]:
    ids = scene.victim.ids
    known = {**ids, "sent": {key: str(value) for key, value in ids.items()}, "ids": [str(ids["patient_id"])]}
    return arguments(name, HANDLERS[name].handler.fn, known, skip=1, text=True)


async def call(web: Web, scene: Scene, attacker: Attacker, name: str, **more: Any) -> str:
    tab = await open_tab(web, cookie=attacker.cookie)
    payload = payload_for(scene, name) if name in NAMED else {"var_name": "name", "value": "spoofed"}
    told = await tab.send(name, payload, path=f"/w/{scene.victim.tenant.slug}/agenda", **more)
    for _ in range(PATIENCE):
        if name not in HANDLERS or _may(attacker, name) or is_refused(told, attacker):
            break
        told += "\n" + await tab.listen(1)  # on a busy machine the words come later than what was forgotten
    await tab.close()
    return told


def _may(attacker: Attacker, name: str) -> bool:
    policy = policy_of(name)
    return policy not in (None, CHAINED) and attacker.actor.may(str(policy))


def is_refused(told: str, attacker: Attacker) -> bool:
    """A visitor is led to the sign-in, a person told why; nothing else happened."""
    updates = messages(told)
    if attacker.actor.person_id is None:
        return any(
            event["name"] == "_redirect" and event["payload"]["path"].startswith("/sign-in")
            for update in updates
            for event in update.get("events") or ()
        )
    shown = [
        toast for update in updates for toast in update.get("delta", {}).get(TOASTS, {}).get("queue_rx_state_", ())
    ]
    return bool(shown) and all(toast["level"] == "error" and toast["key"] in _refusals() for toast in shown)


def _refusals() -> set[str]:
    found, left = set(), [CareHubError]
    while left:
        one = left.pop()
        found.add(one.key)
        left += one.__subclasses__()
    return found


@pytest.mark.parametrize(
    "who", ["nobody", "garbage", "client", "foreign owner", "admin", "assistant", "partner", "client role"]
)
def test_no_handler_serves_who_may_not_call_it(web: Web, scene: Scene, who: str) -> None:
    attacker = scene.attackers[who]
    forbidden = [name for name in NAMED if not _may(attacker, name)]
    foreign = attacker.actor.tenant_id != scene.victim.tenant.id
    before = scene.victim.rows(scene.db)

    async def attack(name: str) -> tuple[str, str]:
        return name, await call(web, scene, attacker, name)

    answers = in_loop(_every(attack, NAMED if foreign else forbidden))
    after = scene.victim.rows(scene.db)
    for table, was in before.items():
        assert was <= after[table], f"{who} changed {table}"
        assert table in ("slot_hold", "outbox") or was == after[table], f"{who} added to {table}"
    for name, told in answers:
        assert not scene.told(told), f"{name} told {who}: {told}"
    assert [name for name, told in answers if name in forbidden and not is_refused(told, attacker)] == []


async def _every(attack: Any, names: Iterable[str]) -> list[tuple[str, str]]:
    return await all_of(attack(name) for name in names)


def test_every_public_method_of_a_state_names_its_policy() -> None:
    assert [name for name in NAMED if policy_of(name) is None] == []


def test_what_has_no_policy_is_out_of_reach_even_for_the_owner(web: Web, scene: Scene) -> None:
    cookie = sessions.open_session(scene.victim.owner.id)
    owner = Attacker("owner", cookie, sessions.find_actor(cookie, scene.victim.tenant.slug))
    states = sorted({name.rpartition(".")[0] for name in OURS})
    names = [f"{state}.setvar" for state in states] + [f"{TOASTS}.{method}" for method in NOT_REAL]
    names += [f"{STATE}.setvar", f"{STATE}.set_is_hydrated", f"{STATE}.reset", "hydrate", ""]

    async def attack(name: str) -> tuple[str, str]:
        return name, await call(web, scene, owner, name)

    answers = in_loop(_every(attack, names))
    assert [name for name, told in answers if name in HANDLERS and not is_refused(told, owner)] == []
    assert [name for name, told in answers if name not in HANDLERS and messages(told)] == []


def test_the_log_keeps_neither_cookies_nor_what_was_sent(web: Web, scene: Scene) -> None:
    """A page from before an update may send events that no longer exist: the framework logs them whole."""
    cookie = scene.attackers["admin"].cookie

    async def attack() -> None:
        tab = await open_tab(web, cookie=cookie)
        await tab.send(f"{TOASTS}.long_gone", {"note": "what-was-sent"})
        await tab.send(f"{TOASTS}.dismiss", {"toast_id": {"note": "what-was-sent"}})
        await tab.send(f"{TOKENS}.setvar", {"note": "what-was-sent"})

    in_loop(attack())
    log = web.log.read_text()
    assert "long_gone" in log
    assert [one for one in (cookie, "what-was-sent") if one in log] == []


@pytest.mark.parametrize("forged", [{}, {"parent_txid": "x"}, {"txid": "x", "backend": True}, {"token": "other"}])
def test_a_handler_for_handlers_cannot_be_called_from_outside(web: Web, scene: Scene, forged: dict[str, Any]) -> None:
    chained = [name for name in NAMED if policy_of(name) == CHAINED]
    assert f"{TOASTS}.show" in chained
    for name in chained:
        told = in_loop(call(web, scene, scene.attackers["admin"], name, **forged))
        assert "spoofed" not in told
        assert is_refused(told, scene.attackers["admin"])


def test_the_frameworks_own_events_are_a_short_list() -> None:
    """Whoever adds one says here why it can neither read nor write what matters."""
    assert {name.removeprefix(f"{STATE}.") for name in FRAMEWORK} == {
        "hydrate",  # a tab's own state, wiped when its owner changed
        "hydrate_and_load",
        "reflex___state____on_load_internal_state.on_load_internal",  # each on_load passes the guard again
        "reflex___state____on_load_internal_state.set_is_hydrated",
        "reflex___state____update_vars_internal_state.update_vars_internal",  # client storage only: we have none
        "reflex___state____frontend_event_exception_state.handle_frontend_exception",
    }
    assert set(HANDLERS) >= FRAMEWORK


def _all_states(root: type[BaseState] = State) -> list[type[BaseState]]:
    return [root, *(one for child in root.get_substates() for one in _all_states(child))]


def test_no_state_keeps_anything_in_the_browsers_storage() -> None:
    stored = [f"{state}.{name}" for state in _all_states() for name in state.vars if state._is_client_storage(name)]
    assert stored == []


def test_variables_cannot_be_set_from_outside(web: Web, scene: Scene) -> None:
    sent = {
        f"{SHELL}.permissions_rx_state_": ["spoofed"],
        f"{SHELL}.name": "spoofed",
        f"{TAB}._owner": "spoofed",
        f"{TOKENS}.tokens_rx_state_": ["spoofed"],
    }
    update = f"{STATE}.reflex___state____update_vars_internal_state.update_vars_internal"

    async def attack() -> str:
        tab = await open_tab(web, cookie=scene.attackers["client"].cookie)
        told = await tab.send(update, {"vars": sent})
        told += await tab.send(f"{STATE}.hydrate_and_load", {"vars": sent})
        return told + await tab.hydrate()

    assert "spoofed" not in in_loop(attack())


def test_what_a_visitor_first_gets_holds_no_data(web: Web, scene: Scene) -> None:
    async def look() -> str:
        tab = await open_tab(web)
        return await tab.hydrate(f"/w/{scene.victim.tenant.slug}")

    told = in_loop(look())
    hydrated = messages(told)[0]["delta"]
    assert {name for name in hydrated if "carehub" in name} >= {SHELL, TOKENS}
    private = [f"{state}.{name}" for state, values in hydrated.items() for name in values if name.startswith("_")]
    assert (private, scene.told(told)) == ([], [])


def test_the_cookie_stays_out_of_the_browsers_state(web: Web, scene: Scene) -> None:
    async def look() -> str:
        tab = await open_tab(web, cookie=scene.attackers["admin"].cookie)
        return await tab.hydrate(f"/w/{scene.victim.tenant.slug}")

    assert scene.attackers["admin"].cookie not in in_loop(look())


async def _loaded(web: Web, scene: Scene, cookie: str) -> Tab:
    """The owner's tab with something private in it."""
    tab = await open_tab(web, cookie=cookie)
    await tab.hydrate(f"/w/{scene.victim.tenant.slug}")
    assert scene.told(await tab.send(f"{TOKENS}.load", path=f"/w/{scene.victim.tenant.slug}"))
    return tab


def test_a_tab_forgets_when_its_owner_signs_out(web: Web, scene: Scene) -> None:
    cookie = sessions.open_session(scene.victim.owner.id)

    async def attack() -> str:
        tab = await _loaded(web, scene, cookie)
        await asyncio.to_thread(sessions.close_session, cookie)
        await tab.listen(0.5)
        return await tab.send(f"{TOKENS}.load", path="/me")

    told = in_loop(attack())
    assert not scene.told(told)
    assert '"tokens_rx_state_":[]' in told


@pytest.mark.parametrize("who", ["nobody", "client", "foreign owner"])
@pytest.mark.parametrize("gone", [True, False])
def test_another_persons_tab_cannot_be_taken_over(web: Web, scene: Scene, who: str, gone: bool) -> None:
    """Its token is chosen by the browser: knowing it opens nothing, whether the owner is still there or has left."""
    cookie = sessions.open_session(scene.victim.owner.id)

    async def attack() -> str:
        tab = await _loaded(web, scene, cookie)
        if gone:
            await tab.close()
            await asyncio.sleep(0.2)
        thief = await open_tab(web, cookie=scene.attackers[who].cookie, token=tab.token)
        told = await thief.hydrate(f"/w/{scene.victim.tenant.slug}")
        return told + await thief.send(f"{SHELL}.load", path=f"/w/{scene.victim.tenant.slug}")

    assert not scene.told(in_loop(attack()))


def test_a_tab_that_moves_to_another_tenant_forgets_the_first(web: Web, scene: Scene) -> None:
    cookie = sessions.open_session(scene.victim.owner.id)

    async def move() -> str:
        tab = await _loaded(web, scene, cookie)
        return await tab.send(f"{SHELL}.load", path=f"/w/{scene.other.tenant.slug}")

    assert '"tokens_rx_state_":[]' in in_loop(move())


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1.evil.example", "null"])
def test_a_foreign_page_cannot_connect(web: Web, scene: Scene, origin: str) -> None:
    with pytest.raises(InvalidStatus):
        in_loop(open_tab(web, cookie=scene.attackers["admin"].cookie, origin=origin))
