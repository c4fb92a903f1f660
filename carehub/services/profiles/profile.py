"""A practitioner edits what they say and who sees it; who manages the directory does so for the team. DI-013, DI-016, DI-017, DI-021,
DI-023, MC-010, MC-013, MC-136."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.errors import Faults, Invalid, NotFound
from carehub.core.verbs import verb
from carehub.models.practice import Practitioner, Service, ServicePractitioner, Visibility
from carehub.services.booking.config_forms import ProfileTextForm
from carehub.services.profiles.completeness import Standing, progress_of
from carehub.services.profiles.forms import Links, ProfileForm, Shares
from carehub.services.profiles.media import check_link, check_video
from carehub.services.profiles.parts import DEFAULTS, audience_of
from carehub.services.profiles.shown import said_of
from carehub.services.profiles.views import Progress
from carehub.services.verification.badge import badge_of

EDIT = "agenda.own|directory.manage"
MANAGE = "directory.manage"
_WORDS = (*ProfileTextForm.model_fields, "approach", "diplomas", "practising_since", "video_url")


class YearToCome(Invalid):
    key = "This year is still to come"


def access_practitioner(session: Session, actor: Actor, practitioner_id: UUID | None) -> Practitioner:
    """One's own row (None), or a colleague's for who manages the directory. Raises NotFound, for anyone else's too."""
    wanted = practitioner_id or actor.practitioner_id
    if wanted is None or (wanted != actor.practitioner_id and not actor.may(MANAGE)):
        raise NotFound
    found = session.scalar(select(Practitioner).where(col(Practitioner.id) == wanted))
    if found is None:
        raise NotFound
    return found


def change(session: Session, row: Practitioner, **values: Any) -> None:
    """Write, and have the public projection follow."""
    session.execute(
        update(Practitioner)
        .where(col(Practitioner.id) == row.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    outbox.emit(session, "directory.changed", practitioner_id=str(row.id))


@verb(EDIT)
def read_profile(session: Session, actor: Actor, *, practitioner_id: UUID | None = None) -> ProfileForm:
    """As the form shows it. Raises NotFound, also for a member who is no practitioner here."""
    found = access_practitioner(session, actor, practitioner_id)
    return ProfileForm.model_construct(
        **{name: getattr(found, name) for name in _WORDS},
        links=Links.model_construct(None, **{name: found.links.get(name, "") for name in Links.model_fields}),
        visibility=Visibility(found.visibility),
        shares=Shares.model_construct(None, **{part: audience_of(found.shares, part) for part in DEFAULTS}),
    )


@verb(EDIT)
def save_profile(
    session: Session, actor: Actor, *, form: ProfileForm, practitioner_id: UUID | None = None
) -> ProfileForm:
    """Keep what is said and who sees it; answers the addresses as they were kept. The public page follows within seconds.

    Raises NotFound, VideoUnknown, AddressWrong, NetworkWrong or YearToCome at their fields.
    """
    found, faults = access_practitioner(session, actor, practitioner_id), Faults()
    kept = form.model_copy(deep=True)
    with faults:
        kept.video_url = check_video(form.video_url)
    for network, url in form.links:
        with faults:
            setattr(kept.links, network, check_link(network, url))
    with faults:
        if form.practising_since and form.practising_since > clock.now().year:
            raise YearToCome(field="practising_since")
    faults.check()
    words = {name: getattr(kept, name) for name in _WORDS}
    links = {network: url for network, url in kept.links if url}
    shares = {part: audience.value for part, audience in kept.shares}
    change(session, found, **words, links=links, shares=shares, visibility=kept.visibility.value)
    return kept


@verb(EDIT)
def read_progress(session: Session, actor: Actor, *, practitioner_id: UUID | None = None) -> Progress:
    """How full the profile is and what to do next. Raises NotFound."""
    row = access_practitioner(session, actor, practitioner_id)
    offered = (
        select(func.count())
        .select_from(ServicePractitioner)
        .join(
            Service,
            (col(Service.tenant_id) == col(ServicePractitioner.tenant_id))
            & (col(Service.id) == col(ServicePractitioner.service_id)),
        )
        .where(col(ServicePractitioner.practitioner_id) == row.id, col(Service.active), col(Service.is_public))
    )
    badge = badge_of(session, row.id)
    standing = Standing(
        headline=row.headline,
        specialities=len(row.specialities),
        services=session.scalar(offered) or 0,
        is_published=row.visibility != Visibility.HIDDEN,
        is_verified=bool(badge.kind),
    )
    return progress_of(said_of(row, badge.registration), standing)
