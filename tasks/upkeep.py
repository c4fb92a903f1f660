"""What the schedule asks for. Each may run twice or late without harm."""

from celery import shared_task

from carehub.core.actor import system
from carehub.core.db import perform
from carehub.services import directory
from carehub.services.notify import reminders
from carehub.services.platform import audit, upkeep


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
    """The days that have become bookable since yesterday."""
    directory.refresh_all()


@shared_task(name="tasks.upkeep.roll_directory")
def roll_directory() -> None:
    """Starts that have come too near leave "next free"."""
    perform(directory.roll_over, system())
