"""What verification holds of a practitioner: claims, numbers, documents. All of it goes with them, but who opened what."""

from carehub.core.holdings import PERSON, PRACTITIONERS, Holding, holds
from carehub.core.i18n import N_

_OF_PRACTITIONER = f"t.practitioner_id = {PRACTITIONERS}"

holds(
    Holding(
        "verification_document",
        N_("Documents of your verification"),
        "t.verification_id IN (SELECT v.id FROM verification v WHERE v.tenant_id = t.tenant_id"
        f" AND v.practitioner_id = {PRACTITIONERS})",
        shown={"name": "t.name", "size": "t.size", "at": "t.created_at"},
        files="ARRAY[t.key]",
        order=-10,
    ),
    Holding(
        "verification_read",
        N_("Who opened a document of your verification"),
        f"{_OF_PRACTITIONER} OR t.person_id = {PERSON}",
        shown={"at": "t.at", "what": "t.kind", "by": "t.by"},
        kept=N_("The record of who opened a document says so by number only"),
    ),
    Holding(
        "verification",
        N_("Your verification"),
        _OF_PRACTITIONER,
        shown={
            "what": "t.kind",
            "status": "t.status",
            "number": "t.number",
            "said": "t.statement",
            "answer": "t.reason",
            "at": "t.submitted_at",
            "until": "t.expires_on",
        },
        sealed={"number": "verification.number", "said": "verification.statement"},
        order=10,
    ),
)
