"""What the schedule asks of data rights. Each may run twice or late without harm."""

from celery import shared_task

from carehub.services.privacy import account_erasure, exports, retention


@shared_task(name="tasks.privacy.erase_due")
def erase_due() -> None:
    account_erasure.erase_due()


@shared_task(name="tasks.privacy.forget_exports")
def forget_exports() -> None:
    exports.forget_exports()


@shared_task(name="tasks.privacy.apply_retention")
def apply_retention() -> None:
    retention.apply_all()
