"""The team's week, and who acts for whom."""

from datetime import timedelta
from typing import Any, ClassVar

import reflex as rx

from carehub.core.actor import current_actor
from carehub.core.errors import CareHubError
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import booking
from carehub.services.booking.agenda import READ
from carehub.services.booking.desk import week_of
from carehub.services.booking.schedules import WeekPlan, team_week
from carehub.services.identity.delegation import (
    TOPIC,
    DelegationForm,
    DelegationView,
    delegate,
    delegation_choices,
    end_delegation,
    list_delegations,
)
from carehub.state.agenda import day_of
from carehub.state.base import call
from carehub.state.form import FormState
from carehub.state.live import watch
from carehub.state.policy import Events, action
from carehub.state.toasts import explain, toast

MANAGE = "members.manage"


class TeamAgendas(rx.State):
    """/w/<tenant>/team/agendas?date="""

    weeks: list[WeekPlan] = []
    days: list[str] = []
    before: str = ""
    after: str = ""
    rows: list[DelegationView] = []
    loaded: bool = False

    @action("members.read")
    async def load(self) -> Events | None:
        try:
            self.rows = await call(list_delegations)
            if current_actor().may(READ):
                await self._read_week()
        except CareHubError as refusal:
            return explain(refusal)
        self.loaded = True
        watch(self, TOPIC, "load")
        return None

    async def _read_week(self) -> None:
        frame = await call(booking.agenda_frame)
        first = week_of(day_of(self.router.url.query_parameters.get("date", ""), frame.time_zone))
        self.weeks = await call(team_week, first=first)
        self.days = [(first + timedelta(days=n)).isoformat() for n in range(7)]
        self.before, self.after = (f"?date={first + timedelta(days=n)}" for n in (-7, 7))

    @action(MANAGE)
    async def end(self, delegation_id: str) -> Events | None:
        found = parse_id(delegation_id)
        if found is None:
            return None
        try:
            await call(end_delegation, delegation_id=found)
        except CareHubError as refusal:
            return [explain(refusal), TeamAgendas.load()]
        self.rows = await call(list_delegations)
        return toast("success", N_("The delegation is over"))


class DelegationEditor(FormState, rx.State):
    """The dialog in which someone is named to act for a practitioner."""

    model: ClassVar = DelegationForm
    permission: ClassVar = MANAGE
    saved_key: ClassVar = N_("They act for them now")

    shown: bool = False

    async def _read(self) -> DelegationForm:
        found = await call(delegation_choices)
        self.choices = {
            "member_id": [{"value": key, "label": name} for key, name in found.members],
            "practitioner_id": [{"value": key, "label": name} for key, name in found.practitioners],
        }
        blank: dict[str, Any] = {"member_id": "", "practitioner_id": ""}
        return DelegationForm.model_construct(**blank)

    async def _write(self, form: Any) -> Events | None:
        await call(delegate, form=form)
        self.shown = False
        return TeamAgendas.load()

    @action(MANAGE)
    async def start(self) -> Events | None:
        self.errors, self.opened, self.shown = {}, False, True
        return DelegationEditor.open()

    @action(MANAGE)
    def show(self, is_open: bool) -> None:
        self.shown = is_open
