"""Signing in through an OpenID provider: authorization code with PKCE, nonce, and a state that is used once by the same browser."""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.crypto import PERSONS, decrypt, encrypt, hash_token
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.models.access import ExternalIdentity, OidcAttempt
from carehub.models.identity import LoginOutcome, Person
from carehub.services.identity import accounts, signing
from carehub.services.identity.attempts import Client, record
from carehub.services.identity.errors import CodeNeeded, LinkNotValid, NotConnected, ProviderFailed
from carehub.services.identity.providers import Provider, check_address, find_provider
from carehub.services.identity.registration import confirm_email
from carehub.services.identity.rules import local_path
from carehub.services.identity.signing import SignedIn
from carehub.services.identity.step_up import check_recent_proof

ATTEMPT = timedelta(minutes=10)
SEALED = "oidc_attempt.sealed"
ALGORITHMS = ["RS256", "ES256", "PS256"]
PATIENCE = 10.0  # seconds for each answer of a provider
SKEW = 60  # seconds that a provider's clock may be off


@dataclass(frozen=True)
class Away:
    """Where the browser goes, and the state that it keeps in a cookie."""

    url: str
    state: str


@dataclass(frozen=True)
class Back:
    """`entered` is None when someone who was signed in has connected a provider."""

    entered: SignedIn | None
    next_path: str
    provider: str = ""


def redirect_uri() -> str:
    """What is registered at the provider."""
    return f"{settings.url}/api/oidc/back"


def _described(provider: Provider) -> dict[str, Any]:
    """What the provider says of itself. Raises ProviderFailed."""
    try:
        check_address(provider.issuer)
        answer = httpx.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=PATIENCE)
        told = answer.raise_for_status().json()
        if str(told["issuer"]).rstrip("/") != provider.issuer:
            raise ProviderFailed
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            check_address(str(told[name]))
        return dict(told)
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise ProviderFailed from error


def begin(ref: str, *, next_path: str = "", connecting: Actor | None = None) -> Away:
    """Start a sign-in at a provider, or, for someone signed in, the connection of one to their account.

    Raises NotFound, ProviderFailed, and ProofNeeded when connecting.
    """
    with unit_of_work(connecting or system(), Role.AUTH) as session:
        if connecting is not None:
            check_recent_proof(session, connecting)
        provider = find_provider(session, ref)
    told = _described(provider)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    client = _client(provider)
    url, _ = client.create_authorization_url(
        told["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
    )
    made = OidcAttempt(
        state_hash=hash_token(state),
        provider=ref,
        sealed=encrypt(PERSONS, SEALED, json.dumps([nonce, verifier])),
        next_path=local_path(next_path),
        person_id=connecting.person_id if connecting is not None else None,
        expires_at=clock.now() + ATTEMPT,
    )
    with unit_of_work(system(), Role.AUTH) as session:
        session.add(made)
    return Away(url, state)


def _client(provider: Provider) -> OAuth2Client:
    return OAuth2Client(
        provider.client_id,
        provider.secret,
        scope="openid email profile",
        redirect_uri=redirect_uri(),
        code_challenge_method="S256",
        timeout=PATIENCE,
    )


def finish(state: str, kept: str, code: str, client: Client, *, actor: Actor, device: str = "") -> Back:
    """The browser comes back. `kept` is its cookie: the state must be its own, of the last ten minutes, and unused.

    Raises LinkNotValid, ProviderFailed, NotConnected, Deactivated, or CodeNeeded where a second step is on.
    """
    if not state or not secrets.compare_digest(state.encode(), kept.encode()):
        raise LinkNotValid
    with unit_of_work(system(), Role.AUTH) as session:
        row = session.scalar(
            delete(OidcAttempt).where(col(OidcAttempt.state_hash) == hash_token(state)).returning(OidcAttempt)
        )
    if row is None or row.expires_at <= clock.now():
        raise LinkNotValid
    next_path, connecting = row.next_path, row.person_id
    if connecting is not None and connecting != actor.person_id:
        raise LinkNotValid  # signed out, or someone else, meanwhile
    nonce, verifier = json.loads(decrypt(PERSONS, SEALED, row.sealed))
    with unit_of_work(system(), Role.AUTH) as session:
        provider = find_provider(session, row.provider)
    claims = _claims(provider, code, nonce, verifier)
    if connecting is not None:
        _connect(provider, claims, connecting)
        return Back(None, next_path or "/me/security")
    return Back(_enter(provider, claims, client, device), next_path, provider.ref)


def _claims(provider: Provider, code: str, nonce: str, verifier: str) -> dict[str, Any]:
    """What the provider signed about the person. Raises ProviderFailed."""
    told = _described(provider)
    try:
        with _client(provider) as client:
            token = client.fetch_token(told["token_endpoint"], code=code, code_verifier=verifier)
        keys = KeySet.import_key_set(httpx.get(told["jwks_uri"], timeout=PATIENCE).raise_for_status().json())
        claims = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS).claims
        asked: dict[str, Any] = {"nonce": {"essential": True, "value": nonce}} if provider.echoes_nonce else {}
        jwt.JWTClaimsRegistry(
            now=int(clock.now().timestamp()),
            leeway=SKEW,
            iss={"essential": True, "value": told["issuer"]},
            aud={"essential": True, "value": provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            **asked,
        ).validate(claims)
        return dict(claims)
    except (httpx.HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
        raise ProviderFailed from error


def _connect(provider: Provider, claims: dict[str, Any], person_id: UUID) -> None:
    with unit_of_work(system(), Role.AUTH) as session:
        known = session.get(ExternalIdentity, (provider.issuer, str(claims["sub"])))
        if known is not None and known.person_id != person_id:
            raise NotConnected
        if known is None:
            _remember(session, provider, claims, person_id)


def _remember(session: Session, provider: Provider, claims: dict[str, Any], person_id: UUID) -> None:
    session.add(ExternalIdentity(issuer=provider.issuer, subject=str(claims["sub"]), person_id=person_id))
    session.flush()


def _enter(provider: Provider, claims: dict[str, Any], client: Client, device: str) -> SignedIn:
    with unit_of_work(system(), Role.AUTH) as session:
        person = _person(session, provider, claims)
        if person.deactivated_at is not None:
            raise signing.Deactivated
        challenge = signing.challenge_of(session, person.id, device)
        outcome = LoginOutcome.CODE_AWAITED if challenge else LoginOutcome.SUCCESS
        record(session, person.email_index, client, outcome, person.id)
    if challenge:
        raise CodeNeeded(challenge)
    return signing.enter(person.id, client)


def _person(session: Session, provider: Provider, claims: dict[str, Any]) -> Person:
    """Who connected it; else, for a provider whose word is enough, whose confirmed address it is, or a new account."""
    known = session.get(ExternalIdentity, (provider.issuer, str(claims["sub"])))
    if known is not None:
        return accounts.get_person(session, known.person_id)
    email = str(claims.get("email") or "").strip()
    if not provider.vouches or not email or claims.get("email_verified") not in (True, "true"):
        raise NotConnected
    person = accounts.find_by_email(session, email)
    if person is None or person.email_verified_at is None:
        person = _opened(session, person, email, claims)
    _remember(session, provider, claims, person.id)
    return person


def _opened(session: Session, before: Person | None, email: str, claims: dict[str, Any]) -> Person:
    """A new account without a password, or one typed by someone who could not read the mailbox: their password goes."""
    person = before or Person(
        email=accounts.seal_email(email), email_index=accounts.email_index(email), given_name="", family_name=""
    )
    person.given_name = str(claims.get("given_name") or claims.get("name") or email.split("@")[0])[:80]
    person.family_name = str(claims.get("family_name") or "")[:80]
    person.password_hash = ""
    session.add(person)
    session.flush()
    confirm_email(session, person)
    return person
