"""What stands in a tenant's own fields about a person."""

from carehub.core.holdings import APPOINTMENTS, OF_PATIENT, PATIENTS, Holding, holds
from carehub.core.i18n import N_

_SAID = """(SELECT jsonb_object_agg(f.label, coalesce(
    (SELECT c ->> 'label' FROM jsonb_array_elements(f.choices) c WHERE c ->> 'id' = e.value #>> '{}'), e.value #>> '{}'))
  FROM jsonb_each(t.held) e JOIN custom_field f ON f.tenant_id = t.tenant_id AND f.id::text = e.key)"""

holds(
    Holding(
        "custom_values",
        N_("Own fields"),
        f"{OF_PATIENT} OR t.appointment_id = {APPOINTMENTS}",
        shown={"values": _SAID},
        care=True,
    ),
    Holding(
        "stored_file",
        N_("Files"),
        "t.id::text IN (SELECT e.value FROM custom_values v, jsonb_each_text(v.held) e WHERE v.tenant_id = t.tenant_id"
        f" AND (v.patient_id = {PATIENTS} OR v.appointment_id = {APPOINTMENTS}))",
        shown={"name": "t.name", "size": "t.size", "at": "t.created_at"},
        files="ARRAY[t.key]",
        care=True,
        order=-20,
    ),
)
