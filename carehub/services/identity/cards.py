"""What a person tells of themselves: portrait, a few words, interests, and the name they go by (MC-011, DI-005, DI-012, DI-016)."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import PERSONS, decrypt_bytes, encrypt_bytes
from carehub.core.errors import NotFound
from carehub.core.permissions import SIGNED_IN
from carehub.core.verbs import verb
from carehub.models.identity import PersonCard
from carehub.services.identity.errors import AliasNotValid, TooManyInterests
from carehub.services.identity.forms import AboutForm, AppearanceForm
from carehub.services.privacy.telling import tell
from carehub.services.tenancy.files import redraw

PORTRAIT = "person_card.portrait"
CHANGED = "person.appearance_changed"
SIDE = 256
MOST_INTERESTS = 12
LONGEST_INTEREST = 40
_PLACES = text("SELECT DISTINCT tenant_id FROM patient WHERE person_id = :person")
_USED_AT = text("""
    SELECT t.name FROM patient p JOIN tenant t ON t.id = p.tenant_id
    WHERE p.person_id = :person AND p.legal_name IS NOT NULL ORDER BY t.name""")


@dataclass(frozen=True)
class CardView:
    """`portrait` is the address of one's own picture, empty without one. `used_at`: organisations that know the alias alone."""

    about: AboutForm
    alias: str
    portrait: str
    used_at: list[str]


def _row(session: Session, actor: Actor) -> PersonCard | None:
    return session.scalar(select(PersonCard).where(col(PersonCard.person_id) == actor.person_id))


def own_url(row: PersonCard | None) -> str:
    return f"/api/me/portrait?{int(row.updated_at.timestamp())}" if row is not None and row.portrait else ""


@verb(SIGNED_IN)
def my_card(session: Session, actor: Actor) -> CardView:
    """What one tells of oneself, empty before the first time."""
    row = _row(session, actor)
    about = AboutForm(bio=row.bio, interests=", ".join(row.interests)) if row else AboutForm()
    used_at = list(session.scalars(_USED_AT, {"person": actor.person_id}))
    return CardView(about, row.alias if row else "", own_url(row), used_at)


def listed(typed: str) -> list[str]:
    """Interests as they were typed, each once. Raises TooManyInterests."""
    found = {one.casefold(): one for part in typed.replace("\n", ",").split(",") if (one := " ".join(part.split()))}
    if len(found) > MOST_INTERESTS or any(len(one) > LONGEST_INTEREST for one in found):
        raise TooManyInterests(field="interests", most=MOST_INTERESTS, longest=LONGEST_INTEREST)
    return list(found.values())


@verb(SIGNED_IN)
def save_about(session: Session, actor: Actor, *, form: AboutForm) -> None:
    """A few words and interests, for the organisations that receive the person (DI-012, DI-016). Raises TooManyInterests."""
    _keep(session, actor, bio=form.bio, interests=listed(form.interests))


@verb(SIGNED_IN)
def save_appearance(session: Session, actor: Actor, *, form: AppearanceForm) -> None:
    """The pseudonym that one goes by where an organisation allows it; empty: one's own name (MC-011). Those who know the person
    already follow in the background. Raises AliasNotValid.
    """
    alias = " ".join(form.alias.split())
    if alias and (len(alias) < 2 or not any(one.isalpha() for one in alias) or any(one in "@<>/" for one in alias)):
        raise AliasNotValid(field="alias")
    _keep(session, actor, alias=alias)
    for tenant_id in session.scalars(_PLACES, {"person": actor.person_id}).all():
        tell(session, tenant_id, CHANGED, person_id=str(actor.person_id))


def small_portrait(content: bytes) -> bytes:
    """A picture as the card keeps it. Raises NotAnImage or ImageTooWide."""
    with Image.open(io.BytesIO(redraw(content, square=True))) as drawn:
        made = io.BytesIO()
        drawn.resize((SIDE, SIDE)).save(made, "WEBP", quality=84, method=4)
    return made.getvalue()


@verb(SIGNED_IN)
def keep_portrait(session: Session, actor: Actor, *, content: bytes) -> str:
    """Draw an uploaded picture anew and make it one's portrait; its address. Raises NotAnImage or ImageTooWide (DI-005)."""
    _keep(session, actor, portrait=encrypt_bytes(PERSONS, PORTRAIT, small_portrait(content)))
    return own_url(_row(session, actor))


@verb(SIGNED_IN)
def remove_portrait(session: Session, actor: Actor) -> None:
    """Take one's portrait away for good. Repeatable."""
    _keep(session, actor, portrait=None)


@verb(SIGNED_IN)
def my_portrait(session: Session, actor: Actor) -> bytes:
    """One's own portrait, WebP. Raises NotFound."""
    row = _row(session, actor)
    if row is None or row.portrait is None:
        raise NotFound
    return decrypt_bytes(PERSONS, PORTRAIT, row.portrait)


@verb("patients.read")
def client_portrait(session: Session, _actor: Actor, *, patient_id: UUID) -> bytes:
    """The portrait of a client of the organisation, WebP. Raises NotFound, also for who goes by a pseudonym here."""
    token = session.scalar(_OF_CLIENT, {"patient": patient_id})
    if token is None:
        raise NotFound
    return decrypt_bytes(PERSONS, PORTRAIT, token)


_OF_CLIENT = text("""
    SELECT c.portrait FROM patient p JOIN person_card c ON c.person_id = p.person_id
    WHERE p.id = :patient AND p.legal_name IS NULL""")


def begin_card(session: Session, person_id: UUID, *, bio: str, interests: Iterable[str] = (), portrait: bytes) -> None:
    """What was told at sign-up (DI-005); typed again, it replaces what was."""
    told: dict[str, Any] = {"bio": bio, "interests": list(interests)}
    told["portrait"] = encrypt_bytes(PERSONS, PORTRAIT, portrait) if portrait else None
    _write(session, person_id, told)


def _keep(session: Session, actor: Actor, **values: Any) -> None:
    assert actor.person_id is not None
    _write(session, actor.person_id, values)


def _write(session: Session, person_id: UUID, values: dict[str, Any]) -> None:
    now = {"updated_at": clock.now()}
    made = insert(PersonCard).values(person_id=person_id, **{"bio": "", "interests": [], "alias": ""} | values | now)
    session.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=values | now))
    session.expire_all()
