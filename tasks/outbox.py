"""One outbox event."""

from uuid import UUID

from celery import shared_task

from carehub.core import outbox


@shared_task(name="tasks.outbox.run")
def run(event_id: str) -> None:
    outbox.run(UUID(event_id))
