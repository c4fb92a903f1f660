"""The Celery application. Truth is in the database: a task only carries an id, and losing or repeating one does no harm."""

import importlib.util
import logging
import pkgutil
import sys
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init, worker_ready, worker_shutdown

import carehub.services
from carehub.core import bus, db, logs, memory, tracing
from carehub.core.settings import settings
from tasks.relay import Relay
from tasks.schedule import SCHEDULE

log = logging.getLogger(__name__)

TASKS = ("tasks.outbox", "tasks.deliveries", "tasks.upkeep", "tasks.backup", "tasks.privacy", "tasks.payments")


def handler_modules() -> list[str]:
    """`carehub.services.<domain>.handlers` of every domain that has one."""
    domains = [one.name for one in pkgutil.iter_modules(carehub.services.__path__, "carehub.services.") if one.ispkg]
    return [f"{name}.handlers" for name in domains if importlib.util.find_spec(f"{name}.handlers")]


# as includes, because a worker whose handlers cannot be imported must not start: it would tick events off unhandled
app = Celery("carehub", broker=settings.broker_url, include=[*TASKS, *handler_modules()])
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_track_started=False,
    task_default_queue="carehub",
    task_time_limit=300,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # work that died with a worker or a connection comes back within seconds, not after an hour
    broker_transport_options={
        "visibility_timeout": 60,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 5,
        "health_check_interval": 10,
    },
    beat_schedule=SCHEDULE,
    beat_scheduler="tasks.schedule:Scheduler",
    beat_max_loop_interval=5,
    timezone="UTC",
)

_relays: list[Relay] = []


@setup_logging.connect
def _own_logs(**_given: Any) -> None:
    logs.setup("beat" if "beat" in sys.argv else "worker")


@worker_process_init.connect
def _prepare_process(**_given: Any) -> None:
    """A forked process must not share its parent's connections."""
    db.engine.cache_clear()
    bus.bus.cache_clear()
    tracing.setup("worker")
    memory.settle()


@worker_ready.connect
def _start_relay(**_given: Any) -> None:
    relay = Relay(app)
    relay.start()
    _relays.append(relay)


@worker_shutdown.connect
def _stop_relay(**_given: Any) -> None:
    for relay in _relays:
        relay.stop()
