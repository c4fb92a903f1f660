"""A tenant's public pictures: what came is never what is served, each is drawn anew."""

import hashlib
import io
from dataclasses import dataclass
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import outbox
from carehub.core.actor import Actor
from carehub.core.errors import Invalid, NotFound
from carehub.core.ids import new_id
from carehub.core.permissions import PUBLIC
from carehub.core.verbs import verb
from carehub.integrations.storage import storage
from carehub.models.tenancy import StoredFile, Tenant

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 40_000_000  # a small file may unfold to gigabytes
SIDE = 1024


class NotAnImage(Invalid):
    key = "Choose a JPEG, PNG, WebP or GIF picture"


class ImageTooWide(Invalid):
    key = "This picture has more than {millions} million pixels"


@dataclass(frozen=True)
class FileView:
    """`url` is public and never changes its content."""

    id: str
    url: str
    size: int


@dataclass(frozen=True)
class FileContent:
    content: bytes
    content_type: str
    sha256: str


def file_url(tenant_id: UUID | str, file_id: UUID | str) -> str:
    return f"/files/{tenant_id}/{file_id}"


def redraw(content: bytes, *, square: bool = False) -> bytes:
    """The picture as WebP of at most 1024 px, turned upright, without metadata; `square`: cut to one around its middle.

    Raises NotAnImage or ImageTooWide.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ImageTooWide(field="file", millions=MOST_PIXELS // 1_000_000)
            upright = ImageOps.exif_transpose(opened)
            drawn = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotAnImage(field="file") from error
    if square:
        side = min(drawn.size)
        drawn = ImageOps.fit(drawn, (side, side))
    drawn.thumbnail((SIDE, SIDE))
    made = io.BytesIO()
    drawn.save(made, "WEBP", quality=86, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return made.getvalue()


@verb("directory.manage")
def keep_image(session: Session, actor: Actor, *, content: bytes, name: str = "") -> FileView:
    """Keep a public picture of the tenant. `content` is as it was uploaded. Raises NotAnImage or ImageTooWide."""
    assert actor.tenant_id is not None
    drawn, file_id = redraw(content), new_id()
    key = f"{actor.tenant_id}/{file_id}.webp"
    storage().put(key, drawn)
    session.add(
        StoredFile(
            tenant_id=actor.tenant_id,
            id=file_id,
            key=key,
            name=name[:200],
            content_type="image/webp",
            size=len(drawn),
            sha256=hashlib.sha256(drawn).hexdigest(),
            is_public=True,
            uploaded_by=actor.person_id,
        )
    )
    return FileView(str(file_id), file_url(actor.tenant_id, file_id), len(drawn))


@verb("settings.manage")
def set_logo(session: Session, actor: Actor, *, file_id: UUID) -> None:
    """Make a kept picture the tenant's logo (CD-118). Raises NotFound."""
    if session.get(StoredFile, (actor.tenant_id, file_id)) is None:
        raise NotFound
    session.execute(update(Tenant).where(col(Tenant.id) == actor.tenant_id).values(logo_file_id=file_id))
    outbox.emit(session, "tenant.changed")


@verb(PUBLIC)
def public_file(session: Session, _actor: Actor, *, tenant_id: UUID, file_id: UUID) -> FileContent:
    """A public file's bytes. Raises NotFound, also for a private one."""
    query = select(StoredFile).where(col(StoredFile.tenant_id) == tenant_id, col(StoredFile.id) == file_id)
    found = session.scalar(query.where(col(StoredFile.is_public)))
    if found is None:
        raise NotFound
    try:
        return FileContent(storage().get(found.key), found.content_type, found.sha256)
    except FileNotFoundError as error:
        raise NotFound from error
