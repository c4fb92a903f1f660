"""The words of a public page, part by part, as their authors wrote them."""

from collections.abc import Mapping
from typing import Any

from carehub.models.practice import Audience, Practitioner
from carehub.models.tenancy import Tenant
from carehub.services.profiles.shown import said_of

_TEXTS = ("biography", "approach", "diplomas", "certifications")


def parts_of_profile(row: Practitioner) -> dict[str, str]:
    """What anybody but its author may read: parts kept private are nobody's business, a reviewer's neither."""
    seen = said_of(row).seen_by(Audience.PROFESSIONALS, row.shares)
    captions = "\n".join(one.get("caption", "") for one in seen.gallery)
    said = {"headline": row.headline, **{part: getattr(seen, part) for part in _TEXTS}, "gallery": captions}
    return {part: text for part, text in said.items() if text.strip()}


def parts_of_house(row: Tenant) -> dict[str, str]:
    """An organisation's own page."""
    said = {"tagline": row.tagline, "about": row.about, "home": "\n".join(_written(one) for one in row.home or ())}
    return {part: text for part, text in said.items() if text and text.strip()}


def _written(block: Mapping[str, Any]) -> str:
    return f"{block.get('title', '')} {block.get('text', '')}".strip()
