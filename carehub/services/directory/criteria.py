"""What a search asks, as the address says it. Anything that cannot be read is left out, never an error: links age."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from carehub.models.practice import Mode
from carehub.services.directory.specialities import SPECIALITIES

PAGE_SIZE = 20
MOST_PAGES = 50
WHEN = ("today", "week")
SORTS = ("earliest", "rating", "price", "distance")
DEFAULT_RADIUS = 10  # kilometres
MOST_RADIUS = 100
LONGEST = 80


@dataclass(frozen=True)
class Criteria:
    """`maximum` is in whole euros, `radius` in kilometres around `latitude`, `longitude`. Empty means: do not mind."""

    text: str = ""
    speciality: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius: int = DEFAULT_RADIUS
    when: str = ""
    mode: str = ""
    language: str = ""
    maximum: int | None = None
    accepts_new: bool = False
    tenant: str = ""
    sort: str = "earliest"
    page: int = 1

    @property
    def is_placed(self) -> bool:
        return self.latitude is not None and self.longitude is not None

    def but(self, **changes: object) -> "Criteria":
        """The same search with other answers, from its first page."""
        return dataclasses.replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]


def _number(value: str, low: float, high: float) -> float | None:
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) and low <= found <= high else None


def _among(value: str, choices: object) -> str:
    return value if value in choices else ""  # type: ignore[operator]


def parse(query: Mapping[str, str]) -> Criteria:
    """The search that an address asks."""

    def plain(name: str) -> str:
        return " ".join(query.get(name, "").replace("\0", " ").split())[:LONGEST]

    latitude, longitude = _number(plain("lat"), -90, 90), _number(plain("lng"), -180, 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    sort = _among(plain("sort"), SORTS) or SORTS[0]
    maximum = _number(plain("max"), 1, 100_000)
    return Criteria(
        text=plain("q"),
        speciality=_among(plain("speciality"), SPECIALITIES),
        city=plain("city"),
        latitude=latitude,
        longitude=longitude,
        radius=int(_number(plain("radius"), 1, MOST_RADIUS) or DEFAULT_RADIUS),
        when=_among(plain("when"), WHEN),
        mode=_among(plain("mode"), [mode.value for mode in Mode]),
        language=_among(plain("lang"), LANGUAGE_LABELS),
        maximum=None if maximum is None else int(maximum),
        accepts_new=plain("new") == "1",
        sort=SORTS[0] if sort == "distance" and latitude is None else sort,
        page=int(_number(plain("page"), 1, MOST_PAGES) or 1),
    )


def query_of(asked: Criteria) -> dict[str, str]:
    """The address of a search: only what differs from no search at all."""
    said = {
        "q": asked.text,
        "speciality": asked.speciality,
        "city": asked.city,
        "lat": f"{asked.latitude:.4f}" if asked.latitude is not None else "",
        "lng": f"{asked.longitude:.4f}" if asked.longitude is not None else "",
        "radius": str(asked.radius) if asked.is_placed and asked.radius != DEFAULT_RADIUS else "",
        "when": asked.when,
        "mode": asked.mode,
        "lang": asked.language,
        "max": "" if asked.maximum is None else str(asked.maximum),
        "new": "1" if asked.accepts_new else "",
        "sort": "" if asked.sort == SORTS[0] else asked.sort,
        "page": "" if asked.page == 1 else str(asked.page),
    }
    return {name: value for name, value in said.items() if value}


def address_of(asked: Criteria) -> str:
    query = urlencode(query_of(asked))
    return f"/search?{query}" if query else "/search"


LANGUAGE_LABELS = {
    "fr": "French",
    "en": "English",
    "ar": "Arabic",
    "es": "Spanish",
    "de": "German",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "tr": "Turkish",
    "ber": "Amazigh",
    "zgh": "Amazigh",
    "ru": "Russian",
    "zh": "Chinese",
    "ja": "Japanese",
    "pl": "Polish",
    "he": "Hebrew",
    "vi": "Vietnamese",
}
