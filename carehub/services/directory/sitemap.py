"""What crawlers are told to read: published profiles and the organisations that have some. DI-153."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.permissions import PUBLIC
from carehub.core.verbs import verb

MOST_URLS = 50_000  # a file, says sitemaps.org

_HOW_MANY = text("SELECT count(*) FROM directory_entry")
_PROFILES = text("""
    SELECT tenant_slug, slug, updated_at FROM directory_entry ORDER BY tenant_id, id LIMIT :most OFFSET :skip""")
_OF_TENANT = text("SELECT slug, updated_at FROM directory_entry WHERE tenant_slug = :tenant ORDER BY slug LIMIT :most")
_TENANTS = text(
    "SELECT tenant_slug, max(updated_at) AS updated_at FROM directory_entry GROUP BY tenant_slug ORDER BY 1 LIMIT :most"
)


@verb(PUBLIC)
def sitemap_files(session: Session, _actor: Actor) -> int:
    """How many files of MOST_URLS profiles there are; at least one."""
    return max(1, -(-int(session.scalar(_HOW_MANY) or 0) // MOST_URLS))


@verb(PUBLIC)
def sitemap_profiles(session: Session, _actor: Actor, *, number: int) -> list[tuple[str, datetime]]:
    """Path and last change of the profiles of file `number`, from 1."""
    rows = session.execute(_PROFILES, {"most": MOST_URLS, "skip": (number - 1) * MOST_URLS})
    return [(f"/t/{row.tenant_slug}/p/{row.slug}", row.updated_at) for row in rows]


@verb(PUBLIC)
def sitemap_of(session: Session, _actor: Actor, *, tenant: str) -> list[tuple[str, datetime]]:
    """Path and last change of one organisation's pages: its front page, its profiles."""
    rows = session.execute(_OF_TENANT, {"tenant": tenant, "most": MOST_URLS - 1}).all()
    newest = max((row.updated_at for row in rows), default=clock.now())
    return [(f"/t/{tenant}", newest), *((f"/t/{tenant}/p/{row.slug}", row.updated_at) for row in rows)]


@verb(PUBLIC)
def sitemap_tenants(session: Session, _actor: Actor) -> list[tuple[str, datetime]]:
    """Path and last change of the organisations with a published practitioner."""
    rows = session.execute(_TENANTS, {"most": MOST_URLS - 10})
    return [(f"/t/{row.tenant_slug}", row.updated_at) for row in rows]
