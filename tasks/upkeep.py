"""What the schedule asks for. Each may run twice or late without harm."""

from celery import shared_task

from carehub.core.actor import system
from carehub.core.db import perform
from carehub.services import checkout, directory, ledger, metered, statistics
from carehub.services.billing import recurring, sending
from carehub.services.notify import reminders
from carehub.services.platform import audit, risks, upkeep
from carehub.services.tenancy import hosts
from carehub.services.verification.expiry import expire_approvals


@shared_task(name="tasks.upkeep.seal_audit")
def seal_audit() -> None:
    audit.seal_all()


@shared_task(name="tasks.upkeep.plan_reminders")
def plan_reminders() -> None:
    reminders.plan_all()


@shared_task(name="tasks.upkeep.release_holds")
def release_holds() -> None:
    upkeep.release_holds()


@shared_task(name="tasks.upkeep.expire_coins")
def expire_coins() -> None:
    """Amounts that nobody resolved go back; bonus coins end with their day."""
    ledger.expire_all()


@shared_task(name="tasks.upkeep.keep_invoices")
def keep_invoices() -> None:
    """Invoices that repeat are made, those that are late recalled."""
    recurring.make_due()
    sending.remind_due()


@shared_task(name="tasks.upkeep.end_payments")
def end_payments() -> None:
    """What nobody paid in time is over, what nobody marked is done; unanswered messages and ended calls are settled."""
    checkout.end_all()
    metered.release_unanswered()
    metered.end_calls()


@shared_task(name="tasks.upkeep.forget_old")
def forget_old() -> None:
    upkeep.forget_old()


@shared_task(name="tasks.upkeep.refresh_directory")
def refresh_directory() -> None:
    """The days that have become bookable since yesterday."""
    directory.refresh_all()


@shared_task(name="tasks.upkeep.look_for_risks")
def look_for_risks() -> None:
    risks.look()


@shared_task(name="tasks.upkeep.roll_directory")
def roll_directory() -> None:
    """Starts that have come too near leave "next free"."""
    perform(directory.roll_over, system())


@shared_task(name="tasks.upkeep.expire_verifications")
def expire_verifications() -> None:
    """Badges end with their last day; thirty days before, who has one is reminded."""
    perform(expire_approvals, system())


@shared_task(name="tasks.upkeep.look_at_hosts")
def look_at_hosts() -> None:
    """Whether organisations' own addresses are still proven by their domains."""
    hosts.look_at_due()


@shared_task(name="tasks.upkeep.count_figures")
def count_figures() -> None:
    """The figures of today and yesterday."""
    statistics.count_all()


@shared_task(name="tasks.upkeep.report_month")
def report_month() -> None:
    """Last month, to super-admins."""
    statistics.send_monthly()
