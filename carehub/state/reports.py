"""Reporting a public page, and the reviewer's queue of what was reported."""

from typing import Any, ClassVar

import reflex as rx

from carehub.core.errors import CareHubError, NotFound, Wrong
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services import moderation
from carehub.services.moderation import REPORTS, Decision, ReportedPage, ReportForm, ReportView
from carehub.services.moderation.reporting import MOST, Fault
from carehub.state.base import call
from carehub.state.listing import ListingState
from carehub.state.live import watch
from carehub.state.policy import SIGNED_IN, Events, action
from carehub.state.reader import query, segment
from carehub.state.toasts import explain, toast

READ, MANAGE = "platform.read", "platform.manage"


class ReportPage(rx.State):
    """/me/report/<tenant> and /me/report/<tenant>/<slug>"""

    status: str = "loading"  # loading, ready, sent, missing, failed
    shown: ReportedPage | None = None
    errors: dict[str, Wrong] = {}
    answered: int = 0

    @action(SIGNED_IN)
    async def load(self) -> Events | None:
        try:
            self.shown = await call(moderation.read_page, tenant=segment(self, 2), slug=segment(self, 3))
        except NotFound:
            self.shown, self.status = None, "missing"
            return None
        except CareHubError as refusal:
            self.shown, self.status = None, "failed"
            return explain(refusal)
        self.status, self.errors = "sent" if self.shown.waits else "ready", {}
        return None

    @action(SIGNED_IN)
    async def send(self, sent: dict[str, str]) -> Events | None:
        """`kind` and `words`; a refusal stands at its field, and what was typed stays."""
        self.answered += 1
        kind, words = str(sent.get("kind", "")), str(sent.get("words", "")).replace("\x00", "")
        if kind not in [one.value for one in Fault]:
            self.errors = {"kind": Wrong(N_("Choose what is wrong"))}
            return None
        form = ReportForm(kind=Fault(kind), words=words[:MOST])
        try:
            await call(moderation.report_page, tenant=segment(self, 2), slug=segment(self, 3), form=form)
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        self.status, self.errors = "sent", {}
        return None


class Reports(ListingState, rx.State):
    """/platform/reports"""

    spec: ClassVar = REPORTS
    permission: ClassVar = REPORTS.permission


class ReportDesk(rx.State):
    """?report=<id>"""

    shown: ReportView | None = None
    errors: dict[str, Wrong] = {}
    answered: int = 0

    @action(READ)
    async def load(self) -> None:
        found = parse_id(query(self, "report"))
        self.errors = {}
        try:
            self.shown = await call(moderation.review_report, report_id=found) if found else None
        except NotFound:
            self.shown = None
        watch(self, REPORTS.name, "load")

    @action(MANAGE)
    async def decide(self, sent: dict[str, Any]) -> Events | None:
        """`decision` and `reason`"""
        self.answered += 1
        chosen = str(sent.get("decision", ""))
        tenant, report = (parse_id(self.shown.tenant_id), parse_id(self.shown.id)) if self.shown else (None, None)
        if tenant is None or report is None or chosen not in [one.value for one in Decision]:
            return None
        try:
            await call(
                moderation.decide_report,
                tenant_id=tenant,
                report_id=report,
                decision=Decision(chosen),
                reason=str(sent.get("reason", "")),
            )
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        return [toast("success", N_("Decided and on record")), ReportDesk.load, Reports.load]
