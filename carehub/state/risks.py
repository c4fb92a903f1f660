"""Signals of fraud and abuse: the list, and the dialog that asks why."""

from typing import ClassVar

import reflex as rx

from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services.platform.risks import RISKS, act_on_risks, dismiss_risks
from carehub.state.base import call
from carehub.state.listing import ListingState
from carehub.state.policy import Events, action
from carehub.state.toasts import toast

MANAGE = "platform.manage"


class Risks(ListingState, rx.State):
    spec: ClassVar = RISKS
    permission: ClassVar = RISKS.permission

    asking: bool = False
    about: str = ""  # dismiss or close
    why: str = ""
    _chosen: list[str] = []

    @action(MANAGE)
    def act(self, name: str, ids: list[str]) -> None:
        """The dialog asks why."""
        if name in ("dismiss", "close"):
            self.about, self._chosen, self.why, self.asking = name, [str(one) for one in ids[:50]], "", True

    @action(MANAGE)
    def leave(self, asking: bool) -> None:
        if not asking:
            self.asking = False

    @action(MANAGE)
    def say_why(self, why: str) -> None:
        self.why = str(why)[:500]

    @action(MANAGE)
    async def decide(self) -> Events:
        chosen = [found for one in self._chosen if (found := parse_id(one))]
        await call(act_on_risks if self.about == "close" else dismiss_risks, risk_ids=chosen, reason=self.why)
        self.asking = False
        return [toast("success", N_("Saved")), Risks.load]
