"""What is looked for in the words of a public page. Pure.

Found words are shown to a reviewer and decide nothing: "miracle" may stand in a sentence that is right.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping

from carehub.core.i18n import N_

EMAIL, PHONE, LINK, WORD = "email", "phone", "link", "word"
WHAT_LABELS: Mapping[str, str] = {
    EMAIL: N_("An e-mail address"),
    PHONE: N_("A telephone number"),
    LINK: N_("A link"),
    WORD: N_("Words to look at"),
}
PART_LABELS: Mapping[str, str] = {
    "headline": N_("In one line"),
    "biography": N_("About"),
    "approach": N_("Approach"),
    "diplomas": N_("Diplomas"),
    "certifications": N_("Certifications"),
    "gallery": N_("Pictures"),
    "tagline": N_("In one line"),
    "about": N_("About"),
    "home": N_("Texts of the page"),
}
# promises that no practitioner may make, ways around the platform, insults: a few of each, a reviewer knows the rest
WORDS = (
    *("guaranteed cure", "miracle cure", "100% success", "money back", "whatsapp", "telegram", "idiot", "scam"),
    *(
        "guérison garantie",
        "remède miracle",
        "résultat garanti",
        "100 % de réussite",
        "arnaque",
        "charlatan",
        "imbécile",
    ),
    *("شفاء مضمون", "علاج معجزة", "نتيجة مضمونة", "نجاح 100", "واتساب", "تلغرام", "احتيال", "غبي"),
)
_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]+)+", re.I)
_LINK = re.compile(r"https?://|\bwww\.|\b[\w-]{2,}\.(?:com|fr|tn|org|net|io|me|app|eu|ma|dz|be|ch|info)\b", re.I)
_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+|00)\d(?:[\s.()-]{0,2}\d){7,13}|0[1-9](?:[\s.-]?\d{2}){4}|[2-9]\d[\s.]\d{3}[\s.]\d{3})(?!\d)"
)


def _plain(said: str) -> str:
    """Without case or accents, digits of every script as 0 to 9: what people vary to be missed."""
    parts = unicodedata.normalize("NFKD", said.casefold())
    kept = (one for one in parts if not unicodedata.combining(one))
    return " ".join("".join(str(unicodedata.decimal(one, one)) for one in kept).split())


_WORDS = re.compile("|".join(rf"(?<!\w){re.escape(_plain(one))}(?!\w)" for one in WORDS))


def _seen(said: str) -> Iterable[tuple[str, str]]:
    text = _plain(said)
    for what, pattern in ((EMAIL, _EMAIL), (PHONE, _PHONE), (LINK, _LINK), (WORD, _WORDS)):
        yield from ((what, one.group()) for one in pattern.finditer(text))
        if what == EMAIL:
            text = pattern.sub(" ", text)  # its domain is no link of its own


def find(parts: Mapping[str, str]) -> tuple[list[str], str]:
    """What stands in a page's parts and should not: ["phone:biography"], and a digest of just that ("": nothing was found).

    The digest stays while other words change, so that what a reviewer has seen is not found again.
    """
    hits = sorted({(what, part, match) for part, said in parts.items() for what, match in _seen(said)})
    if not hits:
        return [], ""
    codes = list(dict.fromkeys(f"{what}:{part}" for what, part, _ in hits))
    return codes, hashlib.sha256(repr(hits).encode()).hexdigest()
