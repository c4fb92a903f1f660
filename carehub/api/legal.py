"""What crawlers and link previews read of /terms, /privacy and of a tenant's legal texts."""

import re
from html import escape

from carehub.api.seo import Document, document, query
from carehub.core.actor import VISITOR
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.i18n import N_, translate
from carehub.core.settings import settings
from carehub.services.privacy.legal_texts import KIND_LABELS, legal_page
from carehub.services.tenancy.places import tenant_url

_FIRST = 300  # characters of a tenant's text that a preview shows


@document(r"/t/([a-z0-9-]+)/legal/?")
def tenant_legal_document(match: re.Match[str], locale: str) -> Document | None:
    """A tenant's legal text in full; 404 for a tenant or a version that is not."""
    number = query.get().get("version", "")
    version = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
    try:
        found = perform(
            legal_page, VISITOR, tenant=match[1], kind=query.get().get("doc", ""), version=version, locale=locale
        )
    except NotFound:
        return None
    name = translate(KIND_LABELS.get(found.kind, LEGAL_TEXTS), locale)
    text = "".join(
        f"<h2>{escape(one.text)}</h2>" if one.head else f"<p>{escape(one.text)}</p>" for one in found.paragraphs
    )
    doc = f"?doc={found.kind}" if found.kind else ""
    return Document(
        title=f"{name} · {found.tenant_name}",
        description=" ".join(found.body.split())[:_FIRST] or name,
        canonical=f"{tenant_url(found.tenant)}/t/{found.tenant}/legal{doc}",
        body_html=f"<main><h1>{escape(name)}</h1><p>{escape(found.tenant_name)}</p>{text}</main>",
    )


LEGAL_TEXTS = N_("Legal texts")
SAID_LABELS = {
    "privacy": (N_("Privacy"), N_("What is kept, for what, how long, who sees it, and how to have it deleted.")),
    "terms": (N_("Terms of use"), N_("What you may expect of CareHub, and what it expects of you.")),
}


@document("/(privacy|terms)/?")
def legal_document(match: re.Match[str], locale: str) -> Document:
    """The page itself holds the whole text already: only its head speaks the reader's language."""
    title, description = SAID_LABELS[match[1]]
    return Document(
        title=f"{translate(title, locale)} · CareHub",
        description=translate(description, locale),
        canonical=f"{settings.url}/{match[1]}",
        body_html="",
    )
