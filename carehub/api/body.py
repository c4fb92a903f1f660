"""Reading what was sent, refused as soon as it grows too large."""

import json
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from carehub.core.errors import CareHubError, Invalid

MAX_BODY = 64 * 1024


class BodyTooLarge(CareHubError):
    key = "This is too large: {kilobytes} kB at most"
    status = 413


class Malformed(Invalid):
    key = "This request could not be read"
    status = 400


async def limited_stream(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """The body, chunk by chunk. Raises BodyTooLarge before more than `limit` bytes were taken in."""
    told = request.headers.get("content-length", "")
    size = 0
    if told.isdigit() and int(told) > limit:
        raise BodyTooLarge(kilobytes=limit // 1024)
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(kilobytes=limit // 1024)
        yield chunk


async def limited_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """The whole body. Raises BodyTooLarge."""
    return b"".join([chunk async for chunk in limited_stream(request, limit)])


async def read_fields(request: Request, limit: int = MAX_BODY) -> dict[str, Any]:
    """A form's or a JSON object's fields. Raises BodyTooLarge or Malformed."""
    body = await limited_body(request, limit)
    kind = request.headers.get("content-type", "").split(";", 1)[0].strip().lower()
    try:
        if kind == "application/json":
            sent = json.loads(body)
        elif kind == "application/x-www-form-urlencoded":
            sent = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100))
        else:
            raise Malformed
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(sent, dict) or any(isinstance(one, str) and "\x00" in one for one in sent.values()):
        raise Malformed
    return sent


async def read_upload(request: Request, limit: int) -> tuple[str, bytes]:
    """Name and bytes of the one file `file` of a multipart form. Raises BodyTooLarge or Malformed."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Malformed
    overhead = 4096  # boundaries and part headers
    parser = MultiPartParser(request.headers, limited_stream(request, limit + overhead), max_files=1, max_fields=5)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        raise Malformed from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Malformed(field="file")
        content = await file.read()
    finally:
        await form.close()
    if len(content) > limit:
        raise BodyTooLarge(kilobytes=limit // 1024)
    return file.filename or "", content
