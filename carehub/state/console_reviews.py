"""The reviewer's queue and the claim that the address names."""

from datetime import date
from typing import Any, ClassVar

import reflex as rx

from carehub.core.errors import CareHubError, NotFound, Wrong
from carehub.core.i18n import N_
from carehub.core.ids import parse_id
from carehub.services.verification.review import REVIEWS, Decision, decide_claim, review_claim
from carehub.services.verification.views import ReviewView
from carehub.state.base import call
from carehub.state.listing import ListingState
from carehub.state.policy import Events, action
from carehub.state.reader import query
from carehub.state.toasts import explain, toast

READ, MANAGE = "platform.read", "platform.manage"


class Reviews(ListingState, rx.State):
    spec: ClassVar = REVIEWS
    permission: ClassVar = REVIEWS.permission


class Review(rx.State):
    """?claim=<id>"""

    shown: ReviewView | None = None
    errors: dict[str, Wrong] = {}
    answered: int = 0

    @action(READ)
    async def load(self) -> None:
        found = parse_id(query(self, "claim"))
        self.errors = {}
        try:
            self.shown = await call(review_claim, claim_id=found) if found else None
        except NotFound:
            self.shown = None

    @action(MANAGE)
    async def decide(self, sent: dict[str, Any]) -> Events | None:
        """`decision`, `reason` and, for an approval, `expires_on` (empty: for good)."""
        self.answered += 1
        chosen = str(sent.get("decision", ""))
        tenant, claim = (parse_id(self.shown.tenant_id), parse_id(self.shown.id)) if self.shown else (None, None)
        if tenant is None or claim is None or chosen not in [one.value for one in Decision]:
            return None
        try:
            until = date.fromisoformat(str(sent.get("expires_on") or "")) if sent.get("expires_on") else None
        except ValueError:
            self.errors = {"expires_on": Wrong(N_("A date is expected"))}
            return None
        try:
            await call(
                decide_claim,
                tenant_id=tenant,
                claim_id=claim,
                decision=Decision(chosen),
                reason=str(sent.get("reason", "")),
                expires_on=until,
            )
        except CareHubError as refusal:
            self.errors = refusal.fields
            return None if refusal.fields else explain(refusal)
        return [toast("success", N_("Answered: they are told")), Review.load, Reviews.load]
