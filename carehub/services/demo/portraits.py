"""Drawn portraits of the demo's practitioners: plain shapes in tones of one colour, so that nobody real is shown."""

import colorsys
import hashlib
import io
import math
import random
from uuid import UUID

from PIL import Image, ImageDraw
from sqlalchemy import insert, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core.ids import new_id
from carehub.integrations.storage import storage
from carehub.models.practice import Practitioner
from carehub.models.tenancy import StoredFile, Tenant
from carehub.services.demo.offer import Shop

SIDE = 320
FINE = 3  # drawn larger, then made smaller: smooth edges
PLAIN = 5  # one in so many keeps initials, as in any real house

Spot = tuple[float, float, float, float]


def write_portraits(session: Session, shop: Shop) -> None:
    """In the tenant, as ch_app: a public picture for most practitioners, the same on every machine."""
    for place, (name, practitioner_id) in enumerate(shop.practitioners.items()):
        if place % PLAIN == PLAIN - 1:
            continue
        file_id = keep_public(session, shop.id, draw(f"{shop.data.slug} {name}"))
        session.execute(
            update(Practitioner).where(col(Practitioner.id) == practitioner_id).values(photo_file_id=file_id)
        )


def write_logo(session: Session, shop: Shop) -> None:
    """In the tenant, as ch_app: a mark in the house's colour, water between two shores."""
    side = SIDE * FINE
    picture = Image.new("RGB", (side, side), shop.data.accent)
    brush = ImageDraw.Draw(picture)
    for place, level in enumerate((0.36, 0.52, 0.68)):
        line = [(x / 60 * side, (level + 0.045 * math.sin(x / 60 * 7 + place)) * side) for x in range(10, 51)]
        brush.line(line, fill="white", width=round(side * 0.055), joint="curve")
    made = io.BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(made, "WEBP", quality=90, method=4)
    file_id = keep_public(session, shop.id, made.getvalue())
    session.execute(update(Tenant).where(col(Tenant.id) == shop.id).values(logo_file_id=file_id))


def keep_public(session: Session, tenant_id: UUID, content: bytes) -> UUID:
    """A drawn picture as a public file of the tenant; answers its id."""
    file_id = new_id()
    key = f"{tenant_id}/{file_id}.webp"
    storage().put(key, content)
    facts = {"content_type": "image/webp", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    session.execute(
        insert(StoredFile).values(tenant_id=tenant_id, id=file_id, key=key, name="drawn.webp", is_public=True, **facts)
    )
    return file_id


def draw(seed: str) -> bytes:
    """A WebP of 320 px: a figure in tones of one colour, without a face. It says nothing about whom it stands for."""
    rng = random.Random(seed)  # noqa: S311 -- demo data: repeatable, nothing secret
    hue = rng.choice((0.03, 0.08, 0.12, 0.42, 0.47, 0.52, 0.57, 0.62, 0.7, 0.78, 0.92)) + rng.uniform(-0.015, 0.015)
    picture = Image.new("RGB", (SIDE * FINE, SIDE * FINE), _tone(hue, 0.9, 0.4))
    brush = ImageDraw.Draw(picture)
    left = rng.choice((0.02, 0.28, 0.42))
    _ellipse(brush, (left, 0.1, left + 0.8, 0.9), _tone(hue, 0.84, 0.42))
    rng.choice((_short, _long, _gathered))(brush, _tone(hue, 0.3, 0.38))
    _ellipse(brush, (0.12, 0.74, 0.88, 1.5), _tone(hue, 0.45, 0.4))
    _ellipse(brush, (0.42, 0.5, 0.58, 0.84), _tone(hue, 0.68, 0.34))
    _ellipse(brush, (0.345, 0.24, 0.655, 0.66), _tone(hue, 0.76, 0.38))
    brush.pieslice(_scaled((0.335, 0.2, 0.665, 0.62)), 192, 348, fill=_tone(hue, 0.3, 0.38))
    _ellipse(brush, (0.345, 0.325, 0.655, 0.66), _tone(hue, 0.76, 0.38))
    made = io.BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(made, "WEBP", quality=88, method=4)
    return made.getvalue()


def _short(brush: ImageDraw.ImageDraw, hair: str) -> None:
    _ellipse(brush, (0.33, 0.18, 0.67, 0.54), hair)


def _long(brush: ImageDraw.ImageDraw, hair: str) -> None:
    _ellipse(brush, (0.29, 0.18, 0.71, 0.62), hair)
    brush.rounded_rectangle(_scaled((0.29, 0.38, 0.71, 0.82)), radius=0.08 * SIDE * FINE, fill=hair)


def _gathered(brush: ImageDraw.ImageDraw, hair: str) -> None:
    _ellipse(brush, (0.33, 0.18, 0.67, 0.54), hair)
    _ellipse(brush, (0.42, 0.09, 0.58, 0.25), hair)


def _scaled(spot: Spot) -> list[float]:
    return [value * SIDE * FINE for value in spot]


def _ellipse(brush: ImageDraw.ImageDraw, spot: Spot, colour: str) -> None:
    brush.ellipse(_scaled(spot), fill=colour)


def _tone(hue: float, light: float, saturation: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, light, saturation))
