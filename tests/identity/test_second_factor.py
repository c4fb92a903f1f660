"""Two-step sign-in: every way in asks for the code, and a code serves once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pyotp
import pytest

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotFound, TooMany
from carehub.core.roles import Role
from carehub.models.identity import TokenPurpose
from carehub.services.identity import codes, recovery, sessions, signing, step_up
from carehub.services.identity.account import my_logins
from carehub.services.identity.attempts import Client
from carehub.services.identity.errors import (
    CodeNeeded,
    FactorState,
    LinkNotValid,
    ProofNeeded,
    WrongCode,
    WrongPassword,
)
from carehub.services.identity.second_factor import (
    begin_factor,
    confirm_factor,
    factor_picture,
    forget_devices,
    my_factor,
    renew_codes,
    switch_factor_off,
)
from tests.identity.people import PASSWORD, account, client, link, person_id, signed_in

NEW = "encore quatre autres mots"


def code_of(secret: str, *, steps: int = 0) -> str:
    """What the telephone shows now, or `steps` half-minutes from now."""
    return pyotp.TOTP(secret.replace(" ", "")).at(clock.now() + timedelta(seconds=codes.STEP * steps))


class Enrolled:
    """An account whose second step is on, a minute ago."""

    def __init__(self) -> None:
        self.email = account()
        self.actor = signed_in(self.email)
        self.secret = perform(begin_factor, self.actor)
        with clock.travel(clock.now() - timedelta(minutes=2)):
            self.codes = perform(confirm_factor, self.actor, code=code_of(self.secret))

    def challenge(self, where: Client | None = None, device: str = "") -> str:
        with pytest.raises(CodeNeeded) as waiting:
            signing.sign_in(self.email, PASSWORD, where or client(), device=device)
        return waiting.value.challenge


@pytest.fixture
def one() -> Enrolled:
    return Enrolled()


def test_password_then_code_opens_a_session(one: Enrolled) -> None:
    done = signing.finish_sign_in(one.challenge(), code_of(one.secret), client())
    assert sessions.find_actor(done.entered.token, "").person_id == person_id(one.email)
    assert done.device == ""


def test_the_password_alone_opens_nothing(db: psycopg.Connection[Any], one: Enrolled) -> None:
    query = "select count(*) from session where person_id = %s"
    before = db.execute(query, [person_id(one.email)]).fetchone()
    one.challenge()
    assert db.execute(query, [person_id(one.email)]).fetchone() == before


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_that_is_half_a_minute_off_is_forgiven(one: Enrolled, steps: int) -> None:
    assert signing.finish_sign_in(one.challenge(), code_of(one.secret, steps=steps), client()).entered.token


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_clock_that_is_further_off_is_not(one: Enrolled, steps: int) -> None:
    with pytest.raises(WrongCode):
        signing.finish_sign_in(one.challenge(), code_of(one.secret, steps=steps), client())


def test_a_code_serves_once(one: Enrolled) -> None:
    code = code_of(one.secret)
    signing.finish_sign_in(one.challenge(), code, client())
    with pytest.raises(WrongCode):
        signing.finish_sign_in(one.challenge(), code, client())


def test_an_older_code_does_not_serve_after_a_newer_one(one: Enrolled) -> None:
    signing.finish_sign_in(one.challenge(), code_of(one.secret, steps=1), client())
    with pytest.raises(WrongCode):
        signing.finish_sign_in(one.challenge(), code_of(one.secret), client())


@pytest.mark.parametrize("typed", ["", "000", "abcdef", "١٢٣٤٥٦", "1234567", "x" * 900])
def test_what_is_no_code_is_refused(one: Enrolled, typed: str) -> None:
    with pytest.raises(WrongCode) as refusal:
        signing.finish_sign_in(one.challenge(), typed, client())
    assert refusal.value.field == "code"


def test_a_printed_code_serves_once_however_it_is_typed(one: Enrolled) -> None:
    typed = one.codes[0].replace("-", " ").upper()
    assert signing.finish_sign_in(one.challenge(), typed, client()).entered.token
    with pytest.raises(WrongCode):
        signing.finish_sign_in(one.challenge(), one.codes[0], client())
    assert perform(my_factor, one.actor).codes_left == 9


def test_anothers_printed_code_does_not_serve(one: Enrolled) -> None:
    with pytest.raises(WrongCode):
        signing.finish_sign_in(one.challenge(), Enrolled().codes[0], client())


def test_a_challenge_is_finished_once_and_lapses_after_ten_minutes(one: Enrolled) -> None:
    challenge = one.challenge()
    signing.finish_sign_in(challenge, code_of(one.secret), client())
    with pytest.raises(LinkNotValid):
        signing.finish_sign_in(challenge, one.codes[0], client())
    challenge = one.challenge()
    with clock.travel(clock.now() + timedelta(minutes=11)), pytest.raises(LinkNotValid):
        signing.finish_sign_in(challenge, code_of(one.secret), client())


def test_knowing_the_password_does_not_buy_more_guesses(one: Enrolled) -> None:
    """The right password in between does not clear the count of wrong codes."""
    for _ in range(5):
        with pytest.raises(WrongCode):
            signing.finish_sign_in(one.challenge(), "000000", client())
    with pytest.raises(TooMany):
        signing.sign_in(one.email, PASSWORD, client())


def test_a_wrong_code_is_in_the_history(one: Enrolled) -> None:
    with pytest.raises(WrongCode):
        signing.finish_sign_in(one.challenge(), "000000", client())
    assert perform(my_logins, one.actor)[0].outcome == "wrong_code"


def test_a_trusted_device_is_not_asked_for_thirty_days(one: Enrolled) -> None:
    device = signing.finish_sign_in(one.challenge(), code_of(one.secret), client(), trust=True).device
    assert signing.sign_in(one.email, PASSWORD, client(), device=device).token
    assert perform(my_factor, one.actor).devices == 1
    with clock.travel(clock.now() + timedelta(days=31)):
        one.challenge(device=device)
    perform(forget_devices, one.actor)
    one.challenge(device=device)


def test_someone_elses_device_is_asked(one: Enrolled) -> None:
    other = Enrolled()
    device = signing.finish_sign_in(other.challenge(), code_of(other.secret), client(), trust=True).device
    one.challenge(device=device)


def test_a_new_password_by_mail_still_asks_for_the_code(one: Enrolled) -> None:
    device = signing.finish_sign_in(one.challenge(), code_of(one.secret), client(), trust=True).device
    done = recovery.reset_password(link(one.email, TokenPurpose.RESET_PASSWORD), NEW)
    assert signing.finish_sign_in(done.challenge, one.codes[0], client()).entered.person_id == done.person_id
    with pytest.raises(CodeNeeded):
        signing.sign_in(one.email, NEW, client(), device=device)


def test_a_token_of_another_purpose_is_no_challenge(one: Enrolled) -> None:
    with pytest.raises(LinkNotValid):
        signing.finish_sign_in(link(one.email, TokenPurpose.RESET_PASSWORD), code_of(one.secret), client())


def test_it_is_on_only_after_a_first_right_code() -> None:
    email = account()
    actor = signed_in(email)
    perform(begin_factor, actor)
    with pytest.raises(WrongCode):
        perform(confirm_factor, actor, code="000000")
    assert not perform(my_factor, actor).on
    assert signing.sign_in(email, PASSWORD, client()).token


def test_the_picture_holds_the_secret_while_it_is_set_up_only() -> None:
    actor = signed_in(account())
    with pytest.raises(NotFound):
        perform(factor_picture, actor)
    secret = perform(begin_factor, actor)
    assert perform(factor_picture, actor).startswith(b"<svg")
    perform(confirm_factor, actor, code=code_of(secret))
    with pytest.raises(NotFound):
        perform(factor_picture, actor)
    with pytest.raises(FactorState):
        perform(begin_factor, actor)


def test_new_printed_codes_end_the_old_ones(one: Enrolled) -> None:
    fresh = perform(renew_codes, one.actor)
    assert len(set(fresh)) == 10
    with pytest.raises(WrongCode):
        signing.finish_sign_in(one.challenge(), one.codes[0], client())
    assert signing.finish_sign_in(one.challenge(), fresh[0], client()).entered.token


def test_switching_it_off_asks_for_a_fresh_proof_and_tells_by_mail(db: psycopg.Connection[Any], one: Enrolled) -> None:
    with clock.travel(clock.now() + timedelta(minutes=11)):
        with pytest.raises(ProofNeeded):
            perform(switch_factor_off, one.actor)
        step_up.prove(one.actor, client(), code=code_of(one.secret))
        perform(switch_factor_off, one.actor)
    assert signing.sign_in(one.email, PASSWORD, client()).token
    query = "select count(*) from outbox where kind = 'account.second_step_off' and payload ->> 'person_id' = %s"
    assert db.execute(query, [str(person_id(one.email))]).fetchone() == (1,)


def test_secrets_and_codes_are_not_kept_in_clear(db: psycopg.Connection[Any], one: Enrolled) -> None:
    kept = ""
    for table in ("second_factor", "recovery_code", "trusted_device", "account_token", "audit_log", "outbox"):
        kept += "".join(row for (row,) in db.execute(f"select t::text from {table} t").fetchall())
    plain = one.secret.replace(" ", "")
    for secret in (plain, plain.encode().hex(), *one.codes, *(c.replace("-", "") for c in one.codes)):
        assert secret not in kept


def guarded(actor: Actor) -> None:
    with unit_of_work(actor, Role.ME) as session:
        step_up.check_recent_proof(session, actor)


def test_signing_in_proves_for_ten_minutes() -> None:
    email = account()
    actor = signed_in(email)
    guarded(actor)
    with clock.travel(clock.now() + timedelta(minutes=11)):
        with pytest.raises(ProofNeeded):
            guarded(actor)
        with pytest.raises(WrongPassword):
            step_up.prove(actor, client(), password="not this one")
        with pytest.raises(ProofNeeded):
            guarded(actor)
        step_up.prove(actor, client(), password=PASSWORD)
        guarded(actor)


def test_where_the_second_step_is_on_the_password_does_not_prove(one: Enrolled) -> None:
    with clock.travel(clock.now() + timedelta(minutes=11)):
        with pytest.raises(WrongCode):
            step_up.prove(one.actor, client(), password=PASSWORD)
        step_up.prove(one.actor, client(), code=code_of(one.secret))
        guarded(one.actor)


def test_one_sessions_proof_does_not_serve_another() -> None:
    email = account()
    early = signed_in(email)
    with clock.travel(clock.now() + timedelta(minutes=11)):
        signed_in(email)
        with pytest.raises(ProofNeeded):
            guarded(early)


def test_an_api_token_proves_nothing_and_the_system_needs_no_proof() -> None:
    with pytest.raises(ProofNeeded):
        guarded(Actor(person_id=person_id(account())))
    guarded(system(UUID(int=0)))
