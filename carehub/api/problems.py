"""Errors as application/problem+json (RFC 9457), in the reader's language: one way for forms of pages and for REST."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping

from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from carehub.core.errors import CareHubError, TooMany, Wrong
from carehub.core.i18n import N_, pick_locale, translate
from carehub.core.validation import wrongs

log = logging.getLogger(__name__)

TYPE = "application/problem+json"
UNEXPECTED = N_("Something went wrong. Quote {id} if you write to us")
INVALID = N_("Some fields are not valid")
NOT_FOUND = N_("There is nothing at this address")
WRONG_METHOD = N_("This address does not answer to that method")


class FieldProblem(BaseModel):
    field: str = Field(description="Dotted path of the field at fault")
    message: str


class Problem(BaseModel):
    """What went wrong. `type` names the problem for programs, `detail` says it to people."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []
    id: str = Field("", description="Quote this when you write to us about an unexpected error")


def locale_of(request: Request) -> str:
    return pick_locale(request.headers.get("accept-language", ""), request.cookies.get("locale", ""))


def answer(
    request: Request,
    status: int,
    code: str,
    msgid: str,
    *,
    params: Mapping[str, object] | None = None,
    fields: Mapping[str, Wrong] | None = None,
    id: str = "",
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    locale = locale_of(request)
    problem = Problem(
        type=f"urn:carehub:problem:{code}",
        title=code.replace("_", " "),
        status=status,
        detail=translate(msgid, locale, **(params or {})),
        errors=[
            FieldProblem(field=name, message=translate(wrong.key, locale, **wrong.params))
            for name, wrong in (fields or {}).items()
        ],
        id=id,
    )
    return JSONResponse(problem.model_dump(), status, media_type=TYPE, headers=headers)


def refused(request: Request, error: CareHubError) -> JSONResponse:
    """A refusal of a verb: its status, its words, every field at fault."""
    headers = {"retry-after": str(error.params.get("seconds", 1))} if isinstance(error, TooMany) else None
    return answer(
        request, error.status, error.code, error.key, params=error.params, fields=error.fields, headers=headers
    )


def invalid(request: Request, fields: Mapping[str, Wrong]) -> JSONResponse:
    """A form, body or query that is not of the documented shape."""
    return answer(request, 422, "invalid", INVALID, fields=fields)


def not_valid(request: Request, error: ValidationError) -> JSONResponse:
    return invalid(request, wrongs(error))


def http_error(request: Request, error: HTTPException) -> JSONResponse:
    msgid = {404: NOT_FOUND, 405: WRONG_METHOD}.get(error.status_code, INVALID)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "invalid")
    return answer(request, error.status_code, code, msgid, headers=dict(error.headers or {}))


def unexpected(request: Request, error: Exception) -> JSONResponse:
    """500 with an id that the log carries too."""
    code = secrets.token_hex(4)
    log.error("unexpected error %s", code, exc_info=error)
    return answer(request, 500, "unexpected", UNEXPECTED, params={"id": code}, id=code)


Endpoint = Callable[[Request], Awaitable[Response]]


Shown = Callable[[Request, JSONResponse], Response]


def answered(endpoint: Endpoint, *, shown: Shown = lambda _request, problem: problem) -> Endpoint:
    """For routes without a cookie: a refusal as words, anything else as an id that the log knows. `shown` may make a page of it."""

    async def answering(request: Request) -> Response:
        try:
            return await endpoint(request)
        except CareHubError as refusal:
            return shown(request, refused(request, refusal))
        except Exception as error:
            return shown(request, unexpected(request, error))

    return answering
