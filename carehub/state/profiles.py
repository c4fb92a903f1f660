"""/w/<tenant>/profile: a practitioner's words, pictures and visibility; one's own, or a colleague's by ?of=<id>."""

from typing import Any, ClassVar
from uuid import UUID

import reflex as rx

from carehub.core.errors import CareHubError, NotFound
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.models.practice import Audience
from carehub.services.directory.criteria import LANGUAGE_LABELS
from carehub.services.directory.specialities import SPECIALITIES
from carehub.services.profiles.forms import ProfileForm
from carehub.services.profiles.pictures import Pictures, caption_picture, read_pictures, remove_picture
from carehub.services.profiles.preview import Preview, preview_profile
from carehub.services.profiles.profile import EDIT, read_profile, read_progress, save_profile
from carehub.services.profiles.views import Picture, Progress
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.policy import Events, action
from carehub.state.reader import query
from carehub.state.toasts import explain, toast


def asked_of(state: rx.State) -> UUID | None:
    """Whose profile the address names; None: the reader's own."""
    return parse_id(query(state, "of"))


class ProfileEditor(FormState, rx.State):
    """The form, and beside it the pictures, how full the profile is, and what others see. `of` as the address has it."""

    model: ClassVar = ProfileForm
    permission: ClassVar = EDIT

    of: str = ""
    none: bool = False  # the member is no practitioner
    portrait: str = ""
    gallery: list[Picture] = []
    progress: Progress | None = None
    preview: Preview | None = None
    audience: str = Audience.PUBLIC.value

    async def _read(self) -> ProfileForm:
        wanted = asked_of(self)
        self.choices = {
            "specialities": [{"value": code, "label": one.label} for code, one in SPECIALITIES.items()],
            "languages": [{"value": code, "label": label} for code, label in LANGUAGE_LABELS.items()],
        }
        self.of = str(wanted or "")
        try:
            form = await call(read_profile, practitioner_id=wanted)
        except NotFound:
            self.none = True
            return ProfileForm.model_construct()
        self.none = False
        self._draw(await call(read_pictures, practitioner_id=wanted))
        await self._look()
        return form

    async def _look(self) -> None:
        wanted = asked_of(self)
        self.progress = await call(read_progress, practitioner_id=wanted)
        self.preview = await call(preview_profile, audience=Audience(self.audience), practitioner_id=wanted)

    def _draw(self, pictures: Pictures) -> None:
        self.portrait, self.gallery = pictures.portrait, pictures.gallery

    async def _write(self, form: Any) -> None:
        kept = await call(save_profile, form=form, practitioner_id=asked_of(self))
        form.video_url, form.links = kept.video_url, kept.links
        await self._look()

    @action(EDIT)
    async def look_as(self, audience: str) -> None:
        """The preview, for another audience."""
        known = [one.value for one in (Audience.PUBLIC, Audience.PROFESSIONALS)]
        self.audience = audience if audience in known else Audience.PUBLIC.value
        await self._look()

    @action(EDIT)
    async def pictures_changed(self) -> None:
        """A picture was sent to the server."""
        self._draw(await call(read_pictures, practitioner_id=asked_of(self)))
        await self._look()

    @action(EDIT)
    async def remove(self, file_id: str) -> Events | None:
        gone = parse_id(file_id)
        if gone is None:
            return None
        try:
            self._draw(await call(remove_picture, file_id=gone, practitioner_id=asked_of(self)))
        except CareHubError as refusal:
            return explain(refusal)
        await self._look()
        return toast("success", N_("Picture removed"))

    @action(EDIT)
    async def caption(self, file_id: str, caption: str) -> Events | None:
        named = parse_id(file_id)
        if named is None:
            return None
        try:
            await call(caption_picture, file_id=named, caption=str(caption), practitioner_id=asked_of(self))
        except CareHubError as refusal:
            return explain(refusal)
        return toast("success", N_("Saved"))
