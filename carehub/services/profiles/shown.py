"""From rows to what one audience reads: the only place where a part is kept or left out."""

from collections.abc import Callable, Mapping
from typing import Any

from carehub.models.identity import RegistrationKind
from carehub.services.profiles.distinctions import DISTINCTION_LABELS
from carehub.services.profiles.media import links_of, video_of
from carehub.services.profiles.parts import Said, lines_of
from carehub.services.profiles.views import Picture, Presented


def said_of(row: Any, checked_registration: str = "", distinctions: tuple[str, ...] = ()) -> Said:
    """A practitioner's row, and what they have earned. A checked number goes before the declared one."""
    declared = ""
    if row.registration_number and row.registration_kind != RegistrationKind.NONE:
        declared = f"{row.registration_kind.upper()} {row.registration_number}"
    return Said(
        photo=str(row.photo_file_id or ""),
        biography=row.biography,
        approach=row.approach,
        diplomas=row.diplomas,
        certifications=row.certifications,
        languages=tuple(row.languages),
        practising_since=row.practising_since,
        distinctions=distinctions,
        registration=checked_registration or declared,
        gallery=tuple(row.gallery),
        video=row.video_url,
        links=row.links or None,
    )


def presented(shown: Mapping[str, Any], url_of: Callable[[str], str], *, report: str = "") -> Presented:
    """`shown` is `Said.as_json` of what the audience may read; `url_of` makes a file's id an address, `report` is where it is reported."""
    return Presented(
        approach=shown.get("approach", ""),
        diplomas=lines_of(shown.get("diplomas", "")),
        certifications=lines_of(shown.get("certifications", "")),
        gallery=[Picture(one["file"], url_of(one["file"]), one.get("caption", "")) for one in shown.get("gallery", ())],
        video=video_of(shown.get("video", "")),
        links=links_of(shown.get("links", {})),
        distinctions=[DISTINCTION_LABELS[code] for code in shown.get("distinctions", ()) if code in DISTINCTION_LABELS],
        report=report,
    )
