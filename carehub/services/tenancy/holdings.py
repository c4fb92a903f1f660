"""Files that a tenant keeps of a person: a practitioner's portrait and gallery."""

from carehub.core.holdings import PERSON, PRACTITIONERS, Holding, holds, holds_nobody
from carehub.core.i18n import N_

holds(
    Holding(
        "stored_file",
        N_("Your pictures"),
        "EXISTS (SELECT FROM practitioner p WHERE p.tenant_id = t.tenant_id"
        f" AND p.id = {PRACTITIONERS}"
        " AND (p.photo_file_id = t.id OR p.gallery @> jsonb_build_array(jsonb_build_object('file', t.id))))",
        shown={"name": "t.name", "size": "t.size", "at": "t.created_at"},
        files="ARRAY[t.key]",
        order=-20,
    ),
    Holding("stored_file", N_("Files"), f"t.uploaded_by = {PERSON}", blank={"name": "''"}),
)
holds_nobody(
    tenant_export="who asked for it, by number",
    tenant="an organisation's own address",
    tenant_domain="an organisation's own host",
    site="a place",
    room="a room",
    service="an offer",
)
