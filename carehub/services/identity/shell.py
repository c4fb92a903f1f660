"""The frame of every page: the reader, their workplaces, the tenant's look."""

import logging
import re
import time
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from carehub.core import clock, site
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import unit_of_work
from carehub.core.permissions import PUBLIC
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.services.identity.views import News, ShellView, Workplace
from carehub.services.tenancy.files import file_url

log = logging.getLogger(__name__)

ACCENT = "#0f6b5c"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LOOK_SECONDS = 5.0

WORKPLACES = text("""
    select t.id, t.slug, t.name, t.accent, t.words, t.logo_file_id, m.role from membership m join tenant t on t.id = m.tenant_id
    where m.person_id = :person and m.active and t.status = 'active' order by t.name limit 50""")
STOOD_IN = text("select id, slug, name, accent, words, logo_file_id from tenant where id = :tenant")
STAFF = text("select role from platform_staff where person_id = :person and revoked_at is null")
NEWS = text("""
    select id, kind, titles, bodies from announcement where starts_at <= :now and ends_at > :now
    and (readers = 'everyone' or :staff) and (kind <> 'promotion' or (
        select c.granted from consent c where c.tenant_id = '00000000-0000-0000-0000-000000000000' and c.person_id = :person
        and c.purpose = 'platform_news' order by c.at desc, c.id desc limit 1))
    and (kind in ('terms', 'incident') or not exists (select from notification_preference w
         where w.person_id = :person and w.topic = 'news' and not w.enabled))
    order by starts_at desc limit 3""")
LOOK = text("select name, accent, words, host from tenant where slug = :slug and status = 'active'")


@dataclass(frozen=True)
class TenantLook:
    """A tenant's public face: name, colour (#rrggbb), vocabulary, and its own address when one is proven."""

    name: str = ""
    accent: str = ACCENT
    words: dict[str, str] = field(default_factory=dict)
    host: str = ""


def initials(name: str) -> str:
    """Two letters for a person's or an organisation's mark."""
    parts = [part for part in re.split(r"[\s'’-]+", name) if part[:1].isalnum()]
    letters = parts[0][:2] if len(parts) == 1 else "".join(part[0] for part in (parts[:1] + parts[-1:]))
    return letters.upper()


def _colour(value: str | None) -> str:
    return value if value and COLOUR.fullmatch(value) else ACCENT


@verb(PUBLIC, role=Role.AUTH)
def shell_view(session: Session, actor: Actor) -> ShellView:
    """The frame for `actor` in the tenant of the page they are on. A visitor gets an empty one."""
    if actor.person_id is None:
        return ShellView()
    if site.here().tenant:  # nothing of elsewhere is told at a tenant's own address
        return ShellView(signed_in=True, name=actor.name, initials=initials(actor.name))
    rows = session.execute(WORKPLACES, {"person": actor.person_id}).all()
    here = next((row for row in rows if row.slug == actor.tenant), None)
    if here is None and actor.impersonation is not None:
        here = session.execute(STOOD_IN, {"tenant": actor.tenant_id}).one()
    return ShellView(
        signed_in=True,
        name=actor.name,
        initials=initials(actor.name),
        role=actor.role,
        title=actor.title,
        tenant=actor.tenant if here else "",
        tenant_name=here.name if here else "",
        tenant_initials=initials(here.name) if here else "",
        tenant_logo=file_url(here.id, here.logo_file_id) if here and here.logo_file_id else "",
        accent=_colour(here.accent) if here else "",
        words=dict(here.words or {}) if here else {},
        permissions=sorted(actor.permissions),
        news=[
            News(str(row.id), row.kind, row.titles, row.bodies)
            for row in session.execute(NEWS, {"now": clock.now(), "staff": bool(rows), "person": actor.person_id})
        ],
        suspended=actor.suspended,
        platform=session.scalar(STAFF, {"person": actor.person_id}) or "",
        visit_until=actor.visit.until.isoformat() if actor.visit and actor.visit.until else "",
        acting_until=actor.impersonation.until.isoformat() if actor.impersonation else "",
        workplaces=[Workplace(row.slug, row.name, _colour(row.accent), row.role, initials(row.name)) for row in rows],
    )


_looks: dict[str, tuple[float, TenantLook | None]] = {}


def tenant_look(slug: str) -> TenantLook | None:
    """The face of a tenant, None when there is none. Asked before every page of a tenant, so kept for a few seconds."""
    until, look = _looks.get(slug, (0.0, None))
    if until > time.monotonic():
        return look
    try:
        with unit_of_work(VISITOR, Role.PUBLIC) as session:
            row = session.execute(LOOK, {"slug": slug}).one_or_none()
    except SQLAlchemyError:
        log.exception("the look of a tenant could not be read")
        return TenantLook()  # the page comes in our own colours and says itself that it is offline
    look = TenantLook(row.name, _colour(row.accent), dict(row.words or {}), row.host or "") if row else None
    if len(_looks) > 1000:
        _looks.clear()
    _looks[slug] = (time.monotonic() + LOOK_SECONDS, look)
    return look
