"""Public pages that clients of the demo reported, one of them answered."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from carehub.core.actor import Actor, system
from carehub.core.db import unit_of_work
from carehub.core.roles import Role
from carehub.models.moderation import ContentReport
from carehub.services import moderation
from carehub.services.demo.desk import person_id_of
from carehub.services.demo.names import slug_of
from carehub.services.demo.people import SUPER_ADMIN
from carehub.services.moderation import Decision, ReportForm
from carehub.services.moderation.reporting import Fault


@dataclass(frozen=True)
class Reported:
    by: str
    tenant: str
    who: str
    kind: Fault
    words: str
    decided: bool = False


REPORTS = (
    Reported("Karim|Benali", "dar-el-khibra", "Mourad|Ayari", Fault.UNTRUE,
             "Le profil annonce une expérience que je ne retrouve pas sur l’annuaire de son ordre. Pouvez-vous vérifier ?"),
    Reported("Aymen|Guesmi", "dar-el-khibra", "Fares|Bouhlel", Fault.SPAM,
             "يدعو في تعريفه إلى دورة مدفوعة خارج المنصة."),
    Reported("Ethan|Brooks", "boreal", "Liam|McAllister", Fault.OTHER,
             "The description still speaks of the summer season: the canoe outing is closed now.", decided=True),
)  # fmt: skip


def write_reports() -> None:
    """After the directory: each report as its author sends it, the decided one as the reviewer answers it."""
    desk = Actor(person_id=person_id_of(SUPER_ADMIN.given, SUPER_ADMIN.family))
    for one in REPORTS:
        actor = Actor(person_id=person_id_of(*one.by.split("|")))
        form, slug = ReportForm(kind=one.kind, words=one.words), slug_of(*one.who.split("|"))
        with unit_of_work(actor, Role.ME) as session:
            moderation.report_page(session, actor, tenant=one.tenant, slug=slug, form=form)
        if one.decided:
            with unit_of_work(system(), Role.WORKER) as session:
                mine = col(ContentReport.person_id) == actor.person_id
                row = session.scalars(select(ContentReport).where(mine)).one()
                tenant_id, report_id = row.of_tenant, row.id
            with unit_of_work(desk, Role.PLATFORM) as session:
                moderation.decide_report(
                    session, desk, tenant_id=tenant_id, report_id=report_id, decision=Decision.NO_FAULT
                )
