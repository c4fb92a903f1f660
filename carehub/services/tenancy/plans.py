"""What a tenant's plan and add-ons hold (SQ-125..128, SQ-131), and the refusal at its edge. Nothing that exists is ever taken away.

A tenant without a row in tenant_plan was there before plans: it has no limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.errors import CareHubError, Invalid
from carehub.core.i18n import N_
from carehub.core.roles import Role
from carehub.core.verbs import verb
from carehub.models.booking import Patient
from carehub.models.practice import Practitioner
from carehub.models.tenancy import Addon, PlanCode, Tenant, TenantPlan

PLAN_CURRENCY = "MAD"
PLAN_LABELS: Mapping[str, str] = {
    PlanCode.FREE: N_("Free"),
    PlanCode.PROFESSIONAL: N_("Professional"),
    PlanCode.CLINIC: N_("Clinic"),
    PlanCode.ENTERPRISE: N_("Enterprise"),
}


@dataclass(frozen=True)
class Plan:
    """Per month. `price_minor` in PLAN_CURRENCY's minor units; None: as agreed. The others None: no limit."""

    code: PlanCode
    price_minor: int | None
    practitioners: int | None
    patients: int | None  # new ones a calendar month
    texts: int | None = None  # segments of text messages a calendar month


PLANS = {
    PlanCode.FREE: Plan(PlanCode.FREE, 0, 1, 50, 100),
    PlanCode.PROFESSIONAL: Plan(PlanCode.PROFESSIONAL, 499_00, 3, 500, 1000),
    PlanCode.CLINIC: Plan(PlanCode.CLINIC, 1_499_00, 10, None, 5000),
    PlanCode.ENTERPRISE: Plan(PlanCode.ENTERPRISE, None, None, None, None),
}


@dataclass(frozen=True)
class AddonOffer:
    """`price_minor` a month, in PLAN_CURRENCY. `exists`: what it opens is there; what is not is not sold."""

    code: Addon
    price_minor: int
    included: frozenset[PlanCode]  # plans that hold it already
    exists: bool = False


_LARGE = frozenset({PlanCode.ENTERPRISE})
ADDONS = {
    Addon.TELECONSULTATION: AddonOffer(
        Addon.TELECONSULTATION, 200_00, frozenset({PlanCode.PROFESSIONAL, PlanCode.CLINIC}) | _LARGE
    ),
    Addon.BI: AddonOffer(Addon.BI, 300_00, _LARGE),
    Addon.WHATSAPP: AddonOffer(Addon.WHATSAPP, 150_00, _LARGE, exists=True),
    Addon.WHITE_LABEL: AddonOffer(Addon.WHITE_LABEL, 500_00, _LARGE),
}
ADDON_LABELS: Mapping[str, str] = {
    Addon.TELECONSULTATION: N_("Teleconsultation"),
    Addon.BI: N_("Business intelligence"),
    Addon.WHATSAPP: N_("WhatsApp Business"),
    Addon.WHITE_LABEL: N_("App under your own name"),
}


class PractitionersFull(CareHubError):
    key = "Your plan holds {limit} who work here. Choose a larger one under Settings, Plan: nothing is lost"
    status = 409


class PatientsFull(CareHubError):
    key = "Your plan holds {limit} new people a month. Choose a larger one under Settings, Plan: nothing is lost"
    status = 409


class AddonNeeded(Invalid):
    key = "This needs the add-on {addon}. Add it under Settings, Plan"


class NobodyNew(CareHubError):
    """What a visitor reads: the plan is none of their business."""

    key = "New people cannot be taken online before next month. Please write or call"
    status = 409


def plan_of(session: Session, tenant_id: UUID) -> Plan | None:
    """The tenant's plan, None when it has no limits. Needs ch_app, ch_booking or ch_platform."""
    return plan_named(session.scalar(select(col(TenantPlan.plan)).where(col(TenantPlan.tenant_id) == tenant_id)))


def holds_addon(session: Session, tenant_id: UUID, addon: Addon) -> bool:
    """Whether what an add-on opens is open to a tenant: by its plan, its subscription, or the platform's grant. No row: it is."""
    row = session.execute(
        select(col(TenantPlan.plan), col(TenantPlan.addons), col(TenantPlan.granted)).where(
            col(TenantPlan.tenant_id) == tenant_id
        )
    ).one_or_none()
    return row is None or row.plan in ADDONS[addon].included or addon in row.addons or addon in row.granted


def plan_named(code: str | None) -> Plan | None:
    """The plan behind tenant_plan.plan; None where there is no row."""
    return PLANS[PlanCode(code)] if code else None


def _lock(session: Session, tenant_id: UUID) -> None:
    """One newcomer at a time where a limit counts: two must not both take the last place."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 12))"), {"key": str(tenant_id)})


def practitioners_in(session: Session, tenant_id: UUID) -> int:
    counted = select(func.count()).where(col(Practitioner.tenant_id) == tenant_id, col(Practitioner.active))
    return session.scalar(counted) or 0


def new_patients_in(session: Session, tenant_id: UUID) -> int:
    """Those added since the first of the month, in the tenant's own time."""
    zone = session.scalar(select(col(Tenant.time_zone)).where(col(Tenant.id) == tenant_id)) or "UTC"
    first = clock.from_local(
        clock.to_local(clock.now(), zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=None), zone
    )
    counted = select(func.count()).where(col(Patient.tenant_id) == tenant_id, col(Patient.created_at) >= first)
    return session.scalar(counted) or 0


def check_room_for_practitioner(session: Session, tenant_id: UUID) -> None:
    """Raises PractitionersFull when one more active practitioner is more than the plan holds."""
    plan = plan_of(session, tenant_id)
    if plan is None or plan.practitioners is None:
        return
    _lock(session, tenant_id)
    if practitioners_in(session, tenant_id) >= plan.practitioners:
        raise PractitionersFull(limit=plan.practitioners)


def check_room_for_patient(session: Session, tenant_id: UUID, plan: Plan | None) -> None:
    """Raises PatientsFull to staff, NobodyNew to a visitor, when the month's new ones are reached. Known ones book on."""
    if plan is None or plan.patients is None:
        return
    _lock(session, tenant_id)
    if new_patients_in(session, tenant_id) >= plan.patients:
        if session.info["role"] == Role.APP.value:
            raise PatientsFull(limit=plan.patients)
        raise NobodyNew


@dataclass(frozen=True)
class PlanView:
    """A tenant's plan and what is used of it. Limits of 0 mean none; `plan` is empty when there are no limits at all."""

    plan: str = ""
    asked: str = ""
    practitioners: int = 0
    practitioners_limit: int = 0
    patients: int = 0
    patients_limit: int = 0
    agreed: bool = False  # by hand: no subscription moves it
    addons: tuple[str, ...] = ()


def read_plan(session: Session, tenant_id: UUID) -> PlanView:
    row = session.execute(
        select(
            col(TenantPlan.plan),
            col(TenantPlan.asked),
            col(TenantPlan.agreed),
            col(TenantPlan.addons),
            col(TenantPlan.granted),
        ).where(col(TenantPlan.tenant_id) == tenant_id)
    ).one_or_none()
    plan = PLANS[PlanCode(row.plan)] if row else PLANS[PlanCode.ENTERPRISE]
    return PlanView(
        plan=row.plan if row else "",
        asked=row.asked if row else "",
        practitioners=practitioners_in(session, tenant_id),
        practitioners_limit=plan.practitioners or 0,
        patients=new_patients_in(session, tenant_id),
        patients_limit=plan.patients or 0,
        agreed=row.agreed if row else False,
        addons=tuple(sorted({*row.addons, *row.granted})) if row else (),
    )


@verb("settings.read")
def my_plan(session: Session, actor: Actor) -> PlanView:
    """The tenant's own plan and use."""
    assert actor.tenant_id is not None
    return read_plan(session, actor.tenant_id)


@verb("settings.manage")
def ask_for_plan(session: Session, actor: Actor, *, plan: PlanCode) -> PlanView:
    """Tell CareHub that another plan is wanted: the console shows it, and whoever runs the platform grants it."""
    assert actor.tenant_id is not None
    row = session.scalars(select(TenantPlan).where(col(TenantPlan.tenant_id) == actor.tenant_id)).one_or_none()
    if row is not None:
        row.asked, row.asked_at = ("" if row.plan == plan else plan.value), clock.now()
        session.flush()
    return read_plan(session, actor.tenant_id)
