"""Where a message leads."""

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from carehub.core import clock
from carehub.core.settings import settings
from carehub.models.notify import Audience, Delivery
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
        return f"{tenant.url}/t/{tenant.slug}/p/{facts.practitioner_slug}"
    if audience == Audience.CLIENT and facts.client_person is None:
        return f"{tenant.url}/booking/{manage_token(facts.tenant_id, facts.id)}"
    return settings.url + app_path(audience, facts, tenant)


def _mark(purpose: bytes, row_id: UUID) -> bytes:
    return hmac.digest(settings.secret, purpose + row_id.bytes, hashlib.sha256)[:8]


def _sealed(purpose: bytes, row_id: UUID) -> str:
    """32 letters that only we can make of a row's id."""
    return base64.urlsafe_b64encode(row_id.bytes + _mark(purpose, row_id)).decode()


def _opened(purpose: bytes, token: str) -> UUID | None:
    try:
        raw = base64.urlsafe_b64decode(token.encode())
    except (binascii.Error, ValueError):
        return None
    row_id = UUID(bytes=raw[:16]) if len(raw) == 24 else None
    return row_id if row_id and hmac.compare_digest(raw[16:], _mark(purpose, row_id)) else None


def text_url(row: Delivery, facts: Facts, tenant: TenantFacts) -> str:
    """The link of a text message: short, because letters cost. A guest's opens their own appointment (SQ-025)."""
    if row.audience == Audience.CLIENT and row.event in ("appointment.declined", "appointment.cancelled"):
        return f"{tenant.url}/t/{tenant.slug}"
    if row.audience == Audience.CLIENT and facts.client_person is None:
        return f"{tenant.url}/m/{_sealed(b'text', row.id)}"
    return (
        f"{settings.url}/me/appointments"
        if row.audience == Audience.CLIENT
        else f"{settings.url}/w/{tenant.slug}/agenda"
    )


def opened_text(token: str) -> UUID | None:
    """The delivery behind a short link, None for anything we did not make."""
    return _opened(b"text", token)


def leave_url(row: Delivery, tenant: TenantFacts) -> str:
    """Where one leaves the messages that one may leave (RFC 8058)."""
    return f"{tenant.url}/api/unsubscribe/{_sealed(b'leave', row.id)}"


def opened_leave(token: str) -> UUID | None:
    return _opened(b"leave", token)


def receipt_url(tenant_id: UUID, delivery_id: UUID) -> str:
    """Where the carrier says what became of a text message."""
    return f"{settings.url}/api/hooks/texts/{tenant_id}/{delivery_id}"


def replies_url(tenant_id: UUID) -> str:
    """Where the carrier hands over what people reply: STOP and START."""
    return f"{settings.url}/api/hooks/texts/{tenant_id}"


def guest_path(tenant_id: UUID, appointment_id: UUID) -> str:
    return f"/booking/{manage_token(tenant_id, appointment_id)}"


def public_url(tenant: TenantFacts) -> str:
    return f"{tenant.url}/t/{tenant.slug}"


def account_url(event: str, token: str) -> str:
    """The page behind an account's mail; `token` is its one-time secret."""
    pages = {
        "account.registered": "/verify",
        "account.recovery_requested": "/reset",
        "account.email_change_confirm": "/email/confirm",
        "account.email_change_told": "/email/keep",
    }
    if event == "account.support_answered":
        return f"{settings.url}/me/support"
    if event == "account.report_seen":
        return f"{settings.url}/me/notifications"
    if event in pages:
        return f"{settings.url}{pages[event]}?token={token}"
    return settings.url + ("/sign-in" if event == "account.already_registered" else "/me/security")


def absolute(path: str) -> str:
    return settings.url + path


def uid(appointment_id: UUID) -> str:
    """The calendar's name of an appointment: the same in every file about it."""
    return str(appointment_id)
