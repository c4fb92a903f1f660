"""What the command palette finds: domains register providers, each asked in its own unit of work under its own policy."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import CareHubError
from carehub.core.verbs import Verb

log = logging.getLogger(__name__)

PER_PROVIDER = 6
LEAST = 2  # letters
PEOPLE, ACTIONS, APPOINTMENTS = MARKS = ("@", ">", "#")


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
    at: str = ""  # wall time, of what happens at some time
    person: str = ""  # id of the patient whose glance the pane shows


Provider: TypeAlias = Verb[Any, list[Entry]]

_PROVIDERS: list[tuple[str, Provider]] = []


def provide(mark: str) -> Callable[[Provider], Provider]:
    """Register a verb `(session, actor, *, text, limit) -> list[Entry]`. It is asked only for those who may call it.

    What is typed after `mark` (PEOPLE, APPOINTMENTS) is asked of those with that mark only.
    """

    def register(provider: Provider) -> Provider:
        _PROVIDERS.append((mark, provider))
        return provider

    return register


async def search(actor: Actor, text: str) -> list[Entry]:
    """What every provider finds, in the order they were registered. One that fails leaves its group out.

    A text that begins with a mark is asked of its providers only; what can be done is done with people, so that its mark asks
    for them. Fewer than two letters find nothing.
    """
    mark = text[:1] if text[:1] in MARKS else ""
    words = text.removeprefix(mark).strip()
    if len(words) < LEAST:
        return []
    wanted = PEOPLE if mark == ACTIONS else mark
    asked = [one for own, one in _PROVIDERS if wanted in ("", own) and actor.may(one.__asked__.policy)]
    answers = await asyncio.gather(*(asyncio.to_thread(_ask, provider, actor, words) for provider in asked))
    return [entry for answer in answers for entry in answer]


def _ask(provider: Verb[Any, list[Entry]], actor: Actor, text: str) -> list[Entry]:
    try:
        return perform(provider, actor, text=text, limit=PER_PROVIDER)
    except CareHubError:
        return []
    except Exception:
        log.exception("the palette's provider %s failed", provider.__asked__.name)
        return []
