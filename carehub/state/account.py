"""One's own account: profile, sessions, history."""

from typing import Any, ClassVar

import reflex as rx

from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services.identity.account import (
    LoginView,
    SessionView,
    my_email,
    my_logins,
    my_profile,
    my_sessions,
    revoke_other_sessions,
    revoke_session,
    save_profile,
)
from carehub.services.identity.cards import my_card, remove_portrait, save_about, save_appearance
from carehub.services.identity.forms import AboutForm, AppearanceForm, ProfileForm
from carehub.services.identity.second_check import my_question
from carehub.services.tenancy.rules import COUNTRIES
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.policy import SIGNED_IN, Events, action
from carehub.state.toasts import toast


class Profile(FormState, rx.State):
    model: ClassVar = ProfileForm
    permission: ClassVar = SIGNED_IN

    async def _read(self) -> ProfileForm:
        form = await call(my_profile)
        zones = sorted({form.time_zone, *(one.time_zone for one in COUNTRIES.values())})
        self.choices = {"time_zone": [{"value": zone, "label": zone.replace("_", " ")} for zone in zones]}
        return form

    async def _write(self, form: Any) -> None:
        await call(save_profile, form=form)


class MyCard(rx.State):
    """One's own picture, and where the pseudonym is all that is known."""

    portrait: str = ""
    used_at: str = ""

    @action(SIGNED_IN)
    async def load(self) -> None:
        found = await call(my_card)
        self.portrait, self.used_at = found.portrait, ", ".join(found.used_at)

    @action(SIGNED_IN)
    async def remove(self) -> Events:
        await call(remove_portrait)
        self.portrait = ""
        return toast("success", N_("Your picture is gone"))


class About(FormState, rx.State):
    model: ClassVar = AboutForm
    permission: ClassVar = SIGNED_IN

    async def _read(self) -> AboutForm:
        return (await call(my_card)).about

    async def _write(self, form: Any) -> None:
        await call(save_about, form=form)


class Appearance(FormState, rx.State):
    model: ClassVar = AppearanceForm
    permission: ClassVar = SIGNED_IN

    async def _read(self) -> AppearanceForm:
        return AppearanceForm(alias=(await call(my_card)).alias)

    async def _write(self, form: Any) -> None:
        await call(save_appearance, form=form)


class Security(rx.State):
    email: str = ""
    question: str = ""  # one's own, for recoveries
    done: str = ""  # what a form of this page has just done
    sessions: list[SessionView] = []
    logins: list[LoginView] = []

    @action(SIGNED_IN)
    async def load(self) -> None:
        self.email = await call(my_email)
        self.question = (await call(my_question)).question
        self.done = str(self.router.url.query_parameters.get("done", ""))
        self.sessions = await call(my_sessions)
        self.logins = await call(my_logins)

    @action(SIGNED_IN)
    async def revoke(self, session_id: str) -> Events | None:
        found = parse_id(session_id)
        if found is None:
            return None
        await call(revoke_session, session_id=found)
        self.sessions = await call(my_sessions)
        return toast("success", N_("Signed out of that device"))

    @action(SIGNED_IN)
    async def revoke_others(self) -> Events:
        count = await call(revoke_other_sessions)
        self.sessions = await call(my_sessions)
        return toast("success", N_("Devices signed out: {count}"), count=count)
