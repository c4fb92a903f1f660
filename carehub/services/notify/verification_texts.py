"""The words of what is told about a claim (DI-027). Params: {what}, {reason}, {day}."""

from carehub.core.i18n import N_
from carehub.models.notify import Audience
from carehub.services.notify.texts import WORDS, Words

_PRO = Audience.PRACTITIONER
_SEE = N_("See the verification")

CLAIM_WORDS: dict[tuple[str, str], Words] = {
    ("verification.submitted", _PRO): Words(
        N_("Sent to be checked: {what}"),
        N_("We received what you sent and check it. You are told as soon as it is answered."),
        N_("Sent to be checked: {what}"),
        _SEE,
        icon="send",
    ),
    ("verification.approved", _PRO): Words(
        N_("Approved: {what}"),
        N_("What you sent was checked and approved."),
        N_("Approved: {what}"),
        _SEE,
        icon="shield-check",
        tone="ok",
    ),
    ("verification.rejected", _PRO): Words(
        N_("Not approved: {what}"),
        N_("What you sent was checked and could not be approved."),
        N_("Not approved: {what}"),
        _SEE,
        icon="shield-alert",
        tone="bad",
    ),
    ("verification.more", _PRO): Words(
        N_("Something is missing: {what}"),
        N_("What you sent was checked and something is missing."),
        N_("Something is missing: {what}"),
        N_("Complete it"),
        icon="shield-alert",
        tone="warn",
    ),
    ("verification.expiring", _PRO): Words(
        N_("Ends soon: {what}"),
        N_("The approval ends soon. Send it again in time and your badge stays."),
        N_("Ends soon: {what}"),
        N_("Send it again"),
        icon="hourglass",
        tone="warn",
    ),
    ("verification.expired", _PRO): Words(
        N_("Ended: {what}"),
        N_("The approval has ended and its badge is gone. Send it again to have it back."),
        N_("Ended: {what}"),
        N_("Send it again"),
        icon="hourglass",
        tone="bad",
    ),
}
WORDS.update(CLAIM_WORDS)
REASON, LAST_DAY = N_("Reason"), N_("Last day")
