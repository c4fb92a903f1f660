"""What the search box proposes while one types. DI-029."""

from urllib.parse import urlencode

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.i18n import LOCALES
from carehub.core.permissions import PUBLIC
from carehub.core.verbs import verb
from carehub.services.directory.specialities import SPECIALITIES, label
from carehub.services.directory.terms import CITY, PERSON, SPECIALITY, SYNONYM
from carehub.services.directory.views import Suggestion

MOST = 8
KINDS = {"what": [SPECIALITY, SYNONYM, PERSON], "where": [CITY], "all": [SPECIALITY, SYNONYM, CITY, PERSON]}

# A word that starts so first, then what merely resembles it; the reader's language before the others.
_LIKE = text("""
    SELECT kind, code, locale, label, detail, weight, starts_with(norm, f_norm(:typed)) AS starts
    FROM directory_term
    WHERE kind = ANY(:kinds) AND (:letters > 2 OR kind <> 'practitioner')
      AND (norm LIKE '%' || f_norm(:typed) || '%' OR (:fuzzy AND kind <> 'practitioner' AND f_norm(:typed) <% norm))
    ORDER BY starts DESC, kind = 'practitioner', (locale = :locale) DESC, word_similarity(f_norm(:typed), norm) DESC,
             weight DESC, label
    LIMIT 40""")
_MOST_USED = text("""
    SELECT kind, code, locale, label, detail, weight FROM directory_term
    WHERE kind = ANY(:kinds) AND kind <> 'practitioner' AND kind <> 'synonym' ORDER BY weight DESC, code LIMIT 40""")


@verb(PUBLIC)
def suggest(
    session: Session, _actor: Actor, *, typed: str, locale: str, field: str = "all", most: int = MOST
) -> list[Suggestion]:
    """At most `most` specialities, cities and people for what is typed so far, named in `locale`. `field`: what, where or all.

    Nothing typed: what most practitioners offer. Typos are tolerated from four letters on.
    """
    locale = locale if locale in LOCALES else "en"
    typed = " ".join(typed.replace("\0", " ").split())[:60].replace("%", "").replace("_", "").replace("\\", "")
    kinds = KINDS.get(field, KINDS["all"])
    if typed:
        values = {"typed": typed, "kinds": kinds, "locale": locale, "fuzzy": len(typed) > 3, "letters": len(typed)}
        rows = session.execute(_LIKE, values).all()
    else:
        rows = session.execute(_MOST_USED, {"kinds": kinds}).all()
    found: dict[tuple[str, str], Suggestion] = {}
    for row in rows:
        one = _suggestion(row.kind, row.code, row.label, row.detail, row.weight, locale)
        found.setdefault((one.kind, one.code), one)
    return list(found.values())[:most]


def _suggestion(kind: str, code: str, shown: str, detail: str, weight: int, locale: str) -> Suggestion:
    if kind in (SPECIALITY, SYNONYM):
        code = detail if kind == SYNONYM else code
        shown = label(code, locale) if code in SPECIALITIES else shown
        return Suggestion(SPECIALITY, code, shown, "", "/search?" + urlencode({"speciality": code}), weight)
    if kind == CITY:
        return Suggestion(CITY, code, shown, detail, "/search?" + urlencode({"city": code}), weight)
    return Suggestion(kind, code, shown, "", f"/t/{detail}", weight)
