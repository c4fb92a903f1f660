"""One message to one person."""

from uuid import UUID

from celery import shared_task

from carehub.services.notify import deliver


@shared_task(name="tasks.deliveries.send")
def send(tenant_id: str, delivery_id: str) -> None:
    deliver.send(UUID(tenant_id), UUID(delivery_id))
