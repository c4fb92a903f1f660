"""The month that is over, mailed to super-admins once: how the platform is used and what it brings. DI-134."""

from datetime import date
from functools import partial
from typing import Any

from babel.dates import format_date
from sqlalchemy import text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.crypto import PERSONS
from carehub.core.db import tenant_scope, unit_of_work
from carehub.core.i18n import N_, translate
from carehub.core.money import Money, babel_locale
from carehub.core.roles import Role
from carehub.integrations.mail import Mail
from carehub.models.notify import Audience, Channel, Delivery
from carehub.services.notify import links, render
from carehub.services.notify.facts import read_tenant
from carehub.services.notify.letters import letter
from carehub.services.notify.plan import write_delivery
from carehub.services.notify.recipients import person_recipient
from carehub.services.statistics.reading import ALL, figures, rows_of
from carehub.services.statistics.rules import AMOUNTS, COUNTS, month_of

LETTER = "platform.report"
SUBJECT = N_("The platform in {month}")
LEAD = N_("What happened on the platform in {month}, beside the month before.")
ACTION = N_("See the charts")
_ADMINS = text("SELECT person_id FROM platform_staff WHERE revoked_at IS NULL AND role = 'admin' ORDER BY id")


def send_monthly() -> int:
    """Write the report of last month to each super-admin, once however often it is asked for. Answers how many are new."""
    month = month_of(clock.now().date())
    written = 0
    with unit_of_work(system(), Role.WORKER) as session:
        with tenant_scope(session, Role.AUTH, PERSONS):
            admins = list(session.scalars(_ADMINS))
            found = rows_of(session.execute(ALL, {"first": month.before.first, "last": month.last}))
        counts, amounts = figures(found, month, own=False)
        lines = [[one.measure, one.currency, one.total, one.change, one.known] for one in (*counts, *amounts)]
        for person_id in admins:
            to = person_recipient(session, PERSONS, person_id)
            if to is None:
                continue
            with tenant_scope(session, Role.APP, PERSONS):
                made = write_delivery(
                    session,
                    tenant_id=PERSONS,
                    event=LETTER,
                    audience=Audience.PRACTITIONER,
                    channel=Channel.EMAIL,
                    to=to,
                    key=f"{LETTER}:{month.first}:{person_id}",
                    due_at=clock.now(),
                    context={"month": month.first.isoformat(), "lines": lines},
                )
            written += made is not None
    return written


@letter(LETTER)
def report_mail(session: Session, delivery: Delivery, to: str) -> Mail:
    tenant, say = read_tenant(session, delivery.tenant_id), partial(translate, locale=delivery.locale)
    day = date.fromisoformat(delivery.context["month"])
    month = format_date(day, "LLLL yyyy", locale=babel_locale(delivery.locale))
    shown = {
        "lead": say(LEAD, month=month),
        "lines": [_line(one, delivery.locale) for one in delivery.context["lines"]],
        "notes": [],
        "action": say(ACTION),
        "url": links.absolute("/platform/statistics"),
        "foot": [say(render.SIGNED_BY_US)],
    }
    return render.branded_mail(delivery, tenant, to, say(SUBJECT, month=month), shown)


def _line(told: list[Any], locale: str) -> render.Line:
    measure, currency, total, change, known = told
    label = translate(COUNTS.get(measure) or AMOUNTS[measure], locale)
    value = Money(total, currency).text(locale) if currency else f"{total:,}".replace(",", "\u202f")
    compared = f" ({change:+d} %)" if known else ""
    return render.Line(label, (value + compared,))
