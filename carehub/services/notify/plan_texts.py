"""How a centre shows what is told of the organisation's plan: what is not paid waits for its reader (MC-096)."""

from carehub.core.i18n import N_
from carehub.models.notify import Audience
from carehub.services.notify.texts import WORDS, Words

PLAN_WORD, PLAN_UNPAID = "plan.word", "plan.unpaid"
_PRO = Audience.PRACTITIONER
_TITLE, _LEAD = N_("Your plan"), N_("What you pay CareHub stands under Settings, Plan.")

WORDS.update(
    {
        (PLAN_WORD, _PRO): Words(_TITLE, _LEAD, _TITLE, N_("Open the plan"), icon="badge-percent"),
        (PLAN_UNPAID, _PRO): Words(_TITLE, _LEAD, _TITLE, N_("Pay now"), todo=True, icon="credit-card", tone="bad"),
    }
)
