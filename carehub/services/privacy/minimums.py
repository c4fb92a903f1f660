"""How long the law makes a tenant keep what it holds (docs/retention.md). Care records only, so far: nothing is invoiced yet."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.i18n import N_
from carehub.services.privacy.subject import CARE_KINDS, Place, Subject


@dataclass(frozen=True)
class Minimum:
    """`months` after the last visit; `reason` is a msgid; `since`: the day from which the rule counts, for all that is kept then."""

    months: int
    reason: str
    since: date = date.min


NO_MINIMUM = Minimum(0, "")
# country -> its rules by the day they began; a new law is a line more
_CARE: dict[str, tuple[Minimum, ...]] = {
    "FR": (
        Minimum(
            240,
            N_("Care records: 20 years after the last visit (France, public health code, R. 1112-7)"),
            date(2006, 1, 5),
        ),
    ),
    "BE": (
        Minimum(
            360,
            N_("Care records: 30 years after the last contact (Belgium, law of 22 April 2019, article 35)"),
            date(2021, 7, 1),
        ),
    ),
    "CH": (
        Minimum(
            240,
            N_(
                "Care records: 20 years, as long as claims for injury last (Switzerland, code of obligations, article 128a)"
            ),
            date(2020, 1, 1),
        ),
    ),
}
_ELSEWHERE = Minimum(
    240, N_("Care records: 20 years after the last visit, as in France, as long as no other time is known here")
)

_VISITED = text("""
    SELECT EXISTS (SELECT FROM appointment WHERE id = ANY(cast(:ids AS uuid[])) AND status IN ('fulfilled', 'arrived', 'booked')
      AND ends_at < :now AND ends_at > cast(:now AS timestamptz) - make_interval(months => :months))""")


def care_minimum(place: Place, *, on: date | None = None) -> Minimum:
    """What the law asks, `on` a day (today), of the files of a practice or a clinic; nothing of a coach or an expert."""
    if place.kind not in CARE_KINDS:
        return NO_MINIMUM
    day = on or clock.now().date()
    in_force = [one for one in _CARE.get(place.country, ()) if one.since <= day]
    return in_force[-1] if in_force else _ELSEWHERE


def must_keep(session: Session, subject: Subject) -> Minimum | None:
    """Why the file here must stay, or None. The session is in ch_app of the place."""
    minimum = care_minimum(subject.place)
    if not minimum.months:
        return None
    values = {"ids": subject.appointments, "now": clock.now(), "months": minimum.months}
    return minimum if session.scalar(_VISITED, values) else None


_TREATED = text("""
    SELECT EXISTS (SELECT FROM appointment WHERE practitioner_id = ANY(cast(:ids AS uuid[]))
      AND status IN ('fulfilled', 'arrived', 'booked'))""")


def has_treated(session: Session, subject: Subject) -> bool:
    """Whether files that must stay name this person as who treated."""
    return subject.place.kind in CARE_KINDS and bool(session.scalar(_TREATED, {"ids": subject.practitioners}))
