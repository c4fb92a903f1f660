"""Portrait and gallery (MC-138, SQ-079). A picture is closed to its address until the projection shows it to someone."""

import hashlib
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import outbox
from carehub.core.actor import Actor
from carehub.core.errors import CareHubError, NotFound
from carehub.core.ids import new_id
from carehub.core.verbs import verb
from carehub.integrations.storage import storage
from carehub.models.practice import Practitioner
from carehub.models.tenancy import StoredFile
from carehub.services.profiles.profile import EDIT, access_practitioner, change
from carehub.services.profiles.views import Picture
from carehub.services.tenancy.files import FileContent, redraw

MOST = 12
LONGEST_CAPTION = 120
REMOVED = "profile.picture_removed"
Use = Literal["portrait", "gallery"]


class GalleryFull(CareHubError):
    key = "A gallery holds {most} pictures: take one away first"
    status = 409


@dataclass(frozen=True)
class Pictures:
    """The portrait's address (empty: none) and the gallery, as staff see them whoever else may."""

    portrait: str
    gallery: list[Picture]


def staff_url(tenant: str, file_id: str) -> str:
    """Where members of the organisation see a picture that nobody else may."""
    return f"/api/w/{tenant}/pictures/{file_id}"


def _pictures(actor: Actor, row: Practitioner) -> Pictures:
    portrait = staff_url(actor.tenant, str(row.photo_file_id)) if row.photo_file_id else ""
    return Pictures(
        portrait,
        [Picture(one["file"], staff_url(actor.tenant, one["file"]), one.get("caption", "")) for one in row.gallery],
    )


@verb(EDIT)
def read_pictures(session: Session, actor: Actor, *, practitioner_id: UUID | None = None) -> Pictures:
    """Raises NotFound."""
    return _pictures(actor, access_practitioner(session, actor, practitioner_id))


@verb(EDIT)
def keep_picture(
    session: Session, actor: Actor, *, content: bytes, use: Use, name: str = "", practitioner_id: UUID | None = None
) -> Picture:
    """Draw an uploaded picture anew and make it the portrait (cut to a square around its middle) or the gallery's last.

    Raises NotFound, NotAnImage, ImageTooWide or GalleryFull.
    """
    row = access_practitioner(session, actor, practitioner_id)
    if use == "gallery" and len(row.gallery) >= MOST:
        raise GalleryFull(most=MOST)
    file_id = _store(session, row.tenant_id, redraw(content, square=use == "portrait"), name, actor.person_id)
    if use == "portrait":
        _let_go(session, row.photo_file_id)
        change(session, row, photo_file_id=file_id)
    else:
        change(session, row, gallery=[*row.gallery, {"file": str(file_id), "caption": ""}])
    return Picture(str(file_id), staff_url(actor.tenant, str(file_id)), "")


def _store(session: Session, tenant_id: UUID, drawn: bytes, name: str, person_id: UUID | None) -> UUID:
    file_id = new_id()
    key = f"{tenant_id}/{file_id}.webp"
    storage().put(key, drawn)
    session.add(
        StoredFile(
            tenant_id=tenant_id,
            id=file_id,
            key=key,
            name=name[:200],
            content_type="image/webp",
            size=len(drawn),
            sha256=hashlib.sha256(drawn).hexdigest(),
            uploaded_by=person_id,
        )
    )
    session.flush()
    return file_id


def _let_go(session: Session, file_id: UUID | None) -> None:
    """The row goes with its cause; the bytes once that is committed."""
    if file_id is None:
        return
    key = session.scalar(delete(StoredFile).where(col(StoredFile.id) == file_id).returning(col(StoredFile.key)))
    if key:
        outbox.emit(session, REMOVED, key=key)


@verb(EDIT)
def remove_picture(session: Session, actor: Actor, *, file_id: UUID, practitioner_id: UUID | None = None) -> Pictures:
    """Take the portrait or a picture of the gallery away for good. Raises NotFound."""
    row = access_practitioner(session, actor, practitioner_id)
    left = [one for one in row.gallery if one["file"] != str(file_id)]
    if row.photo_file_id == file_id:
        change(session, row, photo_file_id=None)
    elif len(left) < len(row.gallery):
        change(session, row, gallery=left)
    else:
        raise NotFound
    _let_go(session, file_id)
    session.refresh(row)
    return _pictures(actor, row)


@verb(EDIT)
def caption_picture(
    session: Session, actor: Actor, *, file_id: UUID, caption: str, practitioner_id: UUID | None = None
) -> None:
    """What a picture of the gallery shows, in words: seen below it and read aloud. Raises NotFound."""
    row = access_practitioner(session, actor, practitioner_id)
    if str(file_id) not in [one["file"] for one in row.gallery]:
        raise NotFound
    said = " ".join(caption.split())[:LONGEST_CAPTION]
    change(
        session,
        row,
        gallery=[{**one, "caption": said} if one["file"] == str(file_id) else one for one in row.gallery],
    )


@verb("workspace.enter")
def staff_picture(session: Session, _actor: Actor, *, file_id: UUID) -> FileContent:
    """A practitioner's picture for members of the organisation, shown to the public or not. Raises NotFound."""
    p = Practitioner
    of_someone = select(col(p.id)).where(
        (col(p.photo_file_id) == file_id) | col(p.gallery).contains([{"file": str(file_id)}])
    )
    found = session.scalar(select(StoredFile).where(col(StoredFile.id) == file_id, of_someone.exists()))
    if found is None:
        raise NotFound
    try:
        return FileContent(storage().get(found.key), found.content_type, found.sha256)
    except FileNotFoundError as error:
        raise NotFound from error
