"""A proved telephone, a question of one's own, and recovering an account with both: never with one alone (MC-015, MC-018)."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import TooMany
from carehub.integrations import texts
from carehub.integrations.texts_sink import Sink
from carehub.models.identity import TokenPurpose
from carehub.services.identity import contact_number, recovery, second_check, signing
from carehub.services.identity.contact_number import CodeWrong, TextsOff
from carehub.services.identity.errors import ProofNeeded, WrongPassword
from carehub.services.identity.second_check import AnswerNeeded, AnswerTooShort, NumberNeeded, QuestionForm
from carehub.services.notify import deliver, gateways, handlers
from tests.identity.people import PASSWORD, account, client, fresh_email, link, professional_form, signed_in

assert handlers.APPOINTMENT_EVENTS  # importing registers them

NUMBER = "+33612345678"
NEW = "encore quatre autres mots"


@pytest.fixture(autouse=True)
def carrier(worker_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """The platform has an account with a carrier; nothing of earlier tests is due."""
    with psycopg.connect(worker_database, autocommit=True) as admin:
        admin.execute("UPDATE delivery SET status = 'withdrawn' WHERE status IN ('scheduled', 'sending')")
        admin.execute("UPDATE outbox SET done_at = now() WHERE done_at IS NULL")
    server = Sink(0, tmp_path / "texts", reports=False)
    own = SimpleNamespace(
        sms_url=f"http://127.0.0.1:{server.server_port}", sms_account="AC" + "0" * 32, sms_token="t", sms_from="+33600000000",
        secret=b"secret",
    )  # fmt: skip
    for module in (texts, gateways, contact_number):
        monkeypatch.setattr(module, "settings", own)
    monkeypatch.setattr("carehub.integrations.mail.send", lambda letter: None)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def code(carrier: Sink) -> str:
    """What the last text message says."""
    outbox.drain()
    deliver.send_due()
    body = carrier.box.all()[0].body
    return next(word.strip(".") for word in body.split() if word.strip(".").isdigit())


def prove(who: Actor, carrier: Sink) -> None:
    perform(contact_number.ask_number, who, phone="06 12 34 56 78")
    assert perform(contact_number.confirm_number, who, code=code(carrier))


def ask_question(who: Actor, **over: Any) -> None:
    given = {"question": "Premier animal ?", "answer": "Été à Rabat", "proof": PASSWORD, **over}
    second_check.save_question(who, client(), form=QuestionForm.model_validate(given))


def ready(carrier: Sink, **over: Any) -> str:
    """An account with a proved number and a question."""
    email = account(**over)
    who = signed_in(email)
    prove(who, carrier)
    ask_question(who)
    return email


def test_a_number_counts_once_its_code_was_typed(carrier: Sink) -> None:
    who = signed_in(account())
    view = perform(contact_number.ask_number, who, phone="06 12 34 56 78")
    assert (view.hint, view.proved) == ("+336 •• •• 78", False)
    sent = code(carrier)
    assert carrier.box.all()[0].to == NUMBER
    assert not perform(contact_number.confirm_number, who, code="000000" if sent != "000000" else "111111")
    assert perform(contact_number.confirm_number, who, code=f"{sent[:3]} {sent[3:]}")
    assert perform(contact_number.my_number, who).proved
    assert not perform(contact_number.confirm_number, who, code=sent)


def test_a_code_lapses_and_dies_after_five_tries(carrier: Sink) -> None:
    who = signed_in(account())
    perform(contact_number.ask_number, who, phone=NUMBER)
    sent = code(carrier)
    with clock.travel(clock.now() + timedelta(minutes=11)):
        assert not perform(contact_number.confirm_number, who, code=sent)
    for _ in range(contact_number.TRIES):
        assert not perform(contact_number.confirm_number, who, code="x")
    assert not perform(contact_number.confirm_number, who, code=sent)


def test_a_number_needs_a_recent_proof_and_a_carrier(carrier: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    who = signed_in(account())
    with clock.travel(clock.now() + timedelta(minutes=11)), pytest.raises(ProofNeeded):
        perform(contact_number.ask_number, who, phone=NUMBER)
    monkeypatch.setattr(contact_number, "settings", SimpleNamespace(sms_account="", secret=b"secret"))
    with pytest.raises(TextsOff):
        perform(contact_number.ask_number, who, phone=NUMBER)


def test_an_account_is_recovered_by_code_and_answer(carrier: Sink) -> None:
    email = ready(carrier)
    recovery.ask_recovery_by_text(email, client())
    done = recovery.reset_by_text(email, code(carrier), NEW, client(), answer="ete a RABAT")
    assert done.challenge == ""
    assert signing.sign_in(email, NEW, client()).token


def test_neither_the_code_nor_the_answer_is_enough(carrier: Sink) -> None:
    email = ready(carrier)
    recovery.ask_recovery_by_text(email, client())
    sent = code(carrier)
    with pytest.raises(AnswerNeeded) as refusal:
        recovery.reset_by_text(email, sent, NEW, client(), answer="something else")
    assert refusal.value.params["question"] == "Premier animal ?"
    with pytest.raises(CodeWrong):
        recovery.reset_by_text(email, "x", NEW, client(), answer="Été à Rabat")
    assert signing.sign_in(email, PASSWORD, client()).token


def test_without_a_question_no_code_leaves(carrier: Sink) -> None:
    email = account()
    prove(signed_in(email), carrier)
    recovery.ask_recovery_by_text(email, client())
    recovery.ask_recovery_by_text("nobody@example.com", client())
    outbox.drain()
    deliver.send_due()
    assert len(carrier.box.all()) == 1


def test_a_code_recovers_once(carrier: Sink) -> None:
    email = ready(carrier)
    recovery.ask_recovery_by_text(email, client())
    sent = code(carrier)
    recovery.reset_by_text(email, sent, NEW, client(), answer="Été à Rabat")
    with pytest.raises(CodeWrong):
        recovery.reset_by_text(email, sent, PASSWORD, client(), answer="Été à Rabat")


def test_guesses_are_counted_as_wrong_passwords(carrier: Sink) -> None:
    email = ready(carrier)
    for _ in range(5):
        with pytest.raises(CodeWrong):
            recovery.reset_by_text(email, "x", NEW, client(), answer="Été à Rabat")
    with pytest.raises(TooMany):
        recovery.reset_by_text(email, "x", NEW, client(), answer="Été à Rabat")


def test_a_registered_professional_types_the_number_too(carrier: Sink) -> None:
    email = ready(carrier, form=professional_form(fresh_email()))
    recovery.ask_recovery_by_text(email, client())
    sent = code(carrier)
    with pytest.raises(NumberNeeded):
        recovery.reset_by_text(email, sent, NEW, client(), answer="Été à Rabat")
    recovery.reset_by_text(email, sent, NEW, client(), answer="Été à Rabat", number="1000 3456 786")
    assert signing.sign_in(email, NEW, client()).token


def test_the_mailed_link_asks_the_question_too(carrier: Sink) -> None:
    email = account()
    ask_question(signed_in(email))
    token = link(email, TokenPurpose.RESET_PASSWORD)
    with pytest.raises(AnswerNeeded):
        recovery.reset_password(token, NEW, client())
    recovery.reset_password(token, NEW, client(), answer="Ete a Rabat")
    assert signing.sign_in(email, NEW, client()).token


def test_a_question_is_kept_with_the_password_only_and_its_answer_as_a_hash(
    carrier: Sink, db: psycopg.Connection
) -> None:
    who = signed_in(account())
    with pytest.raises(WrongPassword):
        ask_question(who, proof="not this one")
    with pytest.raises(AnswerTooShort):
        ask_question(who, answer="à")
    with pytest.raises(AnswerTooShort):
        ask_question(who, answer="animal")
    ask_question(who)
    assert perform(second_check.my_question, who).question == "Premier animal ?"
    row = db.execute("select answer_hash from recovery_question where person_id = %s", (who.person_id,)).fetchone()
    assert row is not None
    assert row[0].startswith("$argon2id$")
