"""Accounts for tests: made by the product's own verbs."""

import itertools
from typing import Any
from uuid import UUID

from carehub.core.actor import Actor, system
from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.models.identity import TokenPurpose
from carehub.services.identity import accounts, registration, sessions, signing, tokens
from carehub.services.identity.attempts import Client
from carehub.services.identity.forms import ClientSignUp, ProfessionalSignUp
from carehub.services.tenancy.opening import NewTenant, OpenedTenant, open_tenant

PASSWORD = "quatre mots au hasard"
_numbers = itertools.count(1)


def fresh_email() -> str:
    return f"person{next(_numbers)}@example.com"


def client() -> Client:
    """A network address of its own, so that tests do not throttle each other."""
    number = next(_numbers)
    return Client(f"10.0.{number // 250}.{number % 250}", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")


def client_form(email: str, **over: Any) -> ClientSignUp:
    given = {"given_name": "Sofia", "family_name": "Haddad", "email": email, "password": PASSWORD, "terms": True}
    return ClientSignUp.model_validate(given | over)


def professional_form(email: str, **over: Any) -> ProfessionalSignUp:
    given = {
        **client_form(email).model_dump(),
        "phone": "01 42 68 53 00",
        "address": "3 rue du Lac",
        "city": "Lyon",
        "registration_kind": "rpps",
        "registration_number": "10003456786",
        "specialities": "Psychologie clinique",
    }
    return ProfessionalSignUp.model_validate(given | over)


def person_id(email: str) -> UUID:
    with unit_of_work(system(), Role.AUTH) as session:
        found = accounts.find_by_email(session, email)
        assert found is not None
        return found.id


def link(email: str, purpose: TokenPurpose = TokenPurpose.VERIFY_EMAIL, next_path: str = "") -> str:
    """The secret that the mail would carry."""
    with unit_of_work(system(), Role.AUTH) as session:
        found = accounts.find_by_email(session, email)
        assert found is not None
        return tokens.issue_token(session, found.id, purpose, next_path)


def account(email: str = "", *, form: ClientSignUp | None = None) -> str:
    """A verified account's e-mail address."""
    email = form.email if form else email or fresh_email()
    proof = registration.register(form or client_form(email), client())
    registration.verify(link(email), client(), proof=proof)
    return email


def signed_in(email: str, tenant: str = "") -> Actor:
    token = signing.sign_in(email, PASSWORD, client()).token
    return sessions.find_actor(token, tenant)


def new_tenant(**over: Any) -> NewTenant:
    given = {
        "kind": "practice",
        "name": "Cabinet Croix-Rousse",
        "slug": f"croix-rousse-{next(_numbers)}",
        "service_name": "Séance individuelle",
        "service_price": "62.50",
        "hours": [{"weekday": 0, "starts": "09:00", "ends": "12:30"}],
    }
    return NewTenant.model_validate(given | over)


def tenant(owner: str, **over: Any) -> OpenedTenant:
    return perform(open_tenant, signed_in(owner), form=new_tenant(**over))
