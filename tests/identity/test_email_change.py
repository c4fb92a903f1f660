"""A change of address: the new mailbox confirms, the old one is told and may stop it."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from carehub.core import clock, outbox
from carehub.core.db import perform
from carehub.models.identity import TokenPurpose
from carehub.services.identity import email_change, sessions, signing
from carehub.services.identity.account import my_email
from carehub.services.identity.email_change import ask_email_change, confirm_email_change, keep_email
from carehub.services.identity.errors import LinkNotValid, ProofNeeded, SameAddress, WrongCredentials
from carehub.services.notify import deliver, handlers  # noqa: F401 -- registers who is told
from tests.identity.people import PASSWORD, account, client, fresh_email, link, signed_in


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is mailed from now on."""
    sent: list[Any] = []
    outbox.drain()
    monkeypatch.setattr(deliver.mail, "send", sent.append)
    deliver.send_due()
    sent.clear()
    return sent


def links(post: list[Any], to: str) -> list[str]:
    """The links about a change that were mailed to an address."""
    outbox.drain()
    deliver.send_due()
    return [word for mail in post if mail.to == to for word in mail.text.split() if "/email/" in word]


def mailed(post: list[Any], to: str) -> str:
    """The secret of the last of them."""
    address = links(post, to)[-1]
    return parse_qs(urlsplit(address).query)["token"][0]


def test_the_new_mailbox_confirms_and_the_old_one_is_told(post: list[Any]) -> None:
    old, new = account(), fresh_email()
    actor = signed_in(old)
    ask_email_change(actor, client(), email=new)
    assert perform(my_email, actor) == old
    token = mailed(post, new)
    assert "/email/keep" in links(post, old)[0]
    confirm_email_change(token)
    assert perform(my_email, actor) == new
    assert signing.sign_in(new, PASSWORD, client()).token
    with pytest.raises(WrongCredentials):
        signing.sign_in(old, PASSWORD, client())
    with pytest.raises(LinkNotValid):
        confirm_email_change(token)


def test_the_old_mailbox_stops_it_and_signs_everyone_out(post: list[Any]) -> None:
    old, new = account(), fresh_email()
    cookie = signing.sign_in(old, PASSWORD, client()).token
    ask_email_change(sessions.find_actor(cookie, ""), client(), email=new)
    to_new, to_old = mailed(post, new), mailed(post, old)
    keep_email(to_old)
    assert sessions.find_actor(cookie, "").person_id is None
    with pytest.raises(LinkNotValid):
        confirm_email_change(to_new)
    assert signing.sign_in(old, PASSWORD, client()).token


def test_an_address_that_is_taken_gets_no_link_and_is_not_betrayed(post: list[Any]) -> None:
    mine, other = account(), account()
    ask_email_change(signed_in(mine), client(), email=other)
    assert links(post, mine)
    assert links(post, other) == []


def test_an_address_taken_meanwhile_is_refused(post: list[Any]) -> None:
    new = fresh_email()
    ask_email_change(signed_in(account()), client(), email=new)
    token = mailed(post, new)
    account(new)
    with pytest.raises(LinkNotValid):
        confirm_email_change(token)


def test_a_link_serves_the_address_it_was_mailed_to_only(post: list[Any]) -> None:
    """A mail that leaves late does not confirm the address that was asked for after it."""
    mine, first, second = account(), fresh_email(), fresh_email()
    actor = signed_in(mine)
    ask_email_change(actor, client(), email=first)
    outbox.drain()  # planned, not sent
    ask_email_change(actor, client(), email=second)
    late = mailed(post, first)
    with pytest.raises(LinkNotValid):
        confirm_email_change(late)
    assert perform(my_email, actor) == mine


def test_links_lapse(post: list[Any]) -> None:
    old, new = account(), fresh_email()
    ask_email_change(signed_in(old), client(), email=new)
    to_new, to_old = mailed(post, new), mailed(post, old)
    with clock.travel(clock.now() + timedelta(hours=25)), pytest.raises(LinkNotValid):
        confirm_email_change(to_new)
    with clock.travel(clock.now() + timedelta(hours=73)), pytest.raises(LinkNotValid):
        keep_email(to_old)


def test_it_needs_a_fresh_proof_and_another_address() -> None:
    email = account()
    actor = signed_in(email)
    with pytest.raises(SameAddress):
        ask_email_change(actor, client(), email=email.upper())
    with clock.travel(clock.now() + timedelta(minutes=11)), pytest.raises(ProofNeeded):
        ask_email_change(actor, client(), email=fresh_email())


@pytest.mark.parametrize("purpose", [TokenPurpose.RESET_PASSWORD, TokenPurpose.KEEP_EMAIL])
def test_a_link_of_another_purpose_confirms_nothing(purpose: TokenPurpose) -> None:
    with pytest.raises(LinkNotValid):
        email_change.confirm_email_change(link(account(), purpose))


def test_addresses_are_not_kept_in_clear(db: psycopg.Connection[Any], post: list[Any]) -> None:
    new = fresh_email()
    ask_email_change(signed_in(account()), client(), email=new)
    mailed(post, new)
    for table in ("email_change", "delivery", "outbox", "audit_log"):
        assert all(new not in row for (row,) in db.execute(f"select t::text from {table} t").fetchall()), table
