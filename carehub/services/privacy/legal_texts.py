"""A tenant's legal pages: privacy notice, terms, imprint. Each version stays as it was published; consents point at it (CD-139, CD-140)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import NotFound
from carehub.core.i18n import LOCALES, N_, translate
from carehub.core.permissions import PUBLIC
from carehub.core.verbs import verb
from carehub.models.privacy import LegalKind, LegalText
from carehub.models.tenancy import Tenant
from carehub.services.privacy.errors import NothingWritten
from carehub.services.privacy.requests import MANAGE

LONGEST = 40_000
KIND_LABELS: Mapping[str, str] = {
    LegalKind.PRIVACY: N_("Privacy notice"),
    LegalKind.TERMS: N_("Terms"),
    LegalKind.IMPRINT: N_("Imprint"),
}


@dataclass(frozen=True)
class Paragraph:
    """`head`: a heading (a line that began with #)."""

    text: str
    head: bool


@dataclass(frozen=True)
class VersionView:
    version: int
    at: str


@dataclass(frozen=True)
class LegalView:
    """One page as visitors read it. `version` 0: nothing was published. `versions`: every one of this language, the latest first."""

    kind: str = ""
    locale: str = ""
    version: int = 0
    at: str = ""
    tenant: str = ""
    tenant_name: str = ""
    body: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    versions: tuple[VersionView, ...] = ()
    kinds: tuple[str, ...] = ()


def paragraphs(body: str) -> tuple[Paragraph, ...]:
    """Blank lines part paragraphs; a line that begins with # is a heading."""
    found = []
    for block in body.replace("\r", "").split("\n\n"):
        for line in block.split("\n") if block.lstrip().startswith("#") else [block]:
            if said := line.strip():
                found.append(Paragraph(said.lstrip("# "), said.startswith("#")))
    return tuple(found)


_OF = text("""
    SELECT kind, locale, version, published_at, body FROM legal_text WHERE tenant_id = :tenant AND kind = :kind
    ORDER BY version DESC""")
_KINDS = text("SELECT DISTINCT kind FROM legal_text WHERE tenant_id = :tenant")


@verb(PUBLIC)
def legal_page(
    session: Session, _actor: Actor, *, tenant: str, kind: str = "", version: int = 0, locale: str = "fr"
) -> LegalView:
    """What a tenant has published, in the reader's language if there is one in it; `version` names an older one.

    Raises NotFound for no such tenant, or a version that is not.
    """
    place = session.execute(
        select(col(Tenant.id), col(Tenant.slug), col(Tenant.name), col(Tenant.locale)).where(col(Tenant.slug) == tenant)
    ).one_or_none()
    if place is None:
        raise NotFound
    published = set(session.scalars(_KINDS, {"tenant": place.id}))
    kinds = tuple(one.value for one in LegalKind if one.value in published)
    chosen = kind if kind in kinds else (kinds[0] if kinds else "")
    rows = session.execute(_OF, {"tenant": place.id, "kind": chosen}).all()
    spoken = next((code for code in (locale, place.locale) if any(row.locale == code for row in rows)), "")
    own = [row for row in rows if row.locale == spoken] or rows
    row = next((one for one in own if version in (0, one.version)), None)
    if row is None:
        if version:
            raise NotFound
        return LegalView(tenant=place.slug, tenant_name=place.name)
    return LegalView(
        kind=chosen,
        locale=row.locale,
        version=row.version,
        at=row.published_at.isoformat(),
        tenant=place.slug,
        tenant_name=place.name,
        body=row.body,
        paragraphs=paragraphs(row.body),
        versions=tuple(VersionView(one.version, one.published_at.isoformat()) for one in own),
        kinds=kinds,
    )


@verb(MANAGE)
def edit_legal(session: Session, actor: Actor, *, kind: LegalKind, locale: str) -> LegalView:
    """The latest version in one language; where none was published, a draft made of the organisation's own data."""
    tenant = session.get_one(Tenant, actor.tenant_id)
    rows = session.execute(_OF, {"tenant": tenant.id, "kind": kind.value}).all()
    own = [row for row in rows if row.locale == locale]
    if own:
        versions = tuple(VersionView(one.version, one.published_at.isoformat()) for one in own)
        return LegalView(
            kind.value, locale, own[0].version, own[0].published_at.isoformat(), tenant.slug, tenant.name, own[0].body,
            versions=versions,
        )  # fmt: skip
    return LegalView(kind.value, locale, 0, "", tenant.slug, tenant.name, draft(kind, tenant, locale))


@verb(MANAGE)
def publish_legal(session: Session, actor: Actor, *, kind: LegalKind, locale: str, body: str) -> LegalView:
    """Publish a new version; those before stay readable. The same words again change nothing. Raises NothingWritten, NotFound."""
    said = body.replace("\r", "").strip()[:LONGEST]
    if locale not in LOCALES:
        raise NotFound
    if not said:
        raise NothingWritten(field="body")
    assert actor.tenant_id is not None
    last = session.scalar(
        select(LegalText)
        .where(col(LegalText.kind) == kind.value, col(LegalText.locale) == locale)
        .order_by(col(LegalText.version).desc())
        .limit(1)
    )
    if last is None or last.body != said:
        number = last.version + 1 if last else 1
        session.add(_version(actor.tenant_id, kind, locale, number, said, actor.person_id))
        session.flush()
    return edit_legal(session, actor, kind=kind, locale=locale)


def _version(
    tenant_id: UUID, kind: LegalKind, locale: str, number: int, body: str, person_id: UUID | None
) -> LegalText:
    return LegalText(
        tenant_id=tenant_id, kind=kind.value, locale=locale, version=number, body=body, published_at=clock.now(),
        published_by=person_id,
    )  # fmt: skip


_PRIVACY = (
    N_("# Who keeps your data"),
    N_("{legal}, {address}. Write to us at {email}."),
    N_("# What, and for what"),
    N_(
        "Your name, address for messages, and appointments: to hold your time and to reach you. Your answers and notes: to prepare "
        "the appointment. They are read only by those who receive you."
    ),
    N_("# How long"),
    N_("As long as you come, and afterwards as long as the law makes us keep it. The rest is erased when you ask."),
    N_("# Your rights"),
    N_(
        "You may read, correct, copy and have erased what we keep, and object to a use: in your CareHub space under My data, or by "
        "writing to us. We answer within a month. You may also complain to {authority}."
    ),
)
_TERMS = (
    N_("# Appointments"),
    N_(
        "A time is yours once it is confirmed. You move or cancel it online until the delay that is shown when you book."
    ),
    N_("# Prices"),
    N_("Prices are those shown for each service, and are paid to {legal}."),
)
_IMPRINT = (
    N_("# Publisher"),
    N_("{legal}, {address}."),
    N_("Registration number: {number}"),
    N_("Contact: {email}, {phone}"),
    N_("# Hosting"),
    N_("This page is published with CareHub."),
)
_DRAFTS = {LegalKind.PRIVACY: _PRIVACY, LegalKind.TERMS: _TERMS, LegalKind.IMPRINT: _IMPRINT}
_AUTHORITY = {"FR": "CNIL", "MA": "CNDP", "TN": "INPDP", "DZ": "ANPDP"}


def draft(kind: LegalKind, tenant: Tenant, locale: str) -> str:
    """Words to begin with, of the organisation's own data; what is not known stays a gap to fill."""
    gap = "…"
    known = {
        "legal": tenant.legal_name or tenant.name,
        "address": ", ".join(filter(None, (tenant.address, f"{tenant.postcode} {tenant.city}".strip()))) or gap,
        "email": tenant.email or gap,
        "phone": tenant.phone or gap,
        "number": tenant.registration_number or gap,
        "authority": _AUTHORITY.get(tenant.country, gap),
    }
    return "\n\n".join(translate(one, locale, **known) for one in _DRAFTS[kind])
