"""Hands due rows (outbox events, deliveries, payments, subscriptions) to Celery.

One thread in each worker's main process; rows are leased, so many may run."""

import contextlib
import logging
import threading
import time

import redis
from celery import Celery
from kombu.exceptions import OperationalError

from carehub.core import outbox
from carehub.core.bus import bus
from carehub.services import payments, subscriptions
from carehub.services.notify import deliver
from carehub.services.platform import heartbeats

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
BEAT_SECONDS = 5.0
PATIENCE = outbox.LEASE / 2
BACKLOG = 120  # rows handed over and not begun: what waits longer than its lease would be handed over twice


class Relay(threading.Thread):
    """Until `stop`. Survives the broker's and the database's absence: nothing is kept here that is not in the rows."""

    def __init__(self, app: Celery) -> None:
        super().__init__(name="relay", daemon=True)
        self.app = app
        self._over = threading.Event()
        self._next_beat = 0.0

    def stop(self) -> None:
        self._over.set()
        self.join(5)

    def run(self) -> None:
        while not self._over.is_set():
            try:
                self._listen()
            except Exception as error:  # whatever went away comes back
                log.warning("relay pauses: %s", type(error).__name__)
                self._over.wait(POLL_SECONDS)

    def _listen(self) -> None:
        with bus().pubsub(ignore_subscribe_messages=True) as nudges:  # type: ignore[no-untyped-call]
            with contextlib.suppress(redis.RedisError):
                nudges.subscribe(outbox.CHANNEL)
            while not self._over.is_set():
                self._beat()
                if not self.pump():
                    self._wait(nudges)

    def _wait(self, nudges: redis.client.PubSub) -> None:
        """Until something is emitted, a second at most. One nudge is enough: the others are taken with it."""
        if not nudges.subscribed:
            self._over.wait(POLL_SECONDS)
            raise ConnectionError
        deadline = time.monotonic() + POLL_SECONDS
        while (left := deadline - time.monotonic()) > 0 and not self._over.is_set():
            if nudges.get_message(timeout=min(left, 0.4)) is None:
                continue
            while nudges.get_message(timeout=0):
                pass
            return

    def _beat(self) -> None:
        if time.monotonic() >= self._next_beat:
            heartbeats.beat("worker")
            self._next_beat = time.monotonic() + BEAT_SECONDS

    def pump(self) -> int:
        """Lease and hand over what is due. Answers how many rows."""
        room = self._room()
        events = outbox.lease(most=room) if room else []
        for event_id in events:
            self._send("tasks.outbox.run", str(event_id))
        room -= len(events)
        due = deliver.lease_due(most=room) if room else []
        for tenant_id, delivery_id in due:
            self._send("tasks.deliveries.send", str(tenant_id), str(delivery_id))
        room -= len(due)
        paying = payments.lease_due(most=room) if room else []
        for kind, tenant_id, row_id in paying:
            self._send("tasks.payments.work", kind, str(tenant_id), str(row_id))
        room -= len(paying)
        plans = subscriptions.lease_due(most=room) if room else []
        for tenant_id in plans:
            self._send("tasks.payments.work_plan", str(tenant_id))
        return len(events) + len(due) + len(paying) + len(plans)

    def _room(self) -> int:
        """How many more rows the queue may take. With the broker away: all of it, as `_send` then waits."""
        try:
            with self.app.pool.acquire(block=True) as connection:
                waiting = connection.default_channel.client.llen(self.app.conf.task_default_queue)
        except (OperationalError, redis.RedisError, OSError):
            return BACKLOG
        return max(BACKLOG - int(waiting), 0)

    def _send(self, task: str, *args: str) -> None:
        """Insists while the broker is away, still giving signs of life; gives up when the rows are better leased anew."""
        deadline = time.monotonic() + PATIENCE.total_seconds()
        while not self._over.is_set():
            try:
                self.app.send_task(task, args, retry=False)
                return
            except (OperationalError, redis.RedisError, OSError):
                if time.monotonic() > deadline:
                    raise
            self._beat()
            self._over.wait(0.5)
