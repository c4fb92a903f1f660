"""Every HTTP route names what it asks of its caller. Deny by default: the app does not start with a route that names none."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from typing import TypeAlias

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from carehub.api.csrf import SAFE, check_same_origin
from carehub.core.actor import VISITOR, Actor
from carehub.core.errors import CareHubError, TooMany, Wrong
from carehub.core.i18n import N_, pick_locale, translate
from carehub.core.permissions import PERMISSIONS, PLATFORM_PERMISSIONS, PUBLIC, SIGNED_IN
from carehub.core.validation import wrongs
from carehub.services.identity import sessions
from carehub.services.identity.attempts import Client

log = logging.getLogger(__name__)

ITS_VERB = "="  # the verb that the route performs asks; the route itself opens nothing

Endpoint: TypeAlias = Callable[[Request, Actor], Awaitable[Response]]

INVALID = N_("Some fields are not valid")
UNEXPECTED = N_("Something went wrong. Quote {id} if you write to us")


def locale_of(request: Request) -> str:
    return pick_locale(request.headers.get("accept-language", ""), request.cookies.get("locale", ""))


def client_of(request: Request) -> Client:
    """Where the request comes from, as the server sees it."""
    return Client(request.client.host if request.client else "", request.headers.get("user-agent", "")[:300])


async def actor_of(request: Request) -> Actor:
    """The person behind the session cookie, as a member of the tenant that the path names, if they are one."""
    token = request.cookies.get(sessions.COOKIE, "")
    if not token:
        return VISITOR
    tenant = request.path_params.get("tenant", "")
    if request.url.path.startswith("/api/platform/"):
        tenant = sessions.PLATFORM
    known = sessions.recall_actor(token, tenant)
    return known if known is not None else await asyncio.to_thread(sessions.find_actor, token, tenant)


def route(path: str, policy: str, *, methods: Sequence[str] = ("POST",)) -> Callable[[Endpoint], Route]:
    """Make a Starlette route that asks `policy` (PUBLIC, SIGNED_IN, ITS_VERB or a permission) before its endpoint runs.

    A PUBLIC endpoint gets VISITOR, whoever asks.
    What changes anything must come from our own pages. A refusal is a problem (RFC 9457) for scripts, words for people.
    """
    if policy not in (PUBLIC, SIGNED_IN, ITS_VERB) and policy not in {*PERMISSIONS, *PLATFORM_PERMISSIONS}:
        raise ValueError(f"unknown permission {policy}")

    def mark(endpoint: Endpoint) -> Route:
        @wraps(endpoint)
        async def guarded(request: Request) -> Response:
            try:
                if request.method not in SAFE:
                    check_same_origin(request)
                actor = VISITOR if policy == PUBLIC else await actor_of(request)
                if policy != ITS_VERB:
                    actor.check_may(policy)
                response = await endpoint(request, actor)
            except CareHubError as refusal:
                return refused(request, refusal)
            except ValidationError as invalid:
                return not_valid(request, invalid)
            except Exception as error:
                return unexpected(request, error)
            response.headers.setdefault("cache-control", "no-store")
            return response

        guarded.__policy__ = policy  # type: ignore[attr-defined]
        return Route(path, guarded, methods=list(methods))

    return mark


def named(policy: str, routes: Sequence[Route]) -> list[Route]:
    """Say what plain routes ask: PUBLIC for what anyone may read, ITS_VERB for those that perform a verb for the cookie's person."""
    for one in routes:
        one.endpoint.__policy__ = policy  # type: ignore[attr-defined]
    return list(routes)


def closed(routes: Sequence[BaseRoute]) -> list[BaseRoute]:
    """The routes, when each names what it asks; a mounted application guards its own. Raises ValueError for one that does not."""
    for one in routes:
        if isinstance(one, Route) and not hasattr(one.endpoint, "__policy__"):
            raise ValueError(f"{one.path} names no policy")
    return list(routes)


def refused(request: Request, refusal: CareHubError) -> Response:
    """A refusal's status, words and fields."""
    errors = _told(refusal.fields)
    text = translate(refusal.key, locale_of(request), **refusal.params)
    headers = {"retry-after": str(refusal.params["seconds"])} if isinstance(refusal, TooMany) else {}
    return _problem(request, refusal.status, refusal.code, text, errors, headers)


def not_valid(request: Request, invalid: ValidationError) -> Response:
    """Every field at fault with its msgid."""
    return _problem(request, 422, "invalid", translate(INVALID, locale_of(request)), _told(wrongs(invalid)), {})


def _told(fields: Mapping[str, Wrong]) -> dict[str, object]:
    return {name: {"key": one.key, "params": one.params} for name, one in fields.items()}


def unexpected(request: Request, error: Exception) -> Response:
    """500 with an id that the log carries too."""
    code = secrets.token_hex(4)
    log.error("unexpected error %s", code, exc_info=error)
    return _problem(request, 500, "unexpected", translate(UNEXPECTED, locale_of(request), id=code), {}, {})


def _problem(
    request: Request, status: int, code: str, text: str, errors: dict[str, object], headers: dict[str, str]
) -> Response:
    headers = {**headers, "cache-control": "no-store"}
    if request.headers.get("accept", "").startswith("text/html"):
        return PlainTextResponse(text, status, headers)
    body = {"type": f"urn:carehub:problem:{code}", "title": code.replace("_", " "), "status": status, "detail": text}
    return JSONResponse({**body, "errors": errors}, status, headers, "application/problem+json")
