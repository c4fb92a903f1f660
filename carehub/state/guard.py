"""Every event passes here first: who is it, in which tenant, may they? Deny by default."""

import asyncio
import logging
from dataclasses import replace
from functools import cache
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote

import reflex as rx
from reflex.app import App
from reflex.event import Event
from reflex.istate.delta import _resolve_delta
from reflex.state import BaseState, StateUpdate
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext

from carehub.core.actor import VISITOR, Actor, set_actor
from carehub.core.errors import CareHubError, NotFound
from carehub.core.site import Site, here, set_site
from carehub.services.identity import sessions
from carehub.services.identity.rules import local_path
from carehub.services.tenancy.belonging import Shown, shown_at
from carehub.services.tenancy.places import find_site, recall_site
from carehub.state.policy import CHAINED, OWN
from carehub.state.toasts import toast

log = logging.getLogger(__name__)

ROOT = "reflex___state____state"
FRAMEWORK = frozenset(
    f"{ROOT}.{name}"
    for name in (
        "hydrate",
        "hydrate_and_load",
        "reflex___state____on_load_internal_state.on_load_internal",
        "reflex___state____on_load_internal_state.set_is_hydrated",
        "reflex___state____update_vars_internal_state.update_vars_internal",
        "reflex___state____frontend_event_exception_state.handle_frontend_exception",
    )
)


@cache
def policy_of(event_name: str) -> str | None:
    known = RegistrationContext.get().event_handlers.get(event_name)
    if known is None:
        return None
    policy: str | None = getattr(known.handler.fn, "__policy__", None)
    return known.states[0].permission if policy == OWN else policy  # type: ignore[attr-defined]


def tenant_in(path: str) -> str:
    """The tenant of a workspace address: /w/<tenant>/...; the platform's own mark for /platform/..."""
    parts = path.split("?", 1)[0].split("/", 3)
    if len(parts) > 1 and parts[1] == "platform":
        return sessions.PLATFORM
    return parts[2] if len(parts) > 2 and parts[1] == "w" else ""


def session_token(cookie: str) -> str:
    try:
        found = SimpleCookie(cookie).get(sessions.COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


async def stand_at(headers: dict[str, Any]) -> None:
    """The event stands where its page does. Raises NotFound for a host that is nobody's (any more)."""
    header = str(headers.get("host", ""))
    known = recall_site(header) if header else here()
    site = await asyncio.to_thread(find_site, header) if isinstance(known, bool) else known
    if site is None:
        raise NotFound
    set_site(site)


def elsewhere(site: Site, path: str) -> Any:
    """Where to, for a page that does not stand at `site`; None: it does. Links that lead away are loaded anew by the browser
    (assets/ui/frame.jsx), so that the server sends them on."""
    return None if shown_at(site, path) is Shown.HERE else rx.redirect(f"/t/{site.tenant}")


async def actor_of(headers: dict[str, Any], path: str) -> Actor:
    """The person behind the cookie, as a member of the tenant in `path` when they are one; a visitor otherwise."""
    token = session_token(str(headers.get("cookie", "")))
    if not token:
        return VISITOR
    tenant = tenant_in(path)
    known = sessions.recall_actor(token, tenant)
    if known is None:
        known = await asyncio.to_thread(sessions.find_actor, token, tenant)
    return known


def refusal(policy: str | None, actor: Actor) -> CareHubError | bool | None:
    """None when the actor may; otherwise why not (True: no reason to give)."""
    if policy == CHAINED:
        return None if EventContext.get().parent_txid is not None else True
    if policy is None:
        return True
    try:
        actor.check_may(policy)
    except CareHubError as error:
        return error
    return None


class Tab(rx.State):
    """Whom this tab's state belongs to. In the state itself, so that every worker reads the same answer."""

    _owner: str = ""


async def _forget(root: BaseState) -> None:
    """A tab that changed person or tenant keeps nothing of the previous one. Every state is a child of rx.State."""
    for substate in type(root).get_substates():
        await root.get_state(substate)
    root.reset()  # type: ignore[no-untyped-call]


async def _pending(root: BaseState) -> dict[str, Any]:
    """What was forgotten must leave the screen too: a refused event sends no other delta."""
    delta: dict[str, Any] = await _resolve_delta(root.get_delta())
    root._clean()  # type: ignore[no-untyped-call]
    return delta


class EventGuard(rx.Middleware):
    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002
        set_actor(VISITOR)
        asked: dict[str, Any] = EventContext.get().router_data or state.router_data  # an upload carries none of its own
        await stand_at(asked.get("headers", {}))
        actor = await actor_of(asked.get("headers", {}), asked.get("asPath", ""))
        place = actor.visit.id if actor.visit else actor.tenant_id
        owner = f"{actor.person_id} {place}" if actor.person_id else "nobody"
        tab = await state.get_state(Tab)
        if tab._owner != owner:
            await _forget(state)
            tab._owner = owner
        if event.name in FRAMEWORK:
            return None
        away = elsewhere(here(), str(asked.get("asPath", "")))
        if away is not None:
            return StateUpdate(delta=await _pending(state), events=Event.from_event_type(away))
        policy = policy_of(event.name)
        why = refusal(policy, actor)
        if why is None:
            set_actor(replace(actor, address=str(asked.get("ip", ""))))
            return None
        log.warning("refused %s (%s) for %s", event.name, policy, actor.person_id)
        if actor.person_id is None:
            answer = rx.redirect("/sign-in?next=" + quote(local_path(str(asked.get("asPath", "")))))
        elif EventContext.get().parent_txid is not None:
            return StateUpdate(
                delta=await _pending(state)
            )  # a page that opens: it says itself that it is not open to them
        else:
            key = why.key if isinstance(why, CareHubError) else "You may not do this"
            answer = toast("error", key)
        return StateUpdate(delta=await _pending(state), events=Event.from_event_type(answer))
