"""Addresses elsewhere: videos of the hosts we know, pages of the networks we name. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from carehub.core.errors import Invalid
from carehub.core.i18n import N_
from carehub.services.profiles.views import Link, Video

LONGEST = 300


class VideoUnknown(Invalid):
    key = "A video of YouTube, Vimeo or Dailymotion is expected: copy the address of its page"


class AddressWrong(Invalid):
    key = "A web address is expected, such as https://example.com"


class NetworkWrong(Invalid):
    key = "An address of {network} is expected"


@dataclass(frozen=True)
class Host:
    """Who plays a video. `pages` find its id in an address; `player` and `page` are filled with it."""

    name: str
    pages: tuple[re.Pattern[str], ...]
    player: str
    page: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.player)
        return f"{parts.scheme}://{parts.netloc}"


def _pages(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"https?://(?:www\.|m\.)?{one}(?:[?&#/].*)?") for one in patterns)


_YOUTUBE_ID, _NUMBER, _DAILYMOTION_ID = r"([\w-]{11})", r"(\d{6,12})", r"([a-zA-Z0-9]{5,12})"
HOSTS: Mapping[str, Host] = {
    "youtube": Host(
        "YouTube",
        _pages(
            rf"youtube\.com/watch\?(?:[^#]*&)?v={_YOUTUBE_ID}",
            rf"youtube(?:-nocookie)?\.com/(?:embed|shorts|live)/{_YOUTUBE_ID}",
            rf"youtu\.be/{_YOUTUBE_ID}",
        ),
        "https://www.youtube-nocookie.com/embed/{id}?autoplay=1&rel=0",
        "https://www.youtube.com/watch?v={id}",
    ),
    "vimeo": Host(
        "Vimeo",
        _pages(rf"(?:player\.)?vimeo\.com/(?:video/)?{_NUMBER}"),
        "https://player.vimeo.com/video/{id}?dnt=1&autoplay=1",
        "https://vimeo.com/{id}",
    ),
    "dailymotion": Host(
        "Dailymotion",
        _pages(rf"dailymotion\.com/video/{_DAILYMOTION_ID}", rf"dai\.ly/{_DAILYMOTION_ID}"),
        "https://geo.dailymotion.com/player.html?video={id}",
        "https://www.dailymotion.com/video/{id}",
    ),
}
IDS = {"youtube": re.compile(_YOUTUBE_ID), "vimeo": re.compile(_NUMBER), "dailymotion": re.compile(_DAILYMOTION_ID)}


def _found(url: str) -> tuple[str, str] | None:
    for code, host in HOSTS.items():
        for pattern in host.pages:
            if match := pattern.fullmatch(url):
                return code, match[1]
    return None


def check_video(url: str) -> str:
    """The address of the video's own page, without what followed a click there; empty stays empty. Raises VideoUnknown."""
    url = url.strip()
    if not url:
        return ""
    found = _found(url if "://" in url else f"https://{url}") if len(url) <= LONGEST else None
    if found is None:
        raise VideoUnknown(field="video_url")
    return HOSTS[found[0]].page.format(id=found[1])


def video_of(url: str) -> Video | None:
    """How a kept address is shown."""
    found = _found(url)
    if found is None:
        return None
    code, video_id = found
    return Video(HOSTS[code].name, f"/video/{code}/{video_id}", url)


def player_of(code: str, video_id: str) -> tuple[str, str] | None:
    """The player's address and its origin, for a host and an id that can be one."""
    host = HOSTS.get(code)
    if host is None or not IDS[code].fullmatch(video_id):
        return None
    return host.player.format(id=quote(video_id)), host.origin


NETWORK_LABELS = {
    "website": N_("Website"),
    "linkedin": "LinkedIn",
    "instagram": "Instagram",
    "facebook": "Facebook",
    "x": "X",
    "youtube": "YouTube",
}
_DOMAINS = {
    "linkedin": ("linkedin.com",),
    "instagram": ("instagram.com",),
    "facebook": ("facebook.com",),
    "x": ("x.com", "twitter.com"),
    "youtube": ("youtube.com",),
}
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}")


def check_link(network: str, url: str) -> str:
    """The address with https:// before it; empty stays empty. Raises AddressWrong or NetworkWrong at `links.<network>`."""
    url = url.strip()
    if not url:
        return ""
    whole, field = url if "://" in url else f"https://{url}", f"links.{network}"
    try:
        parts = urlsplit(whole)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise AddressWrong(field=field) from error
    odd = re.search(r"[\s\x00-\x1f<>\"'\\]", whole) or len(whole) > LONGEST
    if odd or parts.scheme not in ("http", "https") or port or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise AddressWrong(field=field)
    domains = _DOMAINS.get(network)
    if domains and not any(host == one or host.endswith(f".{one}") for one in domains):
        raise NetworkWrong(field=field, network=NETWORK_LABELS[network])
    return parts._replace(scheme="https").geturl() if domains else whole


def links_of(kept: Mapping[str, str]) -> list[Link]:
    """In our order, whatever order they were kept in."""
    return [Link(code, label, kept[code]) for code, label in NETWORK_LABELS.items() if kept.get(code)]
