"""What people choose about: events gathered into the few topics that anybody would tell apart (MC-012). Pure."""

from dataclasses import dataclass

from carehub.core.i18n import N_
from carehub.models.notify import Audience, Channel


@dataclass(frozen=True)
class Topic:
    """`label` and `about` are msgids. `locked`: always told, by the channels of ALWAYS. `channels`: those that it can use."""

    code: str
    label: str
    about: str
    locked: bool = False
    channels: tuple[Channel, ...] = (Channel.IN_APP, Channel.EMAIL, Channel.SMS, Channel.PUSH)


REMINDERS = Topic("reminders", N_("Reminders"), N_("Before an appointment"))
CHANGES = Topic("changes", N_("Changes and cancellations"), N_("Moved, cancelled, declined, other times proposed"))
CONFIRMATIONS = Topic("confirmations", N_("Confirmations"), N_("Booked, accepted, arrived"))
REQUESTS = Topic("requests", N_("Requests to answer"), N_("For those who receive"))
MONEY = Topic(
    "money",
    N_("Payments"),
    N_("Coins, payments, refunds, payouts, quotes and invoices of yours"),
    channels=(Channel.IN_APP, Channel.EMAIL, Channel.PUSH),
)
SECURITY = Topic(
    "security", N_("Your account"), N_("Sign-ins, password, invitations: always sent"), True, (Channel.EMAIL,)
)
NEWS = Topic("news", N_("News of CareHub"), N_("Incidents and changed terms always show"), channels=(Channel.IN_APP,))

# in the order of the page: group -> its topics
GROUPS: dict[str, tuple[Topic, ...]] = {
    N_("Appointments"): (REMINDERS, CHANGES, CONFIRMATIONS, REQUESTS),
    N_("Money"): (MONEY,),
    N_("Security"): (SECURITY,),
    N_("News"): (NEWS,),
}
TOPICS: dict[str, Topic] = {topic.code: topic for group in GROUPS.values() for topic in group}

_OF_EVENT = {
    "appointment.reminder": REMINDERS,
    "appointment.moved": CHANGES,
    "appointment.cancelled": CHANGES,
    "appointment.declined": CHANGES,
    "appointment.proposed": CHANGES,
    "appointment.booked": CONFIRMATIONS,
    "appointment.accepted": CONFIRMATIONS,
    "appointment.requested": CONFIRMATIONS,
    "appointment.arrived": CONFIRMATIONS,
    **dict.fromkeys(
        (
            *(f"coins.{one}" for one in ("bought", "low", "top_up_failed", "returned")),
            *(f"checkout.{one}" for one in ("waiting", "held", "kept", "returned", "ended")),
            *(
                f"payout.{one}"
                for one in ("asked", "second", "approved", "sent", "paid", "refused", "failed", "returned")
            ),
            *(f"payment.{one}" for one in ("failed", "refund_failed", "disputed", "dispute_won", "dispute_lost")),
            *("payout.to_approve", "billing.received", "billing.overdue", "billing.accepted", "billing.declined"),
        ),
        MONEY,
    ),
}


def topic_of(event: str, audience: str) -> Topic:
    """The topic of a message. What is about the account, or about nothing that one could switch off, is always told."""
    if event == "appointment.requested" and audience == Audience.PRACTITIONER:
        return REQUESTS
    return _OF_EVENT.get(event, SECURITY)
