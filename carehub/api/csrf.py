"""CD-133: a cookie counts only for requests that our own pages made."""

from urllib.parse import urlsplit

from starlette.requests import Request

from carehub.core.errors import NotAllowed
from carehub.core.site import here

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ForeignOrigin(NotAllowed):
    key = "This request came from another site"


def check_same_origin(request: Request) -> None:
    """Browsers say where a request comes from, and pages cannot change it. Raises ForeignOrigin, also when nothing is said."""
    site = request.headers.get("sec-fetch-site", "")
    if site:
        if site == "same-origin":
            return
        raise ForeignOrigin
    origin = urlsplit(request.headers.get("origin", ""))
    own = urlsplit(here().url)
    if not origin.netloc or (origin.scheme, origin.netloc) != (own.scheme, own.netloc):
        raise ForeignOrigin
