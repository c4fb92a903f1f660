"""How long a tenant keeps what: rules by class, counted before they bite, run every night (SQ-141, FS-131)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor, system
from carehub.core.crypto import PERSONS
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.privacy import DataClass, RetentionRule
from carehub.services.identity.step_up import check_recent_proof
from carehub.services.privacy.erasing import erase_here
from carehub.services.privacy.errors import BelowTheMinimum
from carehub.services.privacy.forms import RetentionForm
from carehub.services.privacy.minimums import care_minimum
from carehub.services.privacy.requests import MANAGE
from carehub.services.privacy.subject import Place, places, subject_of_files

MOST_A_NIGHT = 500  # of each class and tenant: the rest waits for the next night
CLASS_LABELS: Mapping[str, str] = {
    DataClass.FILES: N_("Files of people who no longer come"),
    DataClass.CANCELLED: N_("Appointments that were cancelled or refused"),
    DataClass.MESSAGES: N_("Messages and notifications"),
    DataClass.INVITATIONS: N_("Invitations"),
    DataClass.ACCESSES: N_("Who opened which file"),
}
_MIN_ACCESSES = 24  # SQ-140: who read what is part of the audit
_BEFORE = "cast(:now AS timestamptz) - make_interval(months => :months)"

# what each class would take away now: ids of the session's tenant
_DUE = {
    DataClass.FILES: f"""
        SELECT p.id FROM patient p WHERE p.created_at < {_BEFORE} AND NOT EXISTS (
            SELECT FROM appointment a WHERE a.tenant_id = p.tenant_id AND a.patient_id = p.id AND a.ends_at > {_BEFORE})""",
    DataClass.CANCELLED: f"""
        SELECT id FROM appointment WHERE status IN ('cancelled', 'declined') AND ends_at < {_BEFORE}""",
    DataClass.MESSAGES: f"""
        SELECT id FROM delivery WHERE status NOT IN ('scheduled', 'sending') AND created_at < {_BEFORE}
        UNION ALL SELECT id FROM notification WHERE created_at < {_BEFORE}""",
    DataClass.INVITATIONS: f"""
        SELECT id FROM invitation WHERE expires_at < {_BEFORE}""",
    DataClass.ACCESSES: f"""
        SELECT id FROM record_access WHERE at < {_BEFORE}""",
}
_TABLES = {
    DataClass.CANCELLED: ("appointment",),
    DataClass.MESSAGES: ("delivery", "notification"),
    DataClass.INVITATIONS: ("invitation",),
    DataClass.ACCESSES: ("record_access",),
}
_AUDIT = text("SELECT audit_erase(:tenant, :table, cast(:ids AS text[]))")


@dataclass(frozen=True)
class RuleView:
    """One class: `months` 0 means as long as it is wanted; `least` is what the law asks, `reason` (msgid) why.

    `due`: how many rows the rule would take away now. `ran_at` ISO.
    """

    data_class: str
    months: int
    least: int
    reason: str
    due: int
    ran_at: str
    ran_count: int


def least_months(place: Place, data_class: DataClass) -> tuple[int, str]:
    """The legal minimum of a class, and why (msgid)."""
    if data_class is DataClass.FILES:
        minimum = care_minimum(place)
        return minimum.months, minimum.reason
    if data_class is DataClass.ACCESSES:
        return _MIN_ACCESSES, N_("Logs of access: two years at least")
    return 1, ""


def _own(session: Session) -> Place:
    return next(one for one in places(session) if str(one.id) == session.info["tenant"])


def _months(form: RetentionForm) -> dict[DataClass, int | None]:
    return {one: getattr(form, one.value) for one in DataClass}


def _count(session: Session, data_class: DataClass, months: int | None) -> int:
    if not months:
        return 0
    counted = text(f"SELECT count(*) FROM ({_DUE[data_class]}) due")
    return session.scalar(counted, {"now": clock.now(), "months": months}) or 0


def _views(session: Session, months: Mapping[DataClass, int | None]) -> list[RuleView]:
    place = _own(session)
    kept = {row.data_class: row for row in session.scalars(select(RetentionRule))}
    found = []
    for one in DataClass:
        least, reason = least_months(place, one)
        row = kept.get(one.value)
        ran = row.ran_at.isoformat() if row and row.ran_at else ""
        wanted = months.get(one)
        found.append(
            RuleView(
                one.value, wanted or 0, least, reason, _count(session, one, wanted), ran, row.ran_count if row else 0
            )
        )
    return found


@verb(MANAGE)
def my_retention(session: Session, _actor: Actor) -> list[RuleView]:
    """The tenant's rules with what each would take away tonight."""
    rules = {DataClass(row.data_class): row.months for row in session.scalars(select(RetentionRule))}
    return _views(session, rules)


@verb(MANAGE)
def preview_retention(session: Session, _actor: Actor, *, form: RetentionForm) -> list[RuleView]:
    """What these months would take away, without keeping them. Raises BelowTheMinimum at the field."""
    _check(session, form)
    return _views(session, _months(form))


def _check(session: Session, form: RetentionForm) -> None:
    place = _own(session)
    for one, months in _months(form).items():
        least, _reason = least_months(place, one)
        if months is not None and months < least:
            raise BelowTheMinimum(field=one.value, months=least)


@verb(MANAGE)
def save_retention(session: Session, actor: Actor, *, form: RetentionForm) -> list[RuleView]:
    """Keep the rules: they run every night from now on. Raises ProofNeeded, BelowTheMinimum at the field."""
    check_recent_proof(session, actor)
    _check(session, form)
    assert actor.tenant_id is not None
    kept = {row.data_class: row for row in session.scalars(select(RetentionRule))}
    for one, months in _months(form).items():
        row = kept.get(one.value)
        if months is None and row is not None:
            session.delete(row)
        elif months is not None and row is None:
            session.add(RetentionRule(tenant_id=actor.tenant_id, data_class=one.value, months=months))
        elif months is not None and row is not None:
            row.months = months
    session.flush()
    return my_retention(session, actor)


def apply_all() -> int:
    """Run every tenant's rules, one tenant a transaction. Repeatable. Answers how many rows went."""
    with unit_of_work(system(), Role.WORKER) as session:
        found = {one.id: one for one in places(session)}
        rules = session.execute(select(col(RetentionRule.tenant_id)).distinct()).scalars().all()
    return sum(_apply(found[tenant_id]) for tenant_id in rules if tenant_id != PERSONS)


def _apply(place: Place) -> int:
    done = 0
    with unit_of_work(system(place.id), Role.APP) as session:
        for rule in session.scalars(select(RetentionRule)).all():
            data_class = DataClass(rule.data_class)
            months = max(rule.months, least_months(place, data_class)[0])  # the law may have changed since
            gone = _take_away(session, place, data_class, months)
            rule.ran_at, rule.ran_count = clock.now(), gone
            done += gone
    return done


def _take_away(session: Session, place: Place, data_class: DataClass, months: int) -> int:
    limited = text(f"{_DUE[data_class]} LIMIT {MOST_A_NIGHT}")
    ids = list(session.scalars(limited, {"now": clock.now(), "months": months}))
    if not ids:
        return 0
    if data_class is DataClass.FILES:
        for patient_id in ids:
            erase_here(session, subject_of_files(session, place, [patient_id]))
        return len(ids)
    for table in _TABLES[data_class]:
        _delete(session, place, table, ids)
    return len(ids)


def _delete(session: Session, place: Place, table: str, ids: list[UUID]) -> None:
    session.execute(text(f'DELETE FROM "{table}" WHERE id = ANY(cast(:ids AS uuid[]))'), {"ids": ids})
    with tenant_scope(session, Role.WORKER, place.id):
        session.execute(_AUDIT, {"tenant": place.id, "table": table, "ids": [str(one) for one in ids]})
