"""Signing in through an OpenID provider that answers over HTTP on this machine."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import psycopg
import pytest

from carehub.core import clock
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.services.identity import oidc, providers, sessions, signing
from carehub.services.identity.errors import (
    CodeNeeded,
    IssuerNotValid,
    LinkNotValid,
    NotConnected,
    ProofNeeded,
    ProviderFailed,
    SecretNeeded,
    WrongCredentials,
)
from carehub.services.identity.providers import (
    Provider,
    ProviderForm,
    check_address,
    read_provider,
    remove_provider,
    save_provider,
)
from tests.identity.people import (
    PASSWORD,
    account,
    client,
    fresh_email,
    person_id,
    professional_form,
    signed_in,
    tenant,
)
from tests.identity.test_second_factor import Enrolled

_subjects = itertools.count(1)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def google(issuer: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A provider whose word about addresses counts."""
    made = Provider("google", "Google", issuer, "our-client", "our-secret", vouches=True)
    monkeypatch.setattr(providers, "platform_providers", lambda: [made])
    return issuer


def known_there(issuer: str, email: str, *, verified: bool = True) -> str:
    """A person whom the provider knows; answers their subject."""
    subject = f"subject-{next(_subjects)}"
    claims = {"email": email, "email_verified": verified, "name": "Lina Haddad"}
    httpx.put(f"{issuer}/users/{subject}", json=claims).raise_for_status()
    return subject


def agree(url: str, subject: str) -> tuple[str, str]:
    """What the person does at the provider: (code, state) of the way back."""
    answer = httpx.post(url, data={"sub": subject})
    told = parse_qs(urlsplit(answer.headers["location"]).query)
    return told["code"][0], told["state"][0]


def through(
    subject: str, *, ref: str = "google", connecting: Actor | None = None, actor: Actor = VISITOR, **over: Any
) -> oidc.Back:
    away = oidc.begin(ref, next_path="/me/appointments", connecting=connecting)
    code, state = agree(away.url, subject)
    return oidc.finish(state, away.state, code, client(), actor=connecting or actor, **over)


def who(done: oidc.Back) -> object:
    assert done.entered is not None
    return sessions.find_actor(done.entered.token, "").person_id


def test_a_confirmed_address_finds_its_account(google: str) -> None:
    email = account()
    done = through(known_there(google, email))
    assert who(done) == person_id(email)
    assert done.next_path == "/me/appointments"


def test_someone_new_gets_an_account_without_a_password(google: str) -> None:
    email = fresh_email()
    subject = known_there(google, email)
    assert who(through(subject)) == person_id(email)
    assert who(through(subject)) == person_id(email)
    with pytest.raises(WrongCredentials):
        signing.sign_in(email, "", client())


def test_an_address_that_the_provider_did_not_confirm_finds_nobody(google: str) -> None:
    with pytest.raises(NotConnected):
        through(known_there(google, account(), verified=False))


def test_the_way_there_carries_pkce_and_a_nonce_and_no_secret(google: str) -> None:
    url = oidc.begin("google").url
    asked = parse_qs(urlsplit(url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["nonce"]
    assert asked["code_challenge"]
    assert "our-secret" not in url


def test_a_state_is_used_once(google: str) -> None:
    away = oidc.begin("google")
    code, state = agree(away.url, known_there(google, account()))
    oidc.finish(state, away.state, code, client(), actor=VISITOR)
    with pytest.raises(LinkNotValid):
        oidc.finish(state, away.state, code, client(), actor=VISITOR)


@pytest.mark.parametrize("kept", ["", "another", "é"])
def test_a_state_of_another_browser_is_refused(google: str, kept: str) -> None:
    away = oidc.begin("google")
    code, state = agree(away.url, known_there(google, account()))
    with pytest.raises(LinkNotValid):
        oidc.finish(state, kept, code, client(), actor=VISITOR)


def test_a_state_lapses(google: str) -> None:
    away = oidc.begin("google")
    code, state = agree(away.url, known_there(google, account()))
    with clock.travel(clock.now() + timedelta(minutes=11)), pytest.raises(LinkNotValid):
        oidc.finish(state, away.state, code, client(), actor=VISITOR)


def test_a_code_of_another_attempt_is_refused(google: str) -> None:
    """Its verifier and its nonce are not this attempt's."""
    first, second = oidc.begin("google"), oidc.begin("google")
    code, _ = agree(first.url, known_there(google, account()))
    with pytest.raises(ProviderFailed):
        oidc.finish(second.state, second.state, code, client(), actor=VISITOR)


@pytest.mark.parametrize("code", ["", "made up"])
def test_a_code_that_the_provider_never_gave_is_refused(google: str, code: str) -> None:
    away = oidc.begin("google")
    with pytest.raises(ProviderFailed):
        oidc.finish(away.state, away.state, code, client(), actor=VISITOR)


def test_a_token_for_someone_elses_client_is_refused(google: str, monkeypatch: pytest.MonkeyPatch) -> None:
    away = oidc.begin("google")
    code, state = agree(away.url, known_there(google, account()))
    real = providers.platform_providers()[0]
    claims = oidc.jwt.JWTClaimsRegistry

    def other(**asked: Any) -> Any:
        return claims(**{**asked, "aud": {"essential": True, "value": "another-client"}})

    monkeypatch.setattr(oidc.jwt, "JWTClaimsRegistry", other)
    with pytest.raises(ProviderFailed):
        oidc.finish(state, away.state, code, client(), actor=VISITOR)
    assert real.client_id == "our-client"


def test_the_second_step_is_asked_here_too(google: str) -> None:
    one = Enrolled()
    subject = known_there(google, one.email)
    with pytest.raises(CodeNeeded) as waiting:
        through(subject)
    assert signing.finish_sign_in(waiting.value.challenge, one.codes[0], client()).entered.token


def test_a_provider_that_is_down_is_said_plainly(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    gone = Provider("google", "Google", "http://localhost:9", "c", "s", vouches=True)
    monkeypatch.setattr(providers, "platform_providers", lambda: [gone])
    with pytest.raises(ProviderFailed):
        oidc.begin("google")
    monkeypatch.setattr(providers, "platform_providers", lambda: [replace(gone, issuer=f"{issuer}/elsewhere")])
    with pytest.raises(ProviderFailed):
        oidc.begin("google")


@pytest.mark.parametrize(
    "address",
    ["http://example.com", "https://127.0.0.1", "https://169.254.169.254/x", "https://10.0.0.8", "https://[::1]",
     "https://u:p@example.com", "ftp://example.com", "https://", "file:///etc/passwd", "http://127.0.0.2"],
)  # fmt: skip
def test_our_server_opens_nothing_inside(address: str) -> None:
    with pytest.raises(IssuerNotValid):
        check_address(address)


class House:
    """A tenant with its own provider."""

    def __init__(self, issuer: str) -> None:
        self.owner = account(form=professional_form(fresh_email()))
        self.here = tenant(self.owner)
        self.boss = signed_in(self.owner, self.here.slug)
        self.ref = f"t:{self.here.slug}"
        self.form = ProviderForm(name="Maison", issuer=issuer, client_id="house", secret="house-secret")
        perform(save_provider, self.boss, form=self.form)


def test_a_tenants_provider_signs_in_who_connected_it(issuer: str) -> None:
    house = House(issuer)
    subject = known_there(issuer, house.owner)
    with pytest.raises(NotConnected):
        through(subject, ref=house.ref)
    assert through(subject, ref=house.ref, connecting=house.boss).entered is None
    assert who(through(subject, ref=house.ref)) == person_id(house.owner)


def test_a_tenants_provider_cannot_speak_for_addresses(issuer: str) -> None:
    """Its administrator writes what it says: it must not open the accounts of others."""
    victim = account()
    with pytest.raises(NotConnected):
        through(known_there(issuer, victim), ref=House(issuer).ref)


def test_one_connection_belongs_to_one_person(issuer: str) -> None:
    house = House(issuer)
    subject = known_there(issuer, house.owner)
    through(subject, ref=house.ref, connecting=house.boss)
    with pytest.raises(NotConnected):
        through(subject, ref=house.ref, connecting=signed_in(account()))


def test_connecting_needs_a_fresh_proof_and_the_same_person(issuer: str) -> None:
    house = House(issuer)
    away = oidc.begin(house.ref, connecting=house.boss)
    code, state = agree(away.url, known_there(issuer, house.owner))
    with pytest.raises(LinkNotValid):
        oidc.finish(state, away.state, code, client(), actor=signed_in(account()))
    with clock.travel(clock.now() + timedelta(minutes=11)), pytest.raises(ProofNeeded):
        oidc.begin(house.ref, connecting=house.boss)


def test_the_secret_is_encrypted_and_never_read_back(db: psycopg.Connection[Any], issuer: str) -> None:
    house = House(issuer)
    assert perform(read_provider, house.boss).secret == ""
    for table in ("login_provider", "audit_log", "oidc_attempt"):
        rows = "".join(row for (row,) in db.execute(f"select t::text from {table} t").fetchall())
        assert "house-secret" not in rows
        assert b"house-secret".hex() not in rows


def test_a_stored_secret_is_not_sent_to_another_issuer(issuer: str) -> None:
    house = House(issuer)
    perform(save_provider, house.boss, form=house.form.model_copy(update={"secret": "", "name": "Autre nom"}))
    assert perform(read_provider, house.boss).name == "Autre nom"
    moved = house.form.model_copy(update={"secret": "", "issuer": issuer.replace("localhost", "127.0.0.1")})
    with pytest.raises(SecretNeeded):
        perform(save_provider, house.boss, form=moved)


def test_a_removed_provider_opens_nothing(issuer: str) -> None:
    house = House(issuer)
    perform(remove_provider, house.boss)
    with pytest.raises(NotFound):
        oidc.begin(house.ref)


def test_the_password_still_works_beside_it(google: str) -> None:
    email = account()
    through(known_there(google, email))
    assert signing.sign_in(email, PASSWORD, client()).token
