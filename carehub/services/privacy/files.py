"""The two files of a copy: JSON for machines, PDF for people (SQ-136)."""

import datetime as dt
import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import typst
from babel.dates import format_date, format_datetime

from carehub.core import clock
from carehub.core.i18n import N_, RTL, translate
from carehub.core.money import Money, babel_locale
from carehub.services.privacy.collecting import Gathered
from carehub.services.privacy.words import CODED, TITLE_LABELS, VALUE_LABELS

FORMAT = "carehub-person-1"
TITLE = N_("A copy of your data")
MADE = N_("Made on {day} by CareHub, for you alone: keep it where nobody else reads it.")
PLATFORM = N_("Your account")
_HERE = Path(__file__).parent
FONTS = _HERE / "fonts"
_BATCH = 400  # rows of one table that the paper shows; the JSON file has them all
MORE = N_("And {n} more: they stand in the JSON file.")


def as_json(found: list[Gathered]) -> bytes:
    """Everything, with the tables' and titles' own names."""
    told = {
        "format": FORMAT,
        "made_at": clock.now().isoformat(),
        "account": {part.table: part.rows for one in found if one.own for part in one.parts},
        "organisations": [
            {
                "name": one.place.name,
                "slug": one.place.slug,
                "records": {part.table: part.rows for part in one.parts},
            }
            for one in found
            if not one.own
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def as_pdf(found: list[Gathered], *, name: str, locale: str) -> bytes:
    """The same on paper, in the reader's language."""
    say = partial(translate, locale=locale)
    told = {
        "title": say(TITLE),
        "name": name,
        "made": say(MADE, day=format_date(clock.now().date(), "long", locale=babel_locale(locale))),
        "rtl": locale in RTL,
        "lang": locale,
        "places": [
            {
                "name": say(PLATFORM) if one.own else one.place.name,
                "parts": [_part(part.label, part.rows, locale) for part in one.parts],
            }
            for one in found
        ],
    }
    made = typst.compile(
        _HERE / "copy.typ",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(told)},
        format="pdf",
    )
    return bytes(made)


def _part(label: str, rows: list[dict[str, Any]], locale: str) -> dict[str, Any]:
    left = len(rows) - _BATCH
    return {
        "label": translate(label, locale),
        "rows": [_lines(row, locale) for row in rows[:_BATCH]],
        "more": translate(MORE, locale, n=left) if left > 0 else "",
    }


def _lines(row: dict[str, Any], locale: str) -> list[list[str]]:
    if "price_minor" in row and row.get("currency"):
        price = Money(int(row["price_minor"]), str(row["currency"])).text(locale)
        row = {title: value for title, value in row.items() if title not in ("price_minor", "currency")} | {
            "price": price
        }
    shown = ((title, _shown(title, value, locale)) for title, value in row.items())
    return [[translate(TITLE_LABELS.get(title, title), locale), said] for title, said in shown if said]


def _shown(title: str, value: Any, locale: str) -> str:
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return translate(N_("Yes") if value else N_("No"), locale)
        case list():
            return ", ".join(_shown(title, one, locale) for one in value)
        case dict():
            return "; ".join(f"{key}: {_shown('', one, locale)}" for key, one in value.items())
        case str() if title in _MOMENTS:
            return _moment(value, locale)
        case str() if title in CODED and value in VALUE_LABELS:
            return translate(VALUE_LABELS[value], locale)
    return _isolated(str(value)) if locale in RTL else str(value)


def _isolated(said: str) -> str:
    """Numbers and addresses keep their order among letters that run the other way."""
    return said if _ARABIC.search(said) else f"\u2066{said}\u2069"


_ARABIC = re.compile(r"[\u0600-\u06ff]")


_MOMENTS = frozenset({"at", "until", "since", "seen", "asked", "used", "read", "birth_date"})


def _moment(value: str, locale: str) -> str:
    where = babel_locale(locale)
    try:
        if len(value) == len("2026-11-20"):
            return format_date(dt.date.fromisoformat(value), "medium", locale=where)
        return format_datetime(dt.datetime.fromisoformat(value), "short", locale=where)
    except ValueError:
        return value
