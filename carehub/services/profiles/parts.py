"""The parts of a profile and for whom each is (DI-013, DI-023). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from carehub.core.i18n import N_
from carehub.models.practice import Audience, Visibility

AUDIENCE_LABELS = {
    "public": N_("Everyone"),
    "professionals": N_("Signed-in professionals"),
    "private": N_("Nobody"),
}
# What a public page is made of is for everyone once the page is published; what leads elsewhere or identifies waits to be asked.
DEFAULTS: Mapping[str, Audience] = {
    "photo": Audience.PUBLIC,
    "biography": Audience.PUBLIC,
    "approach": Audience.PUBLIC,
    "diplomas": Audience.PUBLIC,
    "certifications": Audience.PUBLIC,
    "languages": Audience.PUBLIC,
    "practising_since": Audience.PUBLIC,
    "distinctions": Audience.PUBLIC,
    "registration": Audience.PRIVATE,
    "gallery": Audience.PRIVATE,
    "video": Audience.PRIVATE,
    "links": Audience.PRIVATE,
}
AUDIENCES = {  # visibility of the whole profile -> who reads it at all
    Visibility.PUBLISHED: (Audience.PUBLIC, Audience.PROFESSIONALS),
    Visibility.PROFESSIONALS: (Audience.PROFESSIONALS,),
    Visibility.HIDDEN: (),
}


def audience_of(shares: Mapping[str, str], part: str) -> Audience:
    """Whom a part is for. What cannot be read is for nobody."""
    kept = shares.get(part, DEFAULTS[part])
    return Audience(kept) if kept in tuple(Audience) else Audience.PRIVATE


def is_for(audience: Audience, shares: Mapping[str, str], part: str) -> bool:
    """A professional also reads what is for everyone; nobody reads what is private."""
    share = audience_of(shares, part)
    return share == Audience.PUBLIC or (share == Audience.PROFESSIONALS and audience == Audience.PROFESSIONALS)


@dataclass(frozen=True)
class Said:
    """A practitioner's own words, as the rows hold them. Files by their ids."""

    photo: str = ""
    biography: str = ""
    approach: str = ""
    diplomas: str = ""
    certifications: str = ""
    languages: tuple[str, ...] = ()
    practising_since: int | None = None
    distinctions: tuple[str, ...] = ()  # codes of services.profiles.distinctions
    registration: str = ""  # "RPPS 10101010101"
    gallery: tuple[Mapping[str, str], ...] = ()
    video: str = ""
    links: Mapping[str, str] | None = None

    def seen_by(self, audience: Audience, shares: Mapping[str, str]) -> "Said":
        """The same without the parts that are not for `audience`."""
        kept = {part: getattr(self, part) for part in DEFAULTS if is_for(audience, shares, part)}
        return replace(Said(), **kept)

    def as_json(self) -> dict[str, Any]:
        """What the projection keeps: only what there is."""
        kept = {part: getattr(self, part) for part in DEFAULTS}
        return {part: _plain(value) for part, value in kept.items() if value}


def _plain(value: Any) -> Any:
    return [dict(one) if isinstance(one, Mapping) else one for one in value] if isinstance(value, tuple) else value


def lines_of(text: str) -> list[str]:
    """One a line, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
