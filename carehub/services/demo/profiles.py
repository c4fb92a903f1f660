"""What demo practitioners show and have had verified: drawn rooms and specimen cards, so that nothing real is shown."""

import hashlib
import io
import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import insert, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.crypto import encrypt, encrypt_bytes, seal_file
from carehub.core.ids import new_id
from carehub.integrations.storage import storage
from carehub.models.practice import Practitioner
from carehub.models.verification import Verification, VerificationDocument
from carehub.services.demo.data import Record
from carehub.services.demo.offer import Shop, registration_number
from carehub.services.demo.portraits import keep_public
from carehub.services.verification.badge import NUMBER
from carehub.services.verification.claims import STATEMENT
from carehub.services.verification.documents import CONTENT_KEY, file_context

ROOM = (640, 480)
CARD = (860, 540)
ENDS_SOON = 21  # days: one badge in the demo is about to end
CARDS = {"MA": "cin_ma", "TN": "cin_tn"}
CAPTIONS = {
    "fr": ("La salle d’attente", "Le bureau", "La pièce du fond, au calme", "L’entrée, sur cour"),
    "ar": ("قاعة الانتظار", "المكتب", "غرفة هادئة", "المدخل"),
    "en": ("The waiting room", "The office", "A quiet room", "The entrance"),
}


class ProfileData(Record):
    tenant: str
    name: str
    approach: str = ""
    diplomas: str = ""
    certifications: str = ""
    video: str = ""
    links: dict[str, str] = {}
    rooms: int = 0


class ClaimData(Record):
    tenant: str
    name: str
    kind: str
    status: str
    number: str = ""
    statement: str = ""
    reason: str = ""


@cache
def _told() -> tuple[tuple[ProfileData, ...], tuple[ClaimData, ...]]:
    raw = tomllib.loads((Path(__file__).parent / "profiles.toml").read_text(encoding="utf-8"))
    return (
        tuple(ProfileData.model_validate(one) for one in raw["profiles"]),
        tuple(ClaimData.model_validate(one) for one in raw["claims"]),
    )


def write_profiles(session: Session, shop: Shop) -> None:
    """In the tenant, as ch_app."""
    profiles, claims = _told()
    for one in profiles:
        if one.tenant == shop.data.slug:
            _write_profile(session, shop, one)
    waiting = [one for one in claims if one.tenant == shop.data.slug]
    rows = [_approved(shop, place, name) for place, name in enumerate(shop.practitioners) if place % 4 != 3]
    taken = {(shop.practitioners[one.name], one.kind) for one in waiting}
    session.execute(insert(Verification), [row for row in rows if (row["practitioner_id"], row["kind"]) not in taken])
    for claim in waiting:
        _write_claim(session, shop, claim)


def _write_profile(session: Session, shop: Shop, one: ProfileData) -> None:
    captions = CAPTIONS.get(shop.data.locale, CAPTIONS["en"])
    gallery = [
        {"file": str(keep_public(session, shop.id, room(n))), "caption": captions[n % len(captions)]}
        for n in range(one.rooms)
    ]
    session.execute(
        update(Practitioner)
        .where(col(Practitioner.id) == shop.practitioners[one.name])
        .values(
            approach=one.approach.strip(),
            diplomas=one.diplomas.strip(),
            certifications=one.certifications.strip(),
            video_url=one.video,
            links=one.links,
            gallery=gallery,
            shares=dict.fromkeys(("registration", "gallery", "video", "links"), "public"),
        )
    )


def _approved(shop: Shop, place: int, name: str) -> dict[str, Any]:
    """The number in the register where the house has one, else the identity card."""
    register = shop.data.registration.value
    number = registration_number(shop.data.registration, name)
    kind = register if number else CARDS.get(shop.data.country, "identity")
    days = ENDS_SOON if place == 1 else 200 + 37 * (place % 9)
    return {
        **_row(shop, name, kind, number),
        "status": "approved",
        "approved": True,
        "expires_on": clock.now().date() + timedelta(days=days),
        "decided_at": clock.now() - timedelta(days=90),
    }


def _row(shop: Shop, name: str, kind: str, number: str) -> dict[str, Any]:
    return {
        "tenant_id": shop.id,
        "id": new_id(),
        "practitioner_id": shop.practitioners[name],
        "kind": kind,
        "number": encrypt(shop.id, NUMBER, number) if number else None,
        "statement": None,
        "reason": "",
        "submitted_at": clock.now() - timedelta(days=91),
    }


def _write_claim(session: Session, shop: Shop, one: ClaimData) -> None:
    row = _row(shop, one.name, one.kind, one.number) | {
        "status": one.status,
        "approved": False,
        "reason": one.reason,
        "statement": encrypt(shop.id, STATEMENT, one.statement) if one.statement else None,
        "submitted_at": clock.now() - timedelta(hours=5 + len(one.name)),
    }
    session.execute(insert(Verification).values(**row))
    content, document_id = specimen(one.name.replace("|", " ")), new_id()
    key = f"{shop.id}/verification/{document_id}"
    hidden, content_key = seal_file(shop.id, file_context(document_id), content)
    storage().put(key, hidden)
    session.execute(
        insert(VerificationDocument).values(
            tenant_id=shop.id,
            id=document_id,
            verification_id=row["id"],
            key=key,
            content_key=encrypt_bytes(shop.id, CONTENT_KEY, content_key),
            name=f"{one.kind}-specimen.png",
            content_type="image/png",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
    )


def specimen(name: str) -> bytes:
    """A card that is plainly none: grey lines, a grey face, the word SPECIMEN."""
    picture = Image.new("RGB", CARD, "#eef1ee")
    brush = ImageDraw.Draw(picture)
    brush.rectangle((24, 24, CARD[0] - 24, CARD[1] - 24), outline="#9aa8a2", width=4)
    brush.rectangle((64, 130, 264, 400), fill="#cfd8d3")
    brush.ellipse((124, 180, 204, 270), fill="#9aa8a2")
    brush.pieslice((94, 280, 234, 460), 180, 360, fill="#9aa8a2")
    brush.text((64, 56), "SPECIMEN", fill="#7a8a83", font_size=44)
    brush.text((310, 140), name, fill="#3a4741", font_size=30)
    for line in range(5):
        brush.rectangle((310, 210 + 44 * line, 310 + 420 - 60 * (line % 3), 222 + 44 * line), fill="#cfd8d3")
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


PALETTES = (
    ("#e6ddcf", "#b99a75", "#0e6b5c"),
    ("#dfe7e4", "#a58a6d", "#a8326b"),
    ("#e9e4dc", "#8f7a62", "#2c5fb3"),
    ("#efe3da", "#9c7b5a", "#c46a2b"),
)


def room(number: int) -> bytes:
    """A WebP of a quiet room: wall, floor, window, an armchair, a plant."""
    wall, floor, chair = PALETTES[number % len(PALETTES)]
    picture = Image.new("RGB", ROOM, wall)
    brush = ImageDraw.Draw(picture)
    brush.rectangle((0, 350, ROOM[0], ROOM[1]), fill=floor)
    left = (60, 330)[number % 2]
    brush.rectangle((left, 60, left + 220, 250), fill="#f7fbff", outline="#ffffff", width=10)
    brush.line((left + 110, 60, left + 110, 250), fill="#ffffff", width=8)
    seat = 360 if left == 60 else 90
    brush.rounded_rectangle((seat, 220, seat + 190, 400), radius=36, fill=chair)
    brush.rounded_rectangle((seat - 22, 300, seat + 212, 410), radius=30, fill=chair)
    brush.rounded_rectangle((seat + 18, 300, seat + 172, 360), radius=18, fill="#f3ede4")
    pot = left + 60
    brush.polygon(((pot, 340), (pot + 70, 340), (pot + 58, 410), (pot + 12, 410)), fill="#7a4a32")
    for leaf in range(5):
        spread = -60 + 30 * leaf
        brush.ellipse((pot + 20 + spread, 250 + abs(spread) // 2, pot + 55 + spread, 350), fill="#3f7a55")
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=86, method=4)
    return made.getvalue()
