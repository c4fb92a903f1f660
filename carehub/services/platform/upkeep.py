"""What has run out is taken away: holds, sessions, links, answered keys, handled events."""

from datetime import timedelta

from sqlalchemy import text

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role

KEPT = timedelta(days=7)  # of what is over: long enough to answer a question about it
ANSWERS_KEPT = timedelta(days=1)
_HOLDS = text("DELETE FROM slot_hold WHERE expires_at < :now")
_OUTBOX = text("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at < :before LIMIT 20000)")
_AUTH = (
    text("DELETE FROM session WHERE expires_at < :before OR revoked_at < :before"),
    text("DELETE FROM account_token WHERE expires_at < :before OR used_at < :before"),
    text("DELETE FROM oidc_attempt WHERE expires_at < :before"),
    text("DELETE FROM trusted_device WHERE expires_at < :before"),
    text("DELETE FROM idempotency_key WHERE created_at < :answered_before"),
)


def release_holds() -> int:
    """Take away lapsed slot holds. They already keep nobody out; answers how many there were."""
    with unit_of_work(system(), Role.WORKER) as session:
        return int(session.execute(_HOLDS, {"now": clock.now()}).rowcount)  # type: ignore[attr-defined]


def forget_old() -> None:
    """Rows nobody reads any more: handled events and ended sessions after a week, answered keys after a day."""
    now = clock.now()
    moments = {"before": now - KEPT, "answered_before": now - ANSWERS_KEPT}
    with unit_of_work(system(), Role.WORKER) as session:
        session.execute(_OUTBOX, moments)
    with unit_of_work(system(), Role.AUTH) as session:
        for statement in _AUTH:
            session.execute(statement, moments)
