"""The register of data breaches and its clock: 72 hours from the discovery to the authority (SQ-142, GDPR 33)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock, outbox
from carehub.core.actor import Actor
from carehub.core.bus import announce
from carehub.core.crypto import PERSONS
from carehub.core.errors import Faults, Invalid, NotFound
from carehub.core.i18n import N_
from carehub.core.outbox import Event
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.privacy import BreachRisk, DataBreach
from carehub.models.tenancy import Tenant
from carehub.services.listing import Column, Filter, ListSpec, list_verb
from carehub.services.privacy import letters
from carehub.services.privacy.errors import SayWhat
from carehub.services.privacy.forms import BreachForm
from carehub.services.privacy.requests import MANAGE
from carehub.services.privacy.subject import places
from carehub.services.privacy.telling import tell

CLOCK_RUNS = timedelta(hours=72)
REMINDERS = (timedelta(hours=24), timedelta(hours=48), timedelta(hours=66))
OPENED, CLOCK = "privacy.breach_opened", "privacy.breach_clock"
PLATFORM_MANAGE = "platform.manage"
AUTHORITIES: Mapping[str, tuple[str, str]] = {  # country -> who is told, where
    "FR": ("CNIL", "https://www.cnil.fr"),
    "MA": ("CNDP", "https://www.cndp.ma"),
    "TN": ("INPDP", "https://www.inpdp.tn"),
    "DZ": ("ANPDP", "https://anpdp.dz"),
}
RISK_LABELS: Mapping[str, str] = {
    BreachRisk.NONE: N_("Unlikely"),
    BreachRisk.RISK: N_("A risk: the authority is told"),
    BreachRisk.HIGH: N_("A high risk: the people are told too"),
}
STEP_LABELS: Mapping[str, str] = {
    "open": N_("Clock runs"),
    "late": N_("Clock is over"),
    "told": N_("Authority told"),
    "closed": N_("Closed"),
}
STEP_TONES: Mapping[str, Any] = {"open": "warn", "late": "bad", "told": "info", "closed": "out"}
SUBJECT = N_("A data breach was opened: {title}")
LEAD = N_("The clock runs until {until} (UTC) for telling {authority}. The register says what to do and who is told.")
REMINDED = N_("{hours} hours are left to tell {authority} of a data breach")
ACTION = N_("Open the register")


class NotYet(Invalid):
    key = "This day is still to come"


@dataclass(frozen=True)
class BreachView:
    """One entry. `step` is a key of STEP_LABELS; times ISO; `until`: when the 72 hours are over."""

    id: str = ""
    title: str = ""
    nature: str = ""
    measures: str = ""
    risk: str = ""
    people: int = 0
    discovered_at: str = ""
    until: str = ""
    authority: str = ""
    authority_url: str = ""
    authority_told_at: str = ""
    people_told_at: str = ""
    closed_at: str = ""
    step: str = ""
    tenant: str = ""


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def step_of(row: DataBreach) -> str:
    if row.closed_at:
        return "closed"
    if row.authority_told_at or row.risk == BreachRisk.NONE:
        return "told"
    return "late" if clock.now() > row.discovered_at + CLOCK_RUNS else "open"


def _view(row: DataBreach, *, country: str = "FR", tenant: str = "") -> BreachView:
    authority, url = AUTHORITIES.get(country, AUTHORITIES["FR"])
    return BreachView(
        id=str(row.id),
        title=row.title,
        nature=row.nature,
        measures=row.measures,
        risk=row.risk,
        people=row.people,
        discovered_at=row.discovered_at.isoformat(),
        until=(row.discovered_at + CLOCK_RUNS).isoformat(),
        authority=authority,
        authority_url=url,
        authority_told_at=_iso(row.authority_told_at),
        people_told_at=_iso(row.people_told_at),
        closed_at=_iso(row.closed_at),
        step=step_of(row),
        tenant=tenant,
    )


def _discovered(form: BreachForm, zone: str) -> datetime:
    """Raises NotYet at the field `day`."""
    if form.day is None:
        return clock.now()
    moment = clock.from_local(datetime.combine(form.day, form.time or time()), zone)
    if moment > clock.now():
        raise NotYet(field="day")
    return moment


def _open(session: Session, actor: Actor, tenant_id: UUID, form: BreachForm, zone: str) -> DataBreach:
    faults, discovered = Faults(), clock.now()
    with faults:
        if not form.title.strip():
            raise SayWhat(field="title")
    with faults:
        discovered = _discovered(form, zone)
    faults.check()
    made = DataBreach(
        tenant_id=tenant_id,
        title=form.title.strip(),
        nature=form.nature.strip(),
        measures=form.measures.strip(),
        risk=form.risk.value,
        people=form.people,
        discovered_at=discovered,
        person_id=actor.person_id,
    )
    session.add(made)
    session.flush()
    tell(session, tenant_id, OPENED, breach_id=str(made.id))
    return made


@verb(MANAGE)
def my_breaches(session: Session, _actor: Actor) -> list[BreachView]:
    """The tenant's register, the latest first; at most 100."""
    country = session.scalar(select(col(Tenant.country)).where(col(Tenant.id) == UUID(session.info["tenant"]))) or "FR"
    rows = session.scalars(select(DataBreach).order_by(col(DataBreach.discovered_at).desc()).limit(100))
    return [_view(row, country=country) for row in rows]


@verb(MANAGE)
def open_breach(session: Session, actor: Actor, *, form: BreachForm) -> list[BreachView]:
    """Put a breach on record: owners, administrators and the platform are told, the clock runs from its discovery.

    Raises SayWhat, NotYet at the field.
    """
    assert actor.tenant_id is not None
    zone = session.scalar(select(col(Tenant.time_zone)).where(col(Tenant.id) == actor.tenant_id)) or "UTC"
    _open(session, actor, actor.tenant_id, form, zone)
    announce(session, BREACHES.name)
    return my_breaches(session, actor)


@verb(MANAGE)
def mark_breach(session: Session, actor: Actor, *, breach_id: UUID, done: str) -> list[BreachView]:
    """Note that the authority or the people were told, or that it is over: `done` is authority, people or closed.

    Once noted it stays. Raises NotFound.
    """
    _mark(session, breach_id, done)
    return my_breaches(session, actor)


_COLUMNS = {"authority": "authority_told_at", "people": "people_told_at", "closed": "closed_at"}


def _mark(session: Session, breach_id: UUID, done: str) -> None:
    found = session.scalar(select(DataBreach).where(col(DataBreach.id) == breach_id).with_for_update())
    if found is None or done not in _COLUMNS:
        raise NotFound
    if getattr(found, _COLUMNS[done]) is None:
        setattr(found, _COLUMNS[done], clock.now())
    session.flush()
    announce(session, BREACHES.name)


_LATE = func.now() - text("interval '72 hours'")
_STEP = case(
    (col(DataBreach.closed_at).is_not(None), "closed"),
    (col(DataBreach.authority_told_at).is_not(None) | (col(DataBreach.risk) == "none"), "told"),
    (col(DataBreach.discovered_at) < _LATE, "late"),
    else_="open",
)
BREACHES = ListSpec(
    name="platform_breaches",
    title=N_("Data breaches"),
    permission="platform.read",
    role=Role.PLATFORM,
    key=col(DataBreach.id),
    columns={
        "title": Column(
            N_("What"), col(DataBreach.title), kind="person", second=func.coalesce(col(Tenant.name), "CareHub")
        ),
        "step": Column(N_("State"), _STEP, kind="badge", labels=STEP_LABELS, tones=STEP_TONES),
        "discovered": Column(N_("Discovered on"), col(DataBreach.discovered_at), kind="datetime"),
        "risk": Column(N_("Risk"), col(DataBreach.risk), kind="badge", labels=RISK_LABELS, on_phone=False),
        "people": Column(N_("People"), col(DataBreach.people), kind="number", on_phone=False),
    },
    search=(col(DataBreach.title), col(Tenant.name)),
    sort="-discovered",
    filters={"step": Filter(N_("State"), STEP_LABELS, _STEP)},
    base=lambda statement: statement.outerjoin(Tenant, col(Tenant.id) == col(DataBreach.tenant_id)),
    link="/platform/breaches?breach={id}",
    search_label=N_("Breach or organisation"),
    empty=N_("A breach that an organisation or CareHub discovers stands here, with its clock."),
)
list_breaches = list_verb(BREACHES)


@verb("platform.read", role=Role.PLATFORM)
def breach_view(session: Session, _actor: Actor, *, breach_id: UUID) -> BreachView:
    """One entry of any organisation. Raises NotFound."""
    row = session.scalar(select(DataBreach).where(col(DataBreach.id) == breach_id))
    if row is None:
        raise NotFound
    place = session.execute(select(col(Tenant.name), col(Tenant.country)).where(col(Tenant.id) == row.tenant_id)).one()
    return _view(row, country=place.country, tenant=place.name)


@verb(PLATFORM_MANAGE, role=Role.PLATFORM)
def open_platform_breach(session: Session, actor: Actor, *, form: BreachForm) -> BreachView:
    """A breach of CareHub itself: every super-admin is told. Raises SayWhat, NotYet at the field."""
    made = _open(session, actor, PERSONS, form, "UTC")
    announce(session, BREACHES.name)
    return _view(made, tenant="CareHub")


@verb(PLATFORM_MANAGE, role=Role.PLATFORM)
def mark_any_breach(session: Session, actor: Actor, *, breach_id: UUID, done: str) -> BreachView:
    """As `mark_breach`, for any organisation's. Raises NotFound."""
    _mark(session, breach_id, done)
    return breach_view(session, actor, breach_id=breach_id)


def tell_of(session: Session, event: Event) -> None:
    """Owners and administrators of the tenant, and the platform, learn of it; the clock is set."""
    found = _find(session, event)
    if found is None:
        return
    said = _said(session, found)
    _tell_all(session, found, key=str(found.id), subject=SUBJECT, lead=LEAD, **said)
    for after in REMINDERS:
        if (at := found.discovered_at + after) > clock.now():
            outbox.emit(
                session, CLOCK, at=at, breach_id=str(found.id), hours=round((CLOCK_RUNS - after).total_seconds() / 3600)
            )


def remind(session: Session, event: Event) -> None:
    """Nothing, once the authority was told or nobody is at risk."""
    found = _find(session, event)
    if found is None or step_of(found) != "open":
        return
    hours = event.payload["hours"]
    said = _said(session, found)
    _tell_all(session, found, key=f"{found.id}:{hours}", subject=REMINDED, lead=LEAD, hours=hours, **said)


def _find(session: Session, event: Event) -> DataBreach | None:
    return session.get(DataBreach, (event.tenant_id, UUID(event.payload["breach_id"])))


def _said(session: Session, found: DataBreach) -> dict[str, str]:
    place = next(one for one in places(session) if one.id == found.tenant_id)
    authority = AUTHORITIES.get(place.country, AUTHORITIES["FR"])[0]
    until = f"{found.discovered_at + CLOCK_RUNS:%Y-%m-%d %H:%M}"
    return {"title": found.title, "authority": authority, "until": until, "slug": place.slug}


def _tell_all(session: Session, found: DataBreach, *, key: str, subject: str, lead: str, **said: Any) -> None:
    shared: dict[str, Any] = {"key": key, "subject": subject, "lead": lead, "action": ACTION}
    slug = said.pop("slug")
    if found.tenant_id != PERSONS:
        letters.tell_desk(session, found.tenant_id, path=f"/w/{slug}/settings/privacy?tab=breaches", **shared, **said)
    letters.tell_platform(session, path=f"/platform/breaches?breach={found.id}", **shared, **said)
