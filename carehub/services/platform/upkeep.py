"""What has run out is taken away: holds, sessions, links, answered keys, handled events, refused attempts to sign in."""

from datetime import timedelta

from sqlalchemy import text

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role

KEPT = timedelta(days=7)  # of what is over: long enough to answer a question about it
ANSWERS_KEPT = timedelta(days=1)
SIGN_INS_KEPT = timedelta(days=365)  # with where they came from; the row itself stays
_HOLDS = text("DELETE FROM slot_hold WHERE expires_at < :now")
_OUTBOX = text("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at < :before LIMIT 20000)")
_THROTTLED = text("DELETE FROM login_event WHERE outcome = 'throttled' AND at < :before")  # nobody's history shows them
_AUTH = (
    text("DELETE FROM session WHERE expires_at < :before OR revoked_at < :before"),
    text("DELETE FROM account_token WHERE expires_at < :before OR used_at < :before"),
    text("DELETE FROM oidc_attempt WHERE expires_at < :before"),
    text("DELETE FROM trusted_device WHERE expires_at < :before"),
    text("DELETE FROM idempotency_key WHERE created_at < :answered_before"),
    text(
        "UPDATE login_event SET address = '', user_agent = '' WHERE at < :year_before AND (address <> '' OR user_agent <> '')"
    ),
)


def release_holds() -> int:
    """Take away lapsed slot holds. They already keep nobody out; answers how many there were."""
    with unit_of_work(system(), Role.WORKER) as session:
        return int(session.execute(_HOLDS, {"now": clock.now()}).rowcount)  # type: ignore[attr-defined]


def forget_old() -> None:
    """Rows nobody reads any more: handled events, throttled attempts and ended sessions after a week, answered keys after a day."""
    now = clock.now()
    moments = {
        "before": now - KEPT,
        "answered_before": now - ANSWERS_KEPT,
        "year_before": now - SIGN_INS_KEPT,
    }
    with unit_of_work(system(), Role.WORKER) as session:
        session.execute(_OUTBOX, moments)
        session.execute(_THROTTLED, moments)
    with unit_of_work(system(), Role.AUTH) as session:
        for statement in _AUTH:
            session.execute(statement, moments)
