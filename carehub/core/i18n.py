"""Texts of the server's side (mails, error answers) and the catalogues that browser and server share.

A msgid is the English text. Translations are PO files, several a language (carehub/locales/<locale>/<domain>.po), read as one."""

from functools import cache
from pathlib import Path
from typing import TypeAlias

from babel import Locale
from babel.messages.pofile import read_po

LOCALES = ("en", "fr", "ar")
RTL = frozenset({"ar"})
FOLDER = Path(__file__).parents[1] / "locales"
# The order of msgstr[0..n] in our PO files, as CLDR names the forms.
FORMS = {"fr": ("one", "other"), "ar": ("zero", "one", "two", "few", "many", "other")}

N_ = str  # marks a msgid that is kept in data and translated where it is shown

Forms: TypeAlias = dict[str, str]


@cache
def catalogue(locale: str) -> dict[str, str | Forms]:
    """msgid -> translation, or -> its plural forms by CLDR category. Empty and fuzzy entries are left out; English is empty."""
    texts: dict[str, str | Forms] = {}
    for path in sorted((FOLDER / locale).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if not message.id or message.fuzzy:
                    continue
                if isinstance(message.id, tuple):
                    texts[message.id[0]] = dict(zip(FORMS[locale], message.string or (), strict=False))
                elif message.string:
                    texts[str(message.id)] = str(message.string)
    return texts


def _fill(text: str, params: dict[str, object]) -> str:
    for name, value in params.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def translate(msgid: str, locale: str, **params: object) -> str:
    """`msgid` in `locale`, its {params} filled; the English text where a translation lacks."""
    found = catalogue(locale).get(msgid, msgid)
    return _fill(found if isinstance(found, str) else found["other"], params)


def ngettext(one: str, many: str, n: int, locale: str, **params: object) -> str:
    """The plural form of `one` that `locale` uses for `n`; {n} is filled with it."""
    found = catalogue(locale).get(one)
    text = one if n == 1 else many
    if isinstance(found, dict):
        text = found.get(plural_form(locale, n)) or found["other"]
    return _fill(text, {"n": n, **params})


def plural_form(locale: str, n: int) -> str:
    """CLDR's category of a whole number: one, two, few…"""
    return str(Locale.parse(locale).plural_form(n))


def pick_locale(accepted: str, cookie: str = "") -> str:
    """The reader's locale: their own choice, else the first of Accept-Language that is spoken here, else English."""
    if cookie in LOCALES:
        return cookie
    for part in accepted.split(","):
        code = part.split(";", 1)[0].strip().lower().split("-", 1)[0]
        if code in LOCALES:
            return code
    return "en"
