"""Figures for Prometheus. What the database knows (lag, waiting deliveries) is read at each scrape by api/metrics.py."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, multiprocess

VERB_SECONDS = Histogram(
    "carehub_verb_seconds",
    "Time of a service verb with its transaction.",
    ("verb", "outcome"),
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10),
)
OUTBOX_EVENTS = Counter("carehub_outbox_events", "Outbox events handled.", ("kind", "outcome"))
DELIVERIES = Counter("carehub_delivery_attempts", "Attempts to deliver a message.", ("channel", "outcome"))


@contextmanager
def timed_verb(name: str) -> Iterator[None]:
    """Observe how long a verb takes; the outcome is "ok" or the error's class."""
    began, outcome = time.perf_counter(), "ok"
    try:
        yield
    except BaseException as error:
        outcome = type(error).__name__
        raise
    finally:
        VERB_SECONDS.labels(name, outcome).observe(time.perf_counter() - began)


def registry() -> CollectorRegistry:
    """This process's figures, or every process's when PROMETHEUS_MULTIPROC_DIR names their common directory."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    joined = CollectorRegistry()
    multiprocess.MultiProcessCollector(joined)  # type: ignore[no-untyped-call]
    return joined
