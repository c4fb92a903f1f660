"""Hot reads: appointments as views, in one statement. Row-level security decides whose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.errors import ModuleOff, NotFound
from carehub.core.permissions import Module
from carehub.models.booking import Appointment, AppointmentProposal, Patient, ProposalStatus
from carehub.models.practice import Practitioner, Service
from carehub.models.tenancy import Site, Tenant
from carehub.services.booking.rules import BookingRules, booking_rules, client_may_change
from carehub.services.booking.views import AppointmentView, ProposalView


@dataclass(frozen=True)
class ClientPolicy:
    """What a tenant lets its clients do online. `is_open`: its booking module is on."""

    rules: BookingRules
    is_open: bool


def appointments(*, outer: bool = False) -> Select[*tuple[Any, ...]]:
    """Appointments with the names that a view shows. `outer`: keep rows whose practitioner the reader may not see."""
    a, p, s = Appointment, Practitioner, Service
    within = col(a.tenant_id)
    return (
        select(
            a,
            col(p.honorific),
            col(p.given_name),
            col(p.family_name),
            col(p.slug).label("practitioner_slug"),
            col(p.colour),
            col(s.name).label("service"),
            col(s.names).label("service_names"),
            col(Patient.given_name).label("patient_given"),
            col(Patient.family_name).label("patient_family"),
            col(Site.address),
            col(Site.city),
            col(Tenant.slug).label("tenant"),
            col(Tenant.name).label("tenant_name"),
            col(Tenant.phone).label("tenant_phone"),
        )
        .join(Tenant, col(Tenant.id) == within, isouter=outer)
        .join(p, (col(p.tenant_id) == within) & (col(p.id) == col(a.practitioner_id)), isouter=outer)
        .join(s, (col(s.tenant_id) == within) & (col(s.id) == col(a.service_id)), isouter=outer)
        .join(Patient, (col(Patient.tenant_id) == within) & (col(Patient.id) == col(a.patient_id)), isouter=outer)
        .join(Site, (col(Site.tenant_id) == within) & (col(Site.id) == col(a.site_id)), isouter=True)
        .execution_options(populate_existing=True)  # a verb reads what its own statements changed
    )


def wall(moment: datetime, zone: str) -> str:
    """2026-11-21T11:15, as the practitioner's clock shows it."""
    return clock.to_local(moment, zone).replace(tzinfo=None).isoformat(timespec="minutes")


def view_of(
    row: Row[Any], *, client: ClientPolicy | None = None, proposals: Sequence[ProposalView] = ()
) -> AppointmentView:
    """`client`: the tenant's policy, when the reader is the client (what they may still change)."""
    rules = client.rules if client else None
    is_open = client is None or client.is_open
    a: Appointment = row[0]
    now = clock.now()
    return AppointmentView(
        id=str(a.id),
        tenant=row.tenant or "",
        tenant_name=row.tenant_name or "",
        practitioner_id=str(a.practitioner_id),
        practitioner=" ".join(part for part in (row.honorific, row.given_name, row.family_name) if part),
        practitioner_slug=row.practitioner_slug or "",
        colour=row.colour or 1,
        service_id=str(a.service_id),
        service=row.service or "",
        patient_id=str(a.patient_id),
        patient=f"{row.patient_given or ''} {row.patient_family or ''}".strip(),
        status=a.status,
        mode=a.mode,
        starts_at=a.starts_at.isoformat(),
        ends_at=a.ends_at.isoformat(),
        local_start=a.local_start.isoformat(timespec="minutes"),
        local_end=wall(a.ends_at, a.time_zone),
        time_zone=a.time_zone,
        price_minor=a.price_minor,
        currency=a.currency,
        source=a.source,
        reason=a.reason,
        cancelled_by=a.cancelled_by,
        address=", ".join(part for part in (row.address, row.city) if part) if a.mode == "in_person" else "",
        sequence=a.sequence,
        tenant_phone=row.tenant_phone or "",
        cancel_hours=rules.cancel_hours if rules else 0,
        move_hours=rules.reschedule_hours if rules else 0,
        can_cancel=rules is not None and client_may_change(a.status, a.starts_at, now=now, hours=rules.cancel_hours),
        can_move=rules is not None
        and is_open
        and client_may_change(a.status, a.starts_at, now=now, hours=rules.reschedule_hours),
        proposals=list(proposals) if is_open else [],
        service_names=row.service_names or {},
    )


def read_view(session: Session, appointment_id: UUID, *, for_client: bool = False) -> AppointmentView:
    """One appointment in the session's tenant, or of the session's person. Raises NotFound."""
    row = session.execute(appointments(outer=for_client).where(col(Appointment.id) == appointment_id)).one_or_none()
    if row is None:
        raise NotFound
    open_ones = read_proposals(session, [appointment_id]).get(appointment_id, [])
    return view_of(row, client=read_policy(session, row[0].tenant_id) if for_client else None, proposals=open_ones)


def read_policy(session: Session, tenant_id: UUID) -> ClientPolicy:
    """For a role that reads the whole of that tenant's row."""
    stored, modules = session.execute(
        select(col(Tenant.booking_rules), col(Tenant.modules)).where(col(Tenant.id) == tenant_id)
    ).one()
    return ClientPolicy(booking_rules(stored or {}), Module.BOOKING in modules)


def check_open(session: Session, tenant_id: UUID) -> None:
    """Nothing is booked nor moved where booking is switched off; what stands can be seen and cancelled. Raises ModuleOff."""
    if not read_policy(session, tenant_id).is_open:
        raise ModuleOff


def read_rules(session: Session, tenant_id: UUID) -> BookingRules:
    stored = session.scalar(select(col(Tenant.booking_rules)).where(col(Tenant.id) == tenant_id))
    return booking_rules(stored or {})


def read_proposals(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[ProposalView]]:
    """Open proposals by appointment, earliest first; those that are past are not offered any more."""
    proposal = AppointmentProposal
    rows = session.execute(
        select(col(proposal.appointment_id), col(proposal.id), col(proposal.starts_at), col(Appointment.time_zone))
        .join(
            Appointment,
            (col(Appointment.tenant_id) == col(proposal.tenant_id))
            & (col(Appointment.id) == col(proposal.appointment_id)),
        )
        .where(
            col(proposal.appointment_id).in_(ids),
            col(proposal.status) == ProposalStatus.OPEN,
            col(proposal.starts_at) > clock.now(),
        )
        .order_by(col(proposal.starts_at))
    )
    found: dict[UUID, list[ProposalView]] = {}
    for appointment_id, proposal_id, starts_at, zone in rows:
        local = clock.to_local(starts_at, zone).replace(tzinfo=None).isoformat(timespec="minutes")
        found.setdefault(appointment_id, []).append(ProposalView(str(proposal_id), starts_at.isoformat(), local))
    return found


def access_appointment(session: Session, appointment_id: UUID) -> Appointment:
    """The row, locked, among those that the session's role sees. Raises NotFound."""
    found = session.scalars(
        select(Appointment).where(col(Appointment.id) == appointment_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if found is None:
        raise NotFound
    return found
