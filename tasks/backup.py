"""What takes long and must not be done twice at once."""

import logging

from celery import shared_task

from carehub.backup.asked import make_asked
from carehub.backup.errors import BackupError
from carehub.backup.keeping import back_up_if_due

log = logging.getLogger(__name__)


@shared_task(name="tasks.backup.back_up", time_limit=4 * 3600)
def back_up() -> None:
    """The broker may hand it to a second worker while the first still works: a lock lets only one of them."""
    try:
        made = back_up_if_due()
    except BackupError as error:
        log.error("no backup was made: %s", error)
    else:
        if made is not None:
            log.info("backup made: %s", made.name)


@shared_task(name="tasks.backup.back_up_asked", time_limit=4 * 3600)
def back_up_asked() -> None:
    """What the console asked for, within a minute."""
    made = make_asked()
    if made is not None:
        log.info("backup made: %s", made.name)
