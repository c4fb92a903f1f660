"""Data rights in the demo: what clients agreed to, who opened their files, legal texts, one open request, one breach that is over."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.crypto import encrypt
from carehub.core.i18n import translate
from carehub.core.ids import new_id
from carehub.models.privacy import (
    Consent,
    DataBreach,
    LegalKind,
    LegalText,
    Purpose,
    RecordAccess,
    RequestKind,
    RetentionRule,
    RightsRequest,
)
from carehub.models.tenancy import Tenant
from carehub.services.demo.offer import Shop
from carehub.services.demo.people import Client
from carehub.services.privacy.consents import WORDING
from carehub.services.privacy.legal_texts import draft
from carehub.services.privacy.requests import SAID, a_month_after

WRONG_BIRTHDAY = "Ma date de naissance est fausse dans mon dossier : je suis né le 14 mars, pas le 14 mai."


def write_rights(session: Session, shop: Shop, patients: list[Client], accounts: dict[str, UUID]) -> None:
    """In the tenant, as ch_app. Clients with an account come first in `patients`."""
    known = [one for one in patients if one.person_id is not None]
    _consents(session, shop, known)
    _openings(session, shop, known, accounts)
    _texts(session, shop)
    if known:
        _requests(session, shop, known)
    _rules(session, shop)


def _consents(session: Session, shop: Shop, known: list[Client]) -> None:
    now, name, locale = clock.now(), shop.data.name, shop.data.locale
    rows = [
        {
            "tenant_id": shop.id, "id": new_id(), "person_id": one.person_id, "patient_id": one.id, "purpose": purpose.value,
            "granted": granted, "at": now - timedelta(days=90 - 7 * place), "version": "1" if purpose is Purpose.BOOKING else "",
            "wording": translate(WORDING[purpose], locale, tenant=name), "source": source, "address": "203.0.113.24",
        }
        for place, one in enumerate(known)
        for purpose, granted, source in (
            (Purpose.BOOKING, True, "booking"), (Purpose.TENANT_NEWS, place % 2 == 0, "privacy_centre"),
        )
    ]  # fmt: skip
    if rows:
        session.execute(insert(Consent), rows)


def _openings(session: Session, shop: Shop, known: list[Client], accounts: dict[str, UUID]) -> None:
    staff = [(one.name, one.role) for one in shop.data.members]
    staff += [(one.name, "practitioner") for one in shop.data.practitioners if one.account]
    rows = [
        {
            "tenant_id": shop.id, "id": new_id(), "patient_id": one.id, "person_id": accounts[name], "role": role,
            "what": "answers" if role == "practitioner" else "file",
            "at": clock.now() - timedelta(days=3 * turn + place, hours=2 + turn),
        }
        for place, one in enumerate(known)
        for turn, (name, role) in enumerate(staff[:3])
    ]  # fmt: skip
    if rows:
        session.execute(insert(RecordAccess), rows)


def _texts(session: Session, shop: Shop) -> None:
    tenant = session.get_one(Tenant, shop.id)
    since = clock.now() - timedelta(days=100)
    rows = [
        {
            "tenant_id": shop.id, "id": new_id(), "kind": kind.value, "locale": shop.data.locale, "version": 1,
            "body": draft(kind, tenant, shop.data.locale), "published_at": since,
        }
        for kind in LegalKind
    ]  # fmt: skip
    session.execute(insert(LegalText), rows)


def _requests(session: Session, shop: Shop, known: list[Client]) -> None:
    asked = clock.now() - timedelta(days=6)
    first = known[0]
    session.execute(
        insert(RightsRequest).values(
            tenant_id=shop.id,
            id=new_id(),
            person_id=first.person_id,
            patient_id=first.id,
            kind=RequestKind.RECTIFICATION.value,
            said=encrypt(shop.id, SAID, WRONG_BIRTHDAY),
            asked_at=asked,
            due_at=a_month_after(asked),
        )
    )
    found = clock.now() - timedelta(days=40)
    session.execute(
        insert(DataBreach).values(
            tenant_id=shop.id,
            id=new_id(),
            title="Ordinateur portable oublié dans un train",
            nature="L’agenda du jour y était ouvert : douze noms et horaires. Rendu le soir même par les objets trouvés.",
            measures="Session fermée à distance dans l’heure, mot de passe changé, disque déjà chiffré.",
            risk="risk",
            people=12,
            discovered_at=found,
            authority_told_at=found + timedelta(hours=31),
            people_told_at=found + timedelta(hours=50),
            closed_at=found + timedelta(days=9),
        )
    )


def _rules(session: Session, shop: Shop) -> None:
    rows = [
        {"tenant_id": shop.id, "id": new_id(), "data_class": name, "months": months, "ran_count": 0}
        for name, months in (("messages", 24), ("invitations", 12))
    ]
    session.execute(insert(RetentionRule), rows)
