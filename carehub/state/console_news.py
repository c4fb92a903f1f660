"""Announcements: the list and the form."""

from typing import Any, ClassVar

import reflex as rx

from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services.platform.announcements import ANNOUNCEMENTS, publish_announcement, withdraw_announcements
from carehub.services.platform.forms import AnnouncementForm
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.listing import ListingState
from carehub.state.policy import Events, action
from carehub.state.toasts import toast

MANAGE = "platform.manage"


class Announcements(ListingState, rx.State):
    spec: ClassVar = ANNOUNCEMENTS
    permission: ClassVar = ANNOUNCEMENTS.permission

    writing: bool = False

    @action(MANAGE)
    async def ask(self, writing: bool) -> Events | None:
        self.writing = bool(writing)
        return NewAnnouncement.open if self.writing else None

    @action(MANAGE)
    async def act(self, name: str, ids: list[str]) -> Events | None:
        if name != "withdraw":
            return None
        chosen = [found for one in ids if (found := parse_id(one))]
        count = await call(withdraw_announcements, announcement_ids=chosen)
        return [toast("success", N_("Withdrawn: {count}"), count=count), Announcements.load]


class NewAnnouncement(FormState, rx.State):
    model: ClassVar = AnnouncementForm
    permission: ClassVar = MANAGE
    saved_key: ClassVar[str] = N_("It stands above every page now")

    async def _write(self, form: Any) -> Events:
        await call(publish_announcement, form=form)
        return [Announcements.ask(False), Announcements.load]
