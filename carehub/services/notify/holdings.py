"""Messages to a person, and about them: a practitioner's notice names the client too."""

from carehub.core.holdings import APPOINTMENTS, OF_PERSON, PATIENTS, Holding, holds, holds_nobody
from carehub.core.i18n import N_
from carehub.core.roles import Role

_ABOUT = f"{OF_PERSON} OR t.appointment_id = {APPOINTMENTS}"

holds(
    Holding(
        "delivery",
        N_("Messages"),
        f"{_ABOUT} OR t.context ->> 'invitation_id' IN (SELECT i.id::text FROM invitation i"
        " WHERE i.tenant_id = t.tenant_id AND i.email_index = :invitation_index)",
        shown={
            "at": "coalesce(t.sent_at, t.due_at)",
            "what": "t.event",
            "subject": "t.subject",
            "recipient": "t.recipient",
            "status": "t.status",
        },
        sealed={"recipient": "delivery.recipient"},
        order=-10,
    ),
    Holding(
        "notification",
        N_("Notifications"),
        _ABOUT,
        shown={"at": "t.created_at", "what": "t.event", "details": "t.params", "read": "t.read_at"},
        order=-10,
    ),
)
LOCKS = N_("Ways in")
holds(
    Holding(
        "notification_preference",
        N_("Notification preferences"),
        OF_PERSON,
        Role.AUTH,
        shown={"what": "t.topic || ' ' || t.channel", "active": "t.enabled"},
    ),
    Holding(
        "notification_settings",
        N_("Quiet hours"),
        OF_PERSON,
        Role.AUTH,
        shown={"active": "t.quiet", "since": "t.quiet_from::text", "until": "t.quiet_to::text"},
    ),
    Holding(
        "contact_number",
        N_("Text messages"),
        OF_PERSON,
        Role.AUTH,
        shown={"phone": "t.phone", "since": "t.verified_at"},
        sealed={"phone": "contact_number.phone"},
    ),
    Holding(
        "push_subscription",
        N_("Push"),
        OF_PERSON,
        Role.AUTH,
        shown={"browser": "t.device", "since": "t.created_at", "used": "t.used_at"},
    ),
    Holding(
        "recovery_question",
        LOCKS,
        OF_PERSON,
        Role.AUTH,
        shown={"what": "t.question", "since": "t.created_at"},
        sealed={"what": "recovery_question.question"},
    ),
    Holding(
        "suppression",
        N_("Closed addresses"),
        "t.address_index = :patient_index OR t.address_index IN"
        f" (SELECT p.phone_index FROM patient p WHERE p.tenant_id = t.tenant_id AND p.id = {PATIENTS})",
        shown={"recipient": "t.address", "reason": "t.reason", "since": "t.created_at"},
        sealed={"recipient": "suppression.address"},
        order=-20,
    ),
)
holds_nobody(
    message_template="words of an organisation",
    message_default="words of the platform",
    notification_rule="settings of an organisation",
)
