"""What every REST request passes: who asks, with which scope, how often, how large, and once. Deny by default."""

import hashlib
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from carehub.api import problems
from carehub.api.body import limited_body
from carehub.api.csrf import SAFE, check_same_origin
from carehub.api.v1 import idempotency
from carehub.core import limits
from carehub.core.actor import VISITOR, Actor
from carehub.core.errors import CareHubError, NotAllowed, SignInRequired
from carehub.core.settings import settings
from carehub.core.validation import wrongs_of
from carehub.services.identity import sessions
from carehub.services.identity.api_tokens import find_token_actor

VERSION = "application/vnd.salamqueue.v1+json"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ScopeMissing(NotAllowed):
    key = "This token may not do that: it lacks the scope {scope}"


class VersionUnknown(CareHubError):
    key = "This version of the API does not exist"
    status = 406


class TooManyRequests(CareHubError):
    key = "Too many requests. Try again in {seconds} seconds"
    status = 429


async def actor_of(request: Request) -> Actor:
    """By bearer token, else by the session cookie; as a member of the clinic that the request names, if they are one."""
    clinic = request.path_params.get("clinic") or request.query_params.get("clinic", "")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        actor = await run_in_threadpool(find_token_actor, token.strip(), clinic)
        if actor.person_id is None:
            raise SignInRequired
        return actor
    cookie = request.cookies.get(sessions.COOKIE, "")
    if not cookie:
        return VISITOR
    if request.method not in SAFE:
        check_same_origin(request)
    known = sessions.recall_actor(cookie, clinic)
    return await run_in_threadpool(sessions.find_actor, cookie, clinic) if known is None else known


def check_version(request: Request) -> None:
    """SQ-158: the vendor's media type is accepted; another version of it is not. Raises VersionUnknown."""
    accepted = request.headers.get("accept", "*/*")
    if "vnd.salamqueue." in accepted and VERSION not in accepted:
        raise VersionUnknown


def check_scope(actor: Actor, scope: str) -> None:
    if actor.scopes is not None and scope not in actor.scopes:
        raise ScopeMissing(scope=scope)


def _rate(actor: Actor, request: Request) -> limits.Allowance:
    who = str(actor.person_id) if actor.person_id else f"ip {request.client.host if request.client else ''}"
    return limits.hit(limits.per_minute(settings.api_requests_per_minute), "api", who)


class GuardedRoute(APIRoute):
    """A route of REST v1. Its `openapi_extra["x-scope"]` names the token scope that it needs; without one it is not served."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()
        scope = (self.openapi_extra or {}).get("x-scope")
        if scope is None:
            raise ValueError(f"{self.path} names no scope")

        async def guarded(request: Request) -> Response:
            headers: dict[str, str] = {}
            try:
                response = await self._answer(request, handler, scope, headers)
            except CareHubError as error:
                response = problems.refused(request, error)
            except RequestValidationError as error:
                response = problems.invalid(request, wrongs_of(error.errors(), skip=1))
            except HTTPException as error:
                response = problems.http_error(request, error)
            except Exception as error:
                response = problems.unexpected(request, error)
            response.headers.update({"cache-control": "no-store", "api-version": "v1", **headers})
            return response

        return guarded

    async def _answer(self, request: Request, handler: Handler, scope: str, headers: dict[str, str]) -> Response:
        check_version(request)
        actor = await actor_of(request)
        allowance = await run_in_threadpool(_rate, actor, request)
        headers["ratelimit-limit"] = str(allowance.limit)
        headers["ratelimit-remaining"] = str(allowance.remaining)
        headers["ratelimit-reset"] = str(allowance.reset)
        if not allowance.allowed:
            headers["retry-after"] = str(max(allowance.reset, 1))
            raise TooManyRequests(seconds=max(allowance.reset, 1))
        check_scope(actor, scope)
        request.state.actor = replace(actor, address=request.client.host if request.client else "")
        request._body = await limited_body(request)
        key = request.headers.get("idempotency-key", "")
        if request.method == "POST" and key and actor.person_id:
            return await self._once(request, handler, actor, key)
        return await handler(request)

    async def _once(self, request: Request, handler: Handler, actor: Actor, key: str) -> Response:
        """The same key and request get the same answer, whatever the network does in between."""
        assert actor.person_id is not None
        said = hashlib.sha256(
            f"{request.method} {request.url.path}?{request.url.query}".encode() + request._body
        ).digest()
        known = await run_in_threadpool(idempotency.begin, actor.person_id, key, said)
        if known is not None:
            return Response(
                known.body, known.status, media_type="application/json", headers={"idempotency-replayed": "true"}
            )
        try:
            response = await handler(request)
        except BaseException:
            await run_in_threadpool(idempotency.forget, actor.person_id, key)
            raise
        if isinstance(response, JSONResponse) or hasattr(response, "body"):
            await run_in_threadpool(
                idempotency.finish, actor.person_id, key, response.status_code, bytes(response.body)
            )
        return response
