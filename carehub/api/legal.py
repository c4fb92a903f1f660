"""What crawlers and link previews read of /terms and /privacy."""

import re

from carehub.api.seo import Document, document
from carehub.core.i18n import N_, translate
from carehub.core.settings import settings

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
