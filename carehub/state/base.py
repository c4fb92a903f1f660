"""The bridge from an event to a service verb."""

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from carehub.core.actor import current_actor
from carehub.core.db import perform
from carehub.core.settings import settings
from carehub.core.verbs import Verb

P = ParamSpec("P")
R = TypeVar("R")

_threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="verb")


async def call(verb: Verb[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a service verb for the person behind this event: a thread, a transaction, a role, a tenant."""
    work = functools.partial(perform, verb, current_actor(), *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


async def outside(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run what a service does between its transactions, in which others (Stripe) are asked. It authorises by itself."""
    return await asyncio.get_running_loop().run_in_executor(_threads, functools.partial(work, *args, **kwargs))
