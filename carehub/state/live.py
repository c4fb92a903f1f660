"""Live pages. A change is announced on Valkey; each worker nudges the tabs that watch it; each tab then asks again.

A nudge carries no data: the tab's own event passes the guard, so someone who lost access gets nothing."""

import asyncio
import logging

import redis.asyncio as redis
import reflex as rx
from reflex.event import Event
from reflex.state import StateUpdate
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from carehub.core.actor import current_actor
from carehub.core.bus import person_topic, tenant_topic
from carehub.core.settings import settings
from carehub.services.identity import sessions

log = logging.getLogger(__name__)

_watching: dict[str, dict[str, tuple[str, str]]] = {}  # client token -> {event to send back: (page, channel and topic)}


def watch(state: rx.State, topic: str, handler: str, *, of_person: bool = False, of: str = "") -> None:
    """Have this tab send `handler` again whenever `topic` changes for the actor's tenant, for the person, or for the one
    thing whose id is `of` (a guest's appointment).

    Called from on_load: it must be repeatable. Several states of a page may watch one topic; those of the page before
    are forgotten.
    """
    actor = current_actor()
    event = format_event_handler(type(state).event_handlers[handler])
    channel = person_topic(of or actor.person_id) if of or of_person else tenant_topic(actor.tenant_id)
    token = state.router.session.client_token
    page = state.router.url.path
    mine = {name: kept for name, kept in _watching.get(token, {}).items() if kept[0] == page}
    _watching[token] = {**mine, event: (page, f"{channel} {topic}")}


async def nudge(change: str) -> int:
    """Tell the tabs that watch `change`; answers how many were told."""
    namespace = RegistrationContext.get().app.event_namespace
    assert namespace is not None
    told = 0
    for token, watched in list(_watching.items()):
        events = [Event(name=name) for name, (_, what) in watched.items() if what == change]
        if not events:
            continue
        if token in namespace.token_to_sid:
            await namespace.emit_update(StateUpdate(events=events), token)
            told += 1
        else:
            _watching.pop(token, None)
    return told


async def listen() -> None:
    """Runs for the life of a worker."""
    while True:
        try:
            async with redis.Redis.from_url(settings.valkey_url).pubsub() as bus:
                await bus.psubscribe("live:*")
                await bus.subscribe(sessions.REVOKED)
                sessions.forget_all(tell=False)  # what was revoked while we could not hear
                async for message in bus.listen():
                    if message["type"] == "pmessage":
                        await nudge(f"{message['channel'].decode()} {message['data'].decode()}")
                    elif message["type"] == "message":
                        sessions.forget_all(tell=False)
        except (redis.RedisError, OSError):
            log.warning("live updates paused")
            await asyncio.sleep(1)
