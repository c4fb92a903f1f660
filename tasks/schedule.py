"""What runs by the clock, and the scheduler's own sign of life."""

import logging
import time
from typing import Any

from celery.beat import PersistentScheduler
from celery.schedules import crontab, schedule
from sqlalchemy.exc import SQLAlchemyError

from carehub.services.platform import heartbeats

log = logging.getLogger(__name__)

BEAT_SECONDS = 5.0

SCHEDULE: dict[str, dict[str, Any]] = {
    "seal_audit": {"task": "tasks.upkeep.seal_audit", "schedule": schedule(60)},
    "plan_reminders": {"task": "tasks.upkeep.plan_reminders", "schedule": schedule(300)},
    "release_holds": {"task": "tasks.upkeep.release_holds", "schedule": schedule(60)},
    "forget_old": {"task": "tasks.upkeep.forget_old", "schedule": schedule(3600)},
    "roll_directory": {"task": "tasks.upkeep.roll_directory", "schedule": schedule(300)},
    "refresh_directory": {"task": "tasks.upkeep.refresh_directory", "schedule": crontab(hour=0, minute=10)},
}


class Scheduler(PersistentScheduler):
    """Celery's own, which also tells every few seconds that it still ticks."""

    _next_beat = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if time.monotonic() >= self._next_beat:
            self._next_beat = time.monotonic() + BEAT_SECONDS
            try:
                heartbeats.beat("scheduler")
            except SQLAlchemyError as error:
                log.warning("no heartbeat: %s", type(error).__name__)
        return min(float(super().tick(*args, **kwargs)), BEAT_SECONDS)
