"""Persons with an account, a tenant's staff, its patients."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from pwdlib import PasswordHash
from sqlalchemy import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.crypto import PERSONS, blind_index, encrypt, encrypt_bytes
from carehub.core.ids import new_id
from carehub.core.permissions import TenantRole
from carehub.models.access import CustomRole, Delegation
from carehub.models.booking import Patient
from carehub.models.identity import Person, PersonCard
from carehub.models.tenancy import Membership, TenantKind
from carehub.services.booking.pseudonyms import as_names, sealed_name
from carehub.services.demo.data import ClientData, Named, TenantData
from carehub.services.demo.names import address_of, draw_names
from carehub.services.demo.offer import Shop
from carehub.services.demo.portraits import draw
from carehub.services.demo.sign_ins import PASSWORD
from carehub.services.identity.cards import PORTRAIT, small_portrait

SECRETARY = ["agenda.own", "members.read", "patients.manage", "patients.read", "workspace.enter"]
SUPER_ADMIN = Named(name="Nour|Elkadi")


@dataclass(frozen=True)
class Client:
    """A patient row, with or without an account."""

    id: UUID
    person_id: UUID | None


def write_persons(session: Session, tenants: Iterable[TenantData], clients: Iterable[ClientData]) -> dict[str, UUID]:
    """As ch_auth. Everyone with an account, by "Given|Family"; all have the demo's password, verified long ago."""
    hashed = PasswordHash.recommended().hash(PASSWORD)
    rows: dict[str, dict[str, Any]] = {}
    for tenant in tenants:
        staff: list[Named] = [*tenant.members, *(one for one in tenant.practitioners if one.account)]
        for one in staff:
            rows[one.name] = _person(one, hashed, tenant.locale, tenant.time_zone) | {
                "is_professional": True,
                "city": tenant.city,
                "country": tenant.country,
            }
    for client in clients:
        rows[client.name] = _person(client, hashed, client.locale, client.time_zone) | {
            "phone": encrypt(PERSONS, "person.phone", client.phone),
            "birth_date": client.birth,
        }
    rows[SUPER_ADMIN.name] = _person(SUPER_ADMIN, hashed, "fr", "Europe/Paris")
    every = {"is_professional": False, "city": "", "country": "", "phone": None, "birth_date": None}
    session.execute(insert(Person), [every | row for row in rows.values()])
    return {name: row["id"] for name, row in rows.items()}


def _person(one: Named, hashed: str, locale: str, time_zone: str) -> dict[str, Any]:
    email, since = address_of(one.given, one.family), clock.now() - timedelta(days=200)
    return {
        "id": new_id(),
        "given_name": one.given,
        "family_name": one.family,
        "email": encrypt(PERSONS, "person.email", email),
        "email_index": blind_index(PERSONS, "person.email", email),
        "email_verified_at": since,
        "password_hash": hashed,
        "locale": locale,
        "time_zone": time_zone,
        "created_at": since,
    }


def write_staff(session: Session, shop: Shop, accounts: dict[str, UUID]) -> None:
    """In the tenant, as ch_app: the desk and every practitioner with an account."""
    working = TenantRole.COACH if shop.data.kind == TenantKind.COACHING_FIRM else TenantRole.PRACTITIONER
    titles = {one.title: new_id() for one in shop.data.members if one.title}
    for title, role_id in titles.items():
        made = {"tenant_id": shop.id, "id": role_id, "name": title, "permissions": SECRETARY}
        session.execute(insert(CustomRole).values(**made))
    rows = [
        _member(shop, accounts, one.name, one.role) | {"custom_role_id": titles.get(one.title)}
        for one in shop.data.members
    ]
    rows += [
        _member(shop, accounts, one.name, working.value) | {"practitioner_id": shop.practitioners[one.name]}
        for one in shop.data.practitioners
        if one.account
    ]
    session.execute(insert(Membership), rows)
    members = dict(zip([one.name for one in shop.data.members], [row["id"] for row in rows], strict=False))
    since = clock.now().date() - timedelta(days=40)
    for one in shop.data.members:
        for name in one.acts_for:
            pair = {"member_id": members[one.name], "practitioner_id": shop.practitioners[name], "valid_from": since}
            session.execute(insert(Delegation).values(tenant_id=shop.id, id=new_id(), **pair))


def _member(shop: Shop, accounts: dict[str, UUID], name: str, role: str) -> dict[str, Any]:
    row = {"tenant_id": shop.id, "id": new_id(), "person_id": accounts[name], "role": role}
    return row | {"practitioner_id": None, "custom_role_id": None, "created_at": clock.now() - timedelta(days=200)}


def write_patients(
    session: Session, shop: Shop, rng: random.Random, clients: Iterable[ClientData], accounts: dict[str, UUID]
) -> list[Client]:
    """In the tenant, as ch_app. Clients with an account come first."""
    rows = [_account_patient(shop, one, accounts) for one in clients if shop.data.slug in one.tenants]
    for given, family in draw_names(rng, shop.data.names, shop.data.patients):
        rows.append(_patient(shop, rng, given, family))
    session.execute(insert(Patient), rows)
    return [Client(row["id"], row["person_id"]) for row in rows]


def _account_patient(shop: Shop, one: ClientData, accounts: dict[str, UUID]) -> dict[str, Any]:
    email = address_of(one.given, one.family)
    known = {"person_id": accounts[one.name], "birth_date": one.birth, "locale": one.locale}
    if one.alias and shop.data.booking.get("pseudonyms"):
        given, family = as_names(one.alias)
        known["legal_name"] = sealed_name(shop.id, one.given, one.family)
        return _row(shop, given, family, email, one.phone) | known
    return _row(shop, one.given, one.family, email, one.phone) | known


def _patient(shop: Shop, rng: random.Random, given: str, family: str) -> dict[str, Any]:
    today = clock.now().date()
    phone = shop.data.phone[:-4] + f"{rng.randrange(10000):04d}"
    age = timedelta(days=rng.randrange(19 * 365, 78 * 365))
    email = address_of(given, family).replace("@", f".{rng.randrange(10, 99)}@")
    locale = rng.choice(shop.data.locales)
    return _row(shop, given, family, email, phone) | {"person_id": None, "birth_date": today - age, "locale": locale}


def _row(shop: Shop, given: str, family: str, email: str, phone: str) -> dict[str, Any]:
    return {
        "tenant_id": shop.id,
        "id": new_id(),
        "given_name": given,
        "family_name": family,
        "email": encrypt(shop.id, "patient.email", email),
        "email_index": blind_index(shop.id, "patient.email", email),
        "phone": encrypt(shop.id, "patient.phone", phone),
        "phone_index": blind_index(shop.id, "patient.phone", phone),
        "legal_name": None,
        "created_at": clock.now() - timedelta(days=120),
    }


def write_cards(session: Session, clients: Iterable[ClientData], accounts: dict[str, UUID]) -> None:
    """As ch_auth: what some clients tell of themselves, with a drawn portrait."""
    for one in clients:
        if not (one.bio or one.alias):
            continue
        values = {"person_id": accounts[one.name], "bio": one.bio, "interests": one.interests, "alias": one.alias}
        portrait = encrypt_bytes(PERSONS, PORTRAIT, small_portrait(draw(f"client of {one.name}"))) if one.bio else None
        session.execute(insert(PersonCard).values(**values, portrait=portrait))
