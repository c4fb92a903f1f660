"""What the command palette finds: domains register providers, each asked in its own unit of work under its own policy."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import CareHubError
from carehub.core.verbs import Verb

log = logging.getLogger(__name__)

PER_PROVIDER = 6


@dataclass(frozen=True)
class Entry:
    """One line. `group` and `note` are msgids (N_); `text` is a person's or a document's own name, never translated."""

    group: str
    text: str
    href: str
    note: str = ""
    icon: str = ""
    initials: str = ""  # an avatar instead of an icon
    cat: int = 0


_PROVIDERS: list[Verb[Any, list[Entry]]] = []


def provide(provider: Verb[Any, list[Entry]]) -> Verb[Any, list[Entry]]:
    """Register a verb `(session, actor, *, text, limit) -> list[Entry]`. It is asked only for those who may call it."""
    _PROVIDERS.append(provider)
    return provider


async def search(actor: Actor, text: str) -> list[Entry]:
    """What every provider finds, in the order they were registered. One that fails leaves its group out."""
    asked = [provider for provider in _PROVIDERS if actor.may(provider.__asked__.policy)]
    answers = await asyncio.gather(*(asyncio.to_thread(_ask, provider, actor, text) for provider in asked))
    return [entry for answer in answers for entry in answer]


def _ask(provider: Verb[Any, list[Entry]], actor: Actor, text: str) -> list[Entry]:
    try:
        return perform(provider, actor, text=text, limit=PER_PROVIDER)
    except CareHubError:
        return []
    except Exception:
        log.exception("the palette's provider %s failed", provider.__asked__.name)
        return []
