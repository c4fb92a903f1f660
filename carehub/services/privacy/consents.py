"""Consents by purpose: what was asked in which words and version, when, from where; the last decision holds (SQ-134, CD-136)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import PERSONS
from carehub.core.db import tenant_scope
from carehub.core.errors import NotFound
from carehub.core.i18n import N_, translate
from carehub.core.ids import new_id
from carehub.core.permissions import SIGNED_IN
from carehub.core.roles import Role
from carehub.core.steps import Step, write
from carehub.core.verbs import verb
from carehub.models.privacy import Purpose
from carehub.services.identity.sessions import revoke_after_commit
from carehub.services.platform.legal import VERSION

WORDING = {
    Purpose.ACCOUNT: N_("I accept the terms of use, and that CareHub keeps my account as its privacy page says."),
    Purpose.BOOKING: N_("By confirming, you agree that {tenant} keeps what you write here for this appointment."),
    Purpose.PLATFORM_NEWS: N_("CareHub may show me offers above its pages"),
    Purpose.TENANT_NEWS: N_("{tenant} may write to me about its news and offers"),
}
CHOSEN = (Purpose.PLATFORM_NEWS, Purpose.TENANT_NEWS)  # the others are given with an act, and end with what it made
SOURCE_LABELS = {
    "sign_up": N_("When the account was opened"),
    "booking": N_("When booking"),
    "privacy_centre": N_("On this page"),
    "staff": N_("Told to the desk"),
}
MOST = 60

_INSERT = """
    INSERT INTO consent (tenant_id, id, person_id, patient_id, purpose, granted, at, version, wording, source, address, by_person)
    VALUES (:consent_tenant, :consent, :consent_person, :consent_patient, :purpose, :granted, :consent_at, {version}, :wording,
        :consent_source, :address, :consent_by)"""
_GIVEN = _INSERT.format(version=":version")
_AT_BOOKING = _INSERT.format(  # points at the tenant's notice of this moment, read on the way
    version="coalesce((SELECT max(version)::text FROM legal_text"
    " WHERE tenant_id = :consent_tenant AND kind = 'privacy' AND locale = :consent_locale), '')"
)

# whether the client of a row of `patient` agrees to news and offers now: their last word counts
AGREES_TO_NEWS = """coalesce((SELECT c.granted FROM consent c WHERE c.tenant_id = patient.tenant_id AND c.purpose = 'tenant_news'
    AND (c.patient_id = patient.id OR c.person_id = patient.person_id) ORDER BY c.at DESC, c.id DESC LIMIT 1), false)"""


@dataclass(frozen=True)
class Given:
    """A decision to write down. Either the account or the file, or both."""

    tenant_id: UUID
    purpose: Purpose
    granted: bool
    wording: str
    source: str
    person_id: UUID | None = None
    patient_id: UUID | None = None
    version: str = ""
    address: str = ""
    by_person: UUID | None = None


def keep_consent(session: Session, given: Given) -> None:
    """Write a decision and its proof down. The session is in a role that may: ch_me, ch_auth, ch_booking or ch_app."""
    write(session, [Step(_GIVEN, _values(given) | {"version": given.version})])


def _values(given: Given) -> dict[str, Any]:
    return {
        "consent_tenant": given.tenant_id, "consent": new_id(), "consent_person": given.person_id,
        "consent_patient": given.patient_id, "purpose": given.purpose.value, "granted": given.granted,
        "consent_at": clock.now(), "wording": given.wording, "consent_source": given.source, "address": given.address,
        "consent_by": given.by_person,
    }  # fmt: skip


def keep_account_consent(session: Session, person_id: UUID, locale: str, address: str) -> None:
    """Whoever opens an account has ticked the terms."""
    said = translate(WORDING[Purpose.ACCOUNT], locale)
    keep_consent(
        session,
        Given(PERSONS, Purpose.ACCOUNT, True, said, "sign_up", person_id=person_id, version=VERSION, address=address),
    )


def booking_consent(actor: Actor, *, tenant_id: UUID, tenant: str, patient_id: UUID, locale: str) -> Step:
    """Whoever confirms a booking has read the words above the button; they point at the tenant's notice of that day."""
    spoken = actor.locale if actor.person_id else locale
    given = Given(
        tenant_id,
        Purpose.BOOKING,
        True,
        translate(WORDING[Purpose.BOOKING], spoken, tenant=tenant),
        "booking",
        person_id=actor.person_id,
        patient_id=patient_id,
        address=actor.address,
    )
    return Step(_AT_BOOKING, _values(given) | {"consent_locale": spoken})


@dataclass(frozen=True)
class ConsentView:
    """One purpose of one place as it stands. `label` is a msgid for `tenant`; `at` ISO, empty when never asked.

    `chosen`: the person may say yes or no here; else it was given with an act.
    """

    key: str
    place: str
    tenant: str
    purpose: str
    label: str
    granted: bool
    chosen: bool
    at: str
    version: str
    source: str


@dataclass(frozen=True)
class DecisionView:
    """One line of the history, with the words that were shown."""

    id: str
    tenant: str
    purpose: str
    granted: bool
    at: str
    version: str
    wording: str
    source: str


@dataclass(frozen=True)
class MyConsents:
    now: list[ConsentView]
    history: list[DecisionView]


_MINE = text("""
    SELECT c.id, c.tenant_id, c.purpose, c.granted, c.at, c.version, c.wording, c.source FROM consent c
    WHERE c.person_id = :person ORDER BY c.at DESC, c.id DESC LIMIT 500""")
_PLACES = text("SELECT DISTINCT tenant_id FROM patient WHERE person_id = :person")
_NAMES = text("SELECT id, slug, name FROM tenant WHERE id = ANY(cast(:ids AS uuid[]))")


@verb(SIGNED_IN)
def my_consents(session: Session, actor: Actor) -> MyConsents:
    """What one agreed to, place by place, and every decision with its proof."""
    rows = session.execute(_MINE, {"person": actor.person_id}).all()
    places = set(session.scalars(_PLACES, {"person": actor.person_id})) | {row.tenant_id for row in rows}
    names = _names(session, places)
    latest: dict[tuple[UUID, str], Any] = {}
    for row in rows:
        latest.setdefault((row.tenant_id, row.purpose), row)
    now = [_view(PERSONS, Purpose.PLATFORM_NEWS, names, latest), _view(PERSONS, Purpose.ACCOUNT, names, latest)]
    for place in sorted(places - {PERSONS}, key=lambda one: names.get(one, ("", ""))[1]):
        now += [_view(place, purpose, names, latest) for purpose in (Purpose.TENANT_NEWS, Purpose.BOOKING)]
    history = [_decision(row, names.get(row.tenant_id, ("", "CareHub"))[1]) for row in rows[:MOST]]
    return MyConsents([one for one in now if one.chosen or one.at], history)


def _decision(row: Any, place: str) -> DecisionView:
    at = row.at.isoformat()
    return DecisionView(str(row.id), place, row.purpose, row.granted, at, row.version, row.wording, row.source)


def _names(session: Session, places: set[UUID]) -> dict[UUID, tuple[str, str]]:
    with tenant_scope(session, Role.WORKER, PERSONS):
        found = session.execute(_NAMES, {"ids": list(places - {PERSONS})}).all()
    return {row.id: (row.slug, row.name) for row in found} | {PERSONS: ("", "CareHub")}


def _view(
    place: UUID, purpose: Purpose, names: dict[UUID, tuple[str, str]], latest: dict[tuple[UUID, str], Any]
) -> ConsentView:
    slug, name = names.get(place, ("", ""))
    row = latest.get((place, purpose.value))
    return ConsentView(
        key=f"{slug}:{purpose.value}",
        place=slug,
        tenant=name,
        purpose=purpose.value,
        label=WORDING[purpose],
        granted=bool(row and row.granted),
        chosen=purpose in CHOSEN,
        at=row.at.isoformat() if row else "",
        version=row.version if row else "",
        source=row.source if row else "",
    )


_OF_SLUG = text("""
    SELECT t.id, t.name FROM tenant t WHERE t.slug = :slug AND EXISTS (
        SELECT FROM patient p WHERE p.tenant_id = t.id AND p.person_id = :person)""")


@verb(SIGNED_IN)
def decide(session: Session, actor: Actor, *, tenant: str, purpose: Purpose, granted: bool) -> MyConsents:
    """Say yes, or take it back, with effect at once (CD-141). `tenant`: slug of an organisation that knows one, empty for CareHub.

    Raises NotFound for a purpose that is not to be chosen, or a place that does not know the person.
    """
    if purpose not in CHOSEN or (purpose == Purpose.PLATFORM_NEWS) != (not tenant):
        raise NotFound
    place, name = PERSONS, "CareHub"
    if tenant:
        row = session.execute(_OF_SLUG, {"slug": tenant, "person": actor.person_id}).one_or_none()
        if row is None:
            raise NotFound
        place, name = row.id, row.name
    said = translate(WORDING[purpose], actor.locale, tenant=name)
    given = Given(
        place, purpose, granted, said, "privacy_centre", person_id=actor.person_id, version=VERSION if not tenant else "",
        address=actor.address,
    )  # fmt: skip
    keep_consent(session, given)
    revoke_after_commit(session)  # what stands above the pages follows it
    return my_consents(session, actor)


_OF_PATIENT = text("""
    SELECT c.id, c.purpose, c.granted, c.at, c.version, c.wording, c.source FROM consent c
    JOIN patient p ON p.tenant_id = c.tenant_id AND p.id = :patient
    WHERE c.patient_id = p.id OR c.person_id = p.person_id ORDER BY c.at DESC, c.id DESC LIMIT 60""")


@verb("patients.read")
def consents_of(session: Session, _actor: Actor, *, patient_id: UUID) -> list[DecisionView]:
    """What a client agreed to here, the latest first (CD-142)."""
    return [_decision(row, "") for row in session.execute(_OF_PATIENT, {"patient": patient_id})]


@verb("patients.manage")
def note_news_consent(session: Session, actor: Actor, *, patient_id: UUID, granted: bool) -> None:
    """What a client told the desk about news and offers, with who noted it. Raises NotFound."""
    row = session.execute(
        text(
            "SELECT p.id, t.id AS tenant_id, t.name FROM patient p JOIN tenant t ON t.id = p.tenant_id WHERE p.id = :id"
        ),
        {"id": patient_id},
    ).one_or_none()
    if row is None:
        raise NotFound
    said = translate(WORDING[Purpose.TENANT_NEWS], actor.locale, tenant=row.name)
    given = Given(
        row.tenant_id, Purpose.TENANT_NEWS, granted, said, "staff", patient_id=patient_id, by_person=actor.person_id
    )
    keep_consent(session, given)
