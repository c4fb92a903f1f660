"""What the schedule asks for. Each may run twice or late without harm."""

import importlib
import importlib.util

from celery import shared_task

from carehub.services.notify import reminders
from carehub.services.platform import audit, upkeep

_NIGHTLY = "carehub.services.directory.nightly"


@shared_task(name="tasks.upkeep.seal_audit")
def seal_audit() -> None:
    audit.seal_all()


@shared_task(name="tasks.upkeep.plan_reminders")
def plan_reminders() -> None:
    reminders.plan_all()


@shared_task(name="tasks.upkeep.release_holds")
def release_holds() -> None:
    upkeep.release_holds()


@shared_task(name="tasks.upkeep.forget_old")
def forget_old() -> None:
    upkeep.forget_old()


@shared_task(name="tasks.upkeep.refresh_directory")
def refresh_directory() -> None:
    """The days that have become bookable since yesterday. The directory brings its own refresh, where it is installed."""
    if importlib.util.find_spec(_NIGHTLY):
        importlib.import_module(_NIGHTLY).refresh_all()
