"""Every HTTP route names what it asks of its caller. Deny by default: the app does not start with a route that names none."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from typing import TypeAlias

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from carehub.api import problems
from carehub.api.csrf import SAFE, check_same_origin
from carehub.core.actor import VISITOR, Actor
from carehub.core.errors import CareHubError
from carehub.core.permissions import PERMISSIONS, PLATFORM_PERMISSIONS, PUBLIC, SIGNED_IN
from carehub.services.identity import sessions
from carehub.services.identity.attempts import Client

ITS_VERB = "="  # the verb that the route performs asks; the route itself opens nothing

Endpoint: TypeAlias = Callable[[Request, Actor], Awaitable[Response]]


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
                return _told(request, problems.refused(request, refusal))
            except ValidationError as invalid:
                return _told(request, problems.not_valid(request, invalid))
            except Exception as error:
                return _told(request, problems.unexpected(request, error))
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


def _told(request: Request, problem: JSONResponse) -> Response:
    """A problem for scripts, its words alone for someone who posted a form without any."""
    problem.headers["cache-control"] = "no-store"
    if not request.headers.get("accept", "").startswith("text/html"):
        return problem
    kept = {name: value for name, value in problem.headers.items() if name in ("retry-after", "cache-control")}
    return PlainTextResponse(json.loads(bytes(problem.body))["detail"], problem.status_code, kept)
