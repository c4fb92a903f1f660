"""Timing: how long each call took, and what is printed of it."""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timings:
    """Seconds of each call, and of the whole when calls ran side by side."""

    calls: tuple[float, ...]
    whole: float

    def percentile(self, share: float) -> float:
        """In milliseconds: the smallest time that `share` of the calls did not exceed."""
        ordered = sorted(self.calls)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000

    @property
    def rate(self) -> float:
        """Calls a second."""
        return len(self.calls) / self.whole


@dataclass(frozen=True)
class Line:
    """One path. `by_rate`: compared by calls a second, otherwise by the median."""

    name: str
    ours: Timings
    floor: Timings
    by_rate: bool = False

    @property
    def ratio(self) -> float:
        """Floor over ours: 1 is as fast as raw SQL, 0.5 takes twice as long."""
        if self.by_rate:
            return self.ours.rate / self.floor.rate
        return self.floor.percentile(0.5) / self.ours.percentile(0.5)


def one_by_one(call: Callable[[int], object], times: int, *, warm: int = 5) -> Timings:
    """`call(n)` for n below `times`, after some that do not count."""
    for n in range(warm):
        call(n)
    began = time.perf_counter()
    taken = []
    for n in range(times):
        start = time.perf_counter()
        call(n)
        taken.append(time.perf_counter() - start)
    return Timings(tuple(taken), time.perf_counter() - began)


_HEAD = ("", "ours p50", "p95", "floor p50", "p95", "ratio", "")


def report(lines: Iterable[Line]) -> str:
    """A table in plain text; milliseconds, and rates where they count."""
    rows = [_HEAD, *(_cells(line) for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _cells(line: Line) -> tuple[str, ...]:
    times = [f"{one.percentile(share):.1f} ms" for one in (line.ours, line.floor) for share in (0.5, 0.95)]
    rates = f"{line.ours.rate:.0f}/s of {line.floor.rate:.0f}/s" if line.by_rate else ""
    return (line.name, *times, f"{line.ratio:.2f}", rates)
