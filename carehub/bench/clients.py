"""Many clients at once: threads of several processes, each with as many threads and connections as one web process has."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Generic, TypeVar

from carehub.bench.measure import Timings
from carehub.core import memory
from carehub.core.settings import settings

T = TypeVar("T")
CLIENTS = 64
LONGEST = 300  # seconds: a storm that hangs is a failure


@dataclass(frozen=True)
class Storm:
    """Only what succeeded is timed; `lost` went to another client."""

    timings: Timings
    lost: int


@dataclass(frozen=True)
class Work(Generic[T]):
    """What each client does with each of its wishes. All functions are of a module's top, so that they reach other processes.

    `make()` gives the call that is timed; it raises one of `lost` when another client was first. `warm()` runs before the
    clock starts, and so does `prepare(wishes)`, which answers what is left of a process's wishes.
    """

    make: Callable[[], Callable[[T], object]]
    warm: Callable[[], None] = memory.settle
    prepare: Callable[[list[list[T]]], list[list[T]]] | None = None
    lost: tuple[type[Exception], ...] = ()


def storm(work: Work[T], clients: Sequence[list[T]], *, processes: int) -> Storm:
    groups = [list(clients[n::processes]) for n in range(processes)]
    with get_context("spawn").Pool(processes) as pool:
        pool.map(_warm, [work] * processes, chunksize=1)
        if work.prepare is not None:
            groups = pool.map(work.prepare, groups, chunksize=1)
        began = time.perf_counter()
        results = pool.starmap_async(_group, [(work, group) for group in groups], chunksize=1).get(timeout=LONGEST)
        whole = time.perf_counter() - began
    taken = [seconds for times, _ in results for seconds in times]
    return Storm(Timings(tuple(taken), whole), sum(lost for _, lost in results))


def _warm(work: Work[Any]) -> None:
    """As a web that runs since yesterday."""
    work.warm()
    memory.settle()
    time.sleep(0.5)  # so that every process of the pool gets one


def _group(work: Work[T], group: list[list[T]]) -> tuple[list[float], int]:
    call = work.make()
    # as in the web: clients wait their turn for one of the process's threads
    with ThreadPoolExecutor(settings.threads) as verbs, ThreadPoolExecutor(len(group)) as waiting:
        try:
            results = list(
                waiting.map(
                    lambda wishes: _client(lambda one: verbs.submit(call, one).result(), wishes, work.lost), group
                )
            )
        except Exception as error:  # a refusal does not survive the way to another process
            raise RuntimeError(f"{type(error).__name__}: {error}") from None
    return [seconds for times, _ in results for seconds in times], sum(lost for _, lost in results)


def _client(
    call: Callable[[T], object], wishes: list[T], beaten: tuple[type[Exception], ...]
) -> tuple[list[float], int]:
    times: list[float] = []
    lost = 0
    for one in wishes:
        start = time.perf_counter()
        try:
            call(one)
        except beaten:
            lost += 1
        else:
            times.append(time.perf_counter() - start)
    return times, lost
