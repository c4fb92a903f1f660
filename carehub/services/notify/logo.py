"""The tenant's logo inside a mail: a PNG that travels with it, since many mail programs know no WebP and load nothing from outside."""

import io
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from PIL import Image, UnidentifiedImageError
from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.integrations.mail import Inline
from carehub.integrations.storage import storage

CID = "logo@carehub"
HEIGHT, WIDEST = 36, 160  # CSS px in the mail
DENSITY = 2  # drawn for screens of two dots a pixel

_KEY = text(
    "SELECT f.key FROM tenant t JOIN stored_file f ON f.tenant_id = t.id AND f.id = t.logo_file_id WHERE t.id = :id"
)


@dataclass(frozen=True)
class Logo:
    """`width` and `height` in CSS px."""

    width: int
    height: int
    image: Inline


def read_logo(session: Session, tenant_id: UUID) -> Logo | None:
    """The logo of the session's tenant, or None where none was uploaded or its file cannot be read: then initials stand there."""
    key = session.scalar(_KEY, {"id": tenant_id})
    try:
        return _drawn(key) if key else None
    except (FileNotFoundError, UnidentifiedImageError):
        return None


_OWN_KEY = text("SELECT key FROM stored_file WHERE id = :id")
PAPER = 400  # dots, the longer side on paper


def logo_png(session: Session, file_id: UUID) -> bytes | None:
    """A kept picture of the session's tenant as a PNG for paper; None where it cannot be read."""
    key = session.scalar(_OWN_KEY, {"id": file_id})
    try:
        return _png(Image.open(io.BytesIO(storage().get(key))), (PAPER, PAPER)) if key else None
    except (FileNotFoundError, UnidentifiedImageError):
        return None


def _png(opened: Image.Image, most: tuple[int, int]) -> bytes:
    drawn = opened.convert("RGBA")
    drawn.thumbnail(most)
    made = io.BytesIO()
    drawn.save(made, "PNG", optimize=True)
    return made.getvalue()


@lru_cache(maxsize=128)  # a key never changes its content
def _drawn(key: str) -> Logo:
    with Image.open(io.BytesIO(storage().get(key))) as opened:
        drawn = opened.convert("RGBA")
    drawn.thumbnail((WIDEST * DENSITY, HEIGHT * DENSITY))
    made = io.BytesIO()
    drawn.save(made, "PNG", optimize=True)
    size = (max(1, drawn.width // DENSITY), max(1, drawn.height // DENSITY))
    return Logo(*size, Inline(CID, made.getvalue(), "png"))
