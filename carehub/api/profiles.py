"""Pictures of profiles in, and out to the team; the frame in which a presentation video plays."""

import asyncio
import base64
import hashlib
from html import escape
from typing import cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from carehub.api.body import Malformed, read_upload
from carehub.api.guard import ITS_VERB, route
from carehub.api.problems import locale_of
from carehub.core.actor import Actor
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.i18n import translate
from carehub.core.ids import parse_id
from carehub.core.permissions import PUBLIC
from carehub.core.settings import settings
from carehub.services.profiles.media import HOSTS, player_of
from carehub.services.profiles.pictures import Use, keep_picture, staff_picture
from carehub.services.profiles.profile import EDIT

PRIVATE = "private, max-age=3600"
STYLE = "html,body,iframe{margin:0;inline-size:100%;block-size:100%;border:0;background:#000}"


@route("/api/w/{tenant}/pictures", ITS_VERB)
async def upload(request: Request, actor: Actor) -> Response:
    """One picture as multipart `file`. `?use=portrait` or `gallery`; `&of=` whose profile, one's own when left out."""
    actor.check_may(EDIT)
    use = request.query_params.get("use", "")
    if use not in ("portrait", "gallery"):
        raise Malformed
    name, content = await read_upload(request, settings.upload_max_bytes)
    of = parse_id(request.query_params.get("of", ""))
    kept = await asyncio.to_thread(
        perform, keep_picture, actor, content=content, name=name, use=cast(Use, use), practitioner_id=of
    )
    return JSONResponse({"id": kept.id, "url": kept.url}, 201)


@route("/api/w/{tenant}/pictures/{file_id}", "workspace.enter", methods=("GET",))
async def serve(request: Request, actor: Actor) -> Response:
    """A practitioner's picture, for members."""
    file_id = parse_id(request.path_params["file_id"])
    if file_id is None:
        raise NotFound
    found = await asyncio.to_thread(perform, staff_picture, actor, file_id=file_id)
    headers = {
        "cache-control": PRIVATE,
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(found.content, media_type=found.content_type, headers=headers)


@route("/video/{host}/{video_id}", PUBLIC, methods=("GET",))
async def video(request: Request, _actor: Actor) -> Response:
    """A page of ours that holds one host's player and nothing else: its policy lets that host in, the site's own never does.

    Opened in a frame once a visitor asked to play; the frame of a video that cannot be is 404.
    """
    host, video_id = request.path_params["host"], request.path_params["video_id"]
    found = player_of(host, video_id)
    if found is None:
        raise NotFound
    player, origin = found
    title = translate("Video at {host}", locale_of(request), host=HOSTS[host].name)
    style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    page = (
        f'<!doctype html><title>{escape(title)}</title><style>{STYLE}</style><iframe src="{escape(player)}"'
        f' title="{escape(title)}" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>'
    )
    policy = (
        f"default-src 'none'; style-src 'sha256-{style}'; frame-src {origin}; frame-ancestors 'self'; base-uri 'none';"
        " form-action 'none'"
    )
    return HTMLResponse(page, headers={"content-security-policy": policy, "cache-control": "public, max-age=86400"})


ROUTES = [upload, serve, video]
