"""Tokens of the API are signed, and count only while their row does (CD-127, SQ-144)."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.settings import settings
from carehub.services.identity import api_tokens
from tests.identity.people import account, signed_in


def made(actor: Actor, *scopes: str) -> api_tokens.NewToken:
    return perform(api_tokens.create_api_token, actor, name="test", scopes=list(scopes or ("appointments:read",)))


def claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def ours() -> OctKey:
    return OctKey.import_key(hmac.digest(settings.secret, b"api token", hashlib.sha256))


def test_a_token_says_whose_it_is_for_what_and_until_when() -> None:
    actor = signed_in(account())
    told = claims_of(made(actor, "appointments:read", "clinics:read").token)
    assert (told["sub"], told["scope"]) == (str(actor.person_id), "appointments:read clinics:read")
    assert told["exp"] - told["iat"] == 365 * 24 * 3600
    assert actor.name not in json.dumps(told)


def test_it_opens_the_api_with_its_scopes_until_it_is_revoked_or_over() -> None:
    actor = signed_in(account())
    new = made(actor)
    found = api_tokens.find_token_actor(new.token, "")
    assert (found.person_id, found.scopes) == (actor.person_id, frozenset({"appointments:read"}))
    with clock.travel(clock.now() + timedelta(days=366)):
        assert api_tokens.find_token_actor(new.token, "").person_id is None
    perform(api_tokens.revoke_api_token, actor, token_id=UUID(new.view.id))
    assert api_tokens.find_token_actor(new.token, "").person_id is None


@pytest.mark.parametrize(
    "forge",
    [
        lambda told: jwt.encode({"alg": "HS256"}, told, OctKey.import_key(b"k" * 32)),  # another installation's
        lambda told: jwt.encode({"alg": "HS512"}, told, ours(), algorithms=["HS512"]),  # another algorithm
        lambda told: jwt.encode({"alg": "HS256"}, told | {"aud": "elsewhere"}, ours()),
        lambda told: jwt.encode({"alg": "HS256"}, told | {"scope": "clinics:write"}, ours()),  # more than was granted
        lambda told: ".".join([base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("="), _part(told), ""]),
        lambda _told: "chp_" + "x" * 43,  # no JWT at all
        lambda _told: "",
    ],
)
def test_a_forged_token_is_nobodys(forge: Any) -> None:
    told = claims_of(made(signed_in(account())).token)
    assert api_tokens.find_token_actor(forge(told), "").person_id is None


def _part(told: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
