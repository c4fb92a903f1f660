"""What the directory publishes of a practitioner. It is made from the profile, and goes before it."""

from carehub.core.holdings import PRACTITIONERS, Holding, holds
from carehub.core.i18n import N_
from carehub.core.roles import Role

_ENTRY = N_("Your entry in the directory")

holds(
    Holding("directory_profile", _ENTRY, f"t.practitioner_id = {PRACTITIONERS}"),
    Holding("day_slots", _ENTRY, f"t.practitioner_id = {PRACTITIONERS}"),
    Holding(
        "directory_term",
        _ENTRY,
        "t.kind = 'practitioner' AND t.code = ANY(cast(:practitioners AS text[]))",
        Role.WORKER,
    ),
    Holding("directory_profile", _ENTRY, f"t.practitioner_id = {PRACTITIONERS}"),
    Holding("directory_entry", _ENTRY, f"t.id = {PRACTITIONERS}"),
)
