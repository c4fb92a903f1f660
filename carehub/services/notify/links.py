"""Where a message leads."""

from uuid import UUID

from carehub.core import clock
from carehub.core.settings import settings
from carehub.models.notify import Audience
from carehub.services.booking.tokens import manage_token
from carehub.services.notify.facts import Facts, TenantFacts


def app_path(audience: str, facts: Facts, tenant: TenantFacts) -> str:
    """The page of the appointment for someone signed in."""
    if audience == Audience.CLIENT:
        return f"/me/appointments?appointment={facts.id}"
    day = clock.to_local(facts.starts_at, facts.time_zone).date()
    return f"/w/{tenant.slug}/agenda?date={day.isoformat()}&open={facts.id}"


def mail_url(event: str, audience: str, facts: Facts, tenant: TenantFacts) -> str:
    """The button of a mail: a guest's own link (SQ-025), or the page for someone who signs in."""
    if audience == Audience.CLIENT and event in ("appointment.declined", "appointment.cancelled"):
        return f"{settings.url}/t/{tenant.slug}/p/{facts.practitioner_slug}"
    if audience == Audience.CLIENT and facts.client_person is None:
        return f"{settings.url}/booking/{manage_token(facts.tenant_id, facts.id)}"
    return settings.url + app_path(audience, facts, tenant)


def public_url(tenant: TenantFacts) -> str:
    return f"{settings.url}/t/{tenant.slug}"


def account_url(event: str, token: str) -> str:
    """The page behind an account's mail; `token` is its one-time secret."""
    pages = {
        "account.registered": "/verify",
        "account.recovery_requested": "/reset",
        "account.email_change_confirm": "/email/confirm",
        "account.email_change_told": "/email/keep",
    }
    if event in pages:
        return f"{settings.url}{pages[event]}?token={token}"
    return settings.url + ("/sign-in" if event == "account.already_registered" else "/me/security")


def absolute(path: str) -> str:
    return settings.url + path


def uid(appointment_id: UUID) -> str:
    """The calendar's name of an appointment: the same in every file about it."""
    return str(appointment_id)
