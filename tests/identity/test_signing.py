from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from carehub.core import clock
from carehub.core.db import perform
from carehub.core.errors import NotFound, TooMany
from carehub.models.identity import TokenPurpose
from carehub.services.identity import recovery, registration, sessions, signing
from carehub.services.identity.account import my_logins, my_sessions, revoke_other_sessions, revoke_session
from carehub.services.identity.attempts import Client
from carehub.services.identity.errors import (
    LastOwner,
    LinkNotValid,
    NotVerified,
    PasswordTooShort,
    WrongCredentials,
    WrongPassword,
)
from tests.identity.people import (
    PASSWORD,
    account,
    client,
    client_form,
    fresh_email,
    link,
    person_id,
    professional_form,
    signed_in,
    tenant,
)

NEW = "encore quatre autres mots"


def fail(email: str, where: Client) -> None:
    with pytest.raises(WrongCredentials):
        signing.sign_in(email, "not the password", where)


def test_a_password_opens_a_session() -> None:
    email = account()
    token = signing.sign_in(email.upper(), PASSWORD, client()).token
    assert sessions.find_actor(token, "").person_id == person_id(email)


def test_an_unknown_account_and_a_wrong_password_are_told_alike() -> None:
    fail(account(), client())
    fail(fresh_email(), client())


def test_an_unverified_account_is_told_so_only_with_its_password() -> None:
    email = fresh_email()
    registration.register(client_form(email), client())
    fail(email, client())
    with pytest.raises(NotVerified):
        signing.sign_in(email, PASSWORD, client())


def test_the_sixth_attempt_on_an_account_waits_whatever_the_address() -> None:
    email = account()
    for _ in range(5):
        fail(email, client())
    with pytest.raises(TooMany) as refusal:
        signing.sign_in(email, PASSWORD, client())
    assert 0 < int(refusal.value.params["seconds"]) <= 30


def test_after_the_wait_the_right_password_enters() -> None:
    email = account()
    for _ in range(5):
        fail(email, client())
    with clock.travel(clock.now() + timedelta(seconds=31)):
        assert signing.sign_in(email, PASSWORD, client()).token


def test_an_unknown_account_is_throttled_as_a_known_one() -> None:
    email = fresh_email()
    for _ in range(5):
        fail(email, client())
    with pytest.raises(TooMany):
        signing.sign_in(email, PASSWORD, client())


def test_one_address_is_throttled_over_many_accounts() -> None:
    where = client()
    for _ in range(30):
        fail(fresh_email(), where)
    with pytest.raises(TooMany):
        signing.sign_in(account(), PASSWORD, where)


def test_a_success_clears_the_accounts_failures() -> None:
    email = account()
    for _ in range(2):
        for _ in range(4):
            fail(email, client())
        assert signing.sign_in(email, PASSWORD, client()).token


def test_the_history_shows_good_and_bad_attempts() -> None:
    email = account()
    fail(email, client())
    lines = perform(my_logins, signed_in(email))
    assert [line.outcome for line in lines] == ["success", "wrong_password"]
    assert lines[0].browser == "Firefox, Windows"


def test_signing_out_ends_the_session_at_once() -> None:
    token = signing.sign_in(account(), PASSWORD, client()).token
    sessions.find_actor(token, "")
    sessions.close_session(token)
    assert sessions.recall_actor(token, "") is None
    assert sessions.find_actor(token, "").person_id is None


def test_one_revokes_another_of_ones_sessions() -> None:
    email = account()
    other = signing.sign_in(email, PASSWORD, client()).token
    actor = signed_in(email)
    seen = perform(my_sessions, actor)
    assert [one.current for one in seen].count(True) == 1
    perform(revoke_session, actor, session_id=UUID(next(one.id for one in seen if not one.current)))
    assert sessions.find_actor(other, "").person_id is None


def test_nobody_revokes_someone_elses_session() -> None:
    victim = signed_in(account())
    assert victim.session_id
    with pytest.raises(NotFound):
        perform(revoke_session, signed_in(account()), session_id=victim.session_id)


def test_all_other_sessions_end_together() -> None:
    email = account()
    signed_in(email)
    actor = signed_in(email)
    assert perform(revoke_other_sessions, actor) == 1
    assert [one.current for one in perform(my_sessions, actor)] == [True]


def test_an_answer_read_before_a_revocation_is_not_kept_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    token = signing.sign_in(account(), PASSWORD, client()).token
    whole = sessions.actor_from

    def slow(row: Any) -> Any:
        sessions.forget_all(tell=False)
        return whole(row)

    monkeypatch.setattr(sessions, "actor_from", slow)
    sessions.find_actor(token, "")
    assert sessions.recall_actor(token, "") is None


def test_recovery_says_nothing_about_an_unknown_address(db: psycopg.Connection[Any]) -> None:
    before = db.execute("select count(*) from outbox").fetchone()
    recovery.ask_recovery(fresh_email(), client())
    assert db.execute("select count(*) from outbox").fetchone() == before


def test_a_reset_link_sets_a_password_once_and_ends_every_session() -> None:
    email = account()
    old = signing.sign_in(email, PASSWORD, client()).token
    token = link(email, TokenPurpose.RESET_PASSWORD)
    recovery.reset_password(token, NEW)
    assert sessions.find_actor(old, "").person_id is None
    assert signing.sign_in(email, NEW, client()).token
    with pytest.raises(LinkNotValid):
        recovery.reset_password(token, PASSWORD)


def test_a_refused_new_password_leaves_the_link_good() -> None:
    email = account()
    token = link(email, TokenPurpose.RESET_PASSWORD)
    with pytest.raises(PasswordTooShort):
        recovery.reset_password(token, "short")
    recovery.reset_password(token, NEW)


def test_a_reset_link_lapses_after_an_hour() -> None:
    token = link(account(), TokenPurpose.RESET_PASSWORD)
    with clock.travel(clock.now() + timedelta(minutes=61)), pytest.raises(LinkNotValid):
        recovery.reset_password(token, NEW)


def test_changing_the_password_keeps_this_session_and_ends_the_others() -> None:
    email = account()
    other = signing.sign_in(email, PASSWORD, client()).token
    mine = signing.sign_in(email, PASSWORD, client()).token
    recovery.change_password(sessions.find_actor(mine, ""), client(), current=PASSWORD, password=NEW)
    assert sessions.find_actor(other, "").person_id is None
    assert sessions.find_actor(mine, "").person_id == person_id(email)


def test_changing_the_password_needs_the_current_one() -> None:
    with pytest.raises(WrongPassword):
        recovery.change_password(signed_in(account()), client(), current="not this one", password=NEW)


def test_a_deactivated_account_does_not_enter() -> None:
    email = account()
    recovery.deactivate_account(signed_in(email), client(), password=PASSWORD)
    with pytest.raises(signing.Deactivated):
        signing.sign_in(email, PASSWORD, client())


def test_the_only_owner_of_a_workspace_does_not_leave_it() -> None:
    email = account(form=professional_form(fresh_email()))
    tenant(email)
    with pytest.raises(LastOwner):
        recovery.deactivate_account(signed_in(email), client(), password=PASSWORD)


def test_a_new_browser_is_told_to_the_owner(db: psycopg.Connection[Any]) -> None:
    email = account()
    signed_in(email)
    signing.sign_in(email, PASSWORD, Client("10.9.9.9", "Another/1.0"))
    query = "select count(*) from outbox where kind = 'account.signed_in_elsewhere' and payload ->> 'person_id' = %s"
    assert db.execute(query, [str(person_id(email))]).fetchone() == (1,)
