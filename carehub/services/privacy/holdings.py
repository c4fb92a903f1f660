"""What data rights themselves hold: decisions, requests and exports."""

from carehub.core.holdings import OF_PATIENT, OF_PERSON, Holding, holds, holds_nobody
from carehub.core.i18n import N_
from carehub.core.roles import Role

holds(
    Holding(
        "consent",
        N_("What you agreed to"),
        f"{OF_PERSON} OR {OF_PATIENT}",
        shown={
            "purpose": "t.purpose",
            "granted": "t.granted",
            "at": "t.at",
            "version": "t.version",
            "wording": "t.wording",
            "source": "t.source",
            "network_address": "t.address",
        },
        blank={"address": "''", "patient_id": "NULL"},
        care=True,
    ),
    Holding(
        "rights_request",
        N_("Your requests"),
        f"{OF_PERSON} OR {OF_PATIENT}",
        shown={"what": "t.kind", "status": "t.status", "at": "t.asked_at", "said": "t.said", "answer": "t.answer"},
        sealed={"said": "rights_request.said", "answer": "rights_request.answer"},
        blank={"said": "NULL", "answer": "NULL"},
    ),
    Holding(
        "record_access",
        N_("Who opened your file"),
        OF_PATIENT,
        shown={"at": "t.at", "what": "t.what", "role": "t.role"},
        care=True,
    ),
    Holding(
        "data_export",
        N_("Copies of your data"),
        OF_PERSON,
        Role.WORKER,
        shown={"at": "t.asked_at", "until": "t.expires_at"},
        files="ARRAY['exports/' || t.id || '.json', 'exports/' || t.id || '.pdf']",
    ),
)
holds_nobody(
    data_breach="who opened it, by number",
    legal_text="who published it, by number",
    retention_rule="a setting",
)
