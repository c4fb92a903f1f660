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
    "back_up": {"task": "tasks.backup.back_up", "schedule": crontab(minute=20)},
    "back_up_asked": {"task": "tasks.backup.back_up_asked", "schedule": schedule(30)},
    "expire_coins": {"task": "tasks.upkeep.expire_coins", "schedule": schedule(60)},
    "look_at_wallets": {"task": "tasks.payments.look_at_wallets", "schedule": schedule(300)},
    "remind_plans": {"task": "tasks.payments.remind_plans", "schedule": schedule(600)},
    "reconcile": {"task": "tasks.payments.reconcile", "schedule": crontab(hour=3, minute=10)},
    "keep_invoices": {"task": "tasks.upkeep.keep_invoices", "schedule": schedule(600)},
    "end_payments": {"task": "tasks.upkeep.end_payments", "schedule": schedule(30)},
    "forget_old": {"task": "tasks.upkeep.forget_old", "schedule": schedule(3600)},
    "look_at_hosts": {"task": "tasks.upkeep.look_at_hosts", "schedule": schedule(300)},
    "look_for_risks": {"task": "tasks.upkeep.look_for_risks", "schedule": crontab(minute=40)},
    "count_figures": {"task": "tasks.upkeep.count_figures", "schedule": schedule(900)},
    "report_month": {"task": "tasks.upkeep.report_month", "schedule": crontab(day_of_month=1, hour=6, minute=15)},
    "erase_due": {"task": "tasks.privacy.erase_due", "schedule": schedule(600)},
    "forget_exports": {"task": "tasks.privacy.forget_exports", "schedule": schedule(3600)},
    "apply_retention": {"task": "tasks.privacy.apply_retention", "schedule": crontab(hour=1, minute=40)},
    "expire_verifications": {"task": "tasks.upkeep.expire_verifications", "schedule": crontab(minute=5)},
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
