"""What has run out is taken away, and nothing else."""

from datetime import timedelta

from sqlalchemy import text

from carehub.core import clock, outbox
from carehub.core.actor import system
from carehub.core.crypto import hash_token
from carehub.core.db import unit_of_work
from carehub.core.ids import new_id
from carehub.core.roles import Role
from carehub.models.booking import SlotHold
from carehub.models.identity import LoginEvent
from carehub.services.identity.sessions import open_session
from carehub.services.platform import upkeep
from tests.notify import house as houses


def test_lapsed_holds_go_and_living_ones_stay(worker_database: str) -> None:
    at = houses.house()
    for number, lapses in enumerate((-1, 5)):
        start = clock.now() + timedelta(days=number + 1)
        hold = SlotHold(
            tenant_id=at.tenant_id,
            practitioner_id=at.practitioner_id,
            service_id=at.service_id,
            mode="in_person",
            starts_at=start,
            ends_at=start + timedelta(minutes=50),
            token_hash=hash_token(str(number)),
            expires_at=clock.now() + timedelta(minutes=lapses),
        )
        houses.add(Role.APP, at.tenant_id, hold)
    assert upkeep.release_holds() >= 1
    with unit_of_work(system(at.tenant_id), Role.APP) as session:
        left = session.scalars(text("SELECT expires_at FROM slot_hold")).all()
    assert [one > clock.now() for one in left] == [True]


def test_handled_events_go_after_a_week_and_waiting_ones_never(worker_database: str) -> None:
    with unit_of_work(system(), Role.WORKER) as session:
        done, waiting = (
            outbox.emit(session, "test.done"),
            outbox.emit(session, "test.waiting", at=clock.now() + timedelta(days=30)),
        )
        session.execute(
            text("UPDATE outbox SET done_at = :then WHERE id = :id"),
            {"id": done, "then": clock.now() - timedelta(days=8)},
        )
    upkeep.forget_old()
    with unit_of_work(system(), Role.WORKER) as session:
        left = set(session.scalars(text("SELECT id FROM outbox WHERE kind LIKE 'test.%'")))
    assert done not in left
    assert waiting in left


def test_ended_sessions_go_and_open_ones_stay(worker_database: str) -> None:
    who = houses.person("Nour Haddad")
    ended, living = open_session(who), open_session(who)
    with unit_of_work(system(), Role.AUTH) as session:
        session.execute(
            text("UPDATE session SET revoked_at = :then WHERE token_hash = :hash"),
            {"hash": hash_token(ended), "then": clock.now() - timedelta(days=8)},
        )
    upkeep.forget_old()
    with unit_of_work(system(), Role.AUTH) as session:
        left = [
            bytes(one)
            for one in session.scalars(text("SELECT token_hash FROM session WHERE person_id = :id"), {"id": who})
        ]
    assert left == [hash_token(living)]


def test_throttled_attempts_go_and_the_history_stays(worker_database: str) -> None:
    mark, then = new_id().bytes, clock.now() - timedelta(days=8)
    kinds = ("throttled", "wrong_password", "success")
    events = [LoginEvent(email_index=mark, outcome=one, at=then) for one in kinds]
    houses.add(Role.AUTH, None, *events, LoginEvent(email_index=mark, outcome="throttled", at=clock.now()))
    upkeep.forget_old()
    with unit_of_work(system(), Role.AUTH) as session:
        left = session.scalars(
            text("SELECT outcome FROM login_event WHERE email_index = :mark ORDER BY outcome"), {"mark": mark}
        ).all()
    assert left == ["success", "throttled", "wrong_password"]
