"""The profile as someone else would see it, before it is published."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.verbs import verb
from carehub.models.practice import Audience, Visibility
from carehub.services.directory.criteria import LANGUAGE_LABELS
from carehub.services.directory.specialities import msgid
from carehub.services.identity.shell import initials
from carehub.services.profiles.distinctions import distinctions_of
from carehub.services.profiles.parts import AUDIENCES
from carehub.services.profiles.pictures import staff_url
from carehub.services.profiles.profile import EDIT, access_practitioner
from carehub.services.profiles.shown import presented, said_of
from carehub.services.profiles.views import Presented
from carehub.services.verification.badge import badge_of
from carehub.services.verification.kinds import badge_label


@dataclass(frozen=True)
class Preview:
    """What one audience reads. `finds` False: this audience does not find the profile at all. `badge`, specialities and
    languages are msgids."""

    finds: bool = False
    name: str = ""
    initials: str = ""
    colour: int = 1
    headline: str = ""
    photo: str = ""
    badge: str = ""
    specialities: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    biography: str = ""
    since: int | None = None
    registration: str = ""
    more: Presented = field(default_factory=Presented)
    slug: str = ""


@verb(EDIT)
def preview_profile(
    session: Session, actor: Actor, *, audience: Audience, practitioner_id: UUID | None = None
) -> Preview:
    """As `audience` would see it now, by the same rules as the public page. Raises NotFound."""
    row = access_practitioner(session, actor, practitioner_id)
    badge = badge_of(session, row.id)
    held = distinctions_of(session, row.id, row, is_checked=bool(badge.registration))
    seen = said_of(row, badge.registration, held).seen_by(audience, row.shares)
    name = " ".join(part for part in (row.honorific, row.given_name, row.family_name) if part)
    return Preview(
        finds=row.active and audience in AUDIENCES[Visibility(row.visibility)],
        name=name,
        initials=initials(f"{row.given_name} {row.family_name}"),
        colour=row.colour,
        headline=row.headline,
        photo=staff_url(actor.tenant, seen.photo) if seen.photo else "",
        badge=badge_label(badge.kind),
        specialities=[msgid(code) for code in row.specialities],
        languages=[LANGUAGE_LABELS[code] for code in seen.languages if code in LANGUAGE_LABELS],
        biography=seen.biography,
        since=seen.practising_since,
        registration=seen.registration,
        more=presented(seen.as_json(), lambda file_id: staff_url(actor.tenant, file_id)),
        slug=row.slug,
    )
