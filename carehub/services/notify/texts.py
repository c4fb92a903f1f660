"""The words of every message, as msgids. Subjects say nothing about health: they show on locked screens."""

from dataclasses import dataclass

from carehub.core.i18n import N_
from carehub.models.notify import Audience


@dataclass(frozen=True)
class Words:
    """`subject`, `lead` and `action` of the mail; `title` of the centre's entry. Params: {when}, {name}, {tenant}, {minutes}.

    `todo`: the reader is waited for. `icon` and `tone` are the centre's.
    """

    subject: str
    lead: str
    title: str
    action: str
    todo: bool = False
    icon: str = "calendar-days"
    tone: str = ""


_VIEW = N_("See the appointment")
_ANSWER = N_("Answer the request")

_CLIENT = Audience.CLIENT
_PRO = Audience.PRACTITIONER

WORDS: dict[tuple[str, str], Words] = {
    ("appointment.requested", _CLIENT): Words(
        N_("Request received for {when}"),
        N_("Your request was passed on to {name}. You will be told as soon as it is answered."),
        N_("Your request was passed on to {name}"),
        _VIEW,
        icon="send",
    ),
    ("appointment.requested", _PRO): Words(
        N_("New request for {when}"),
        N_("{name} asks for an appointment and waits for your answer."),
        N_("{name} asks for an appointment"),
        _ANSWER,
        todo=True,
        icon="calendar-clock",
        tone="now",
    ),
    ("appointment.booked", _CLIENT): Words(
        N_("Appointment confirmed: {when}"),
        N_("Your appointment with {name} is confirmed."),
        N_("Appointment with {name} confirmed"),
        _VIEW,
        icon="calendar-check",
        tone="ok",
    ),
    ("appointment.booked", _PRO): Words(
        N_("New appointment: {when}"),
        N_("{name} has an appointment with you."),
        N_("{name} has an appointment with you"),
        _VIEW,
        icon="calendar-plus",
    ),
    ("appointment.accepted", _CLIENT): Words(
        N_("Appointment confirmed: {when}"),
        N_("{name} accepted your request. The appointment is confirmed."),
        N_("{name} accepted your request"),
        _VIEW,
        icon="calendar-check",
        tone="ok",
    ),
    ("appointment.accepted", _PRO): Words(
        N_("Appointment confirmed: {when}"),
        N_("The appointment with {name} is confirmed."),
        N_("The appointment with {name} is confirmed"),
        _VIEW,
        icon="calendar-check",
        tone="ok",
    ),
    ("appointment.declined", _CLIENT): Words(
        N_("Your request for {when} was declined"),
        N_("{name} cannot receive you at that time."),
        N_("{name} declined your request"),
        N_("Choose another time"),
        icon="calendar-x",
        tone="warn",
    ),
    ("appointment.proposed", _CLIENT): Words(
        N_("Other times proposed instead of {when}"),
        N_("{name} proposes other times. Choose the one that suits you."),
        N_("{name} proposes other times"),
        N_("Choose a time"),
        todo=True,
        icon="calendar-clock",
        tone="now",
    ),
    ("appointment.moved", _CLIENT): Words(
        N_("Appointment moved to {when}"),
        N_("Your appointment with {name} was moved."),
        N_("Your appointment with {name} was moved"),
        _VIEW,
        icon="calendar-clock",
        tone="warn",
    ),
    ("appointment.moved", _PRO): Words(
        N_("Appointment moved to {when}"),
        N_("The appointment with {name} was moved."),
        N_("The appointment with {name} was moved"),
        _VIEW,
        icon="calendar-clock",
        tone="warn",
    ),
    ("appointment.cancelled", _CLIENT): Words(
        N_("Appointment of {when} cancelled"),
        N_("Your appointment with {name} is cancelled."),
        N_("Your appointment with {name} is cancelled"),
        N_("Book again"),
        icon="calendar-x",
        tone="bad",
    ),
    ("appointment.cancelled", _PRO): Words(
        N_("Appointment of {when} cancelled"),
        N_("The appointment with {name} is cancelled."),
        N_("The appointment with {name} is cancelled"),
        N_("Open the agenda"),
        icon="calendar-x",
        tone="bad",
    ),
    ("appointment.arrived", _PRO): Words(
        N_("{name} has arrived"),
        N_("{name} has arrived for the appointment."),
        N_("{name} has arrived"),
        _VIEW,
        icon="armchair",
        tone="ok",
    ),
    ("appointment.reminder", _CLIENT): Words(
        N_("Reminder: appointment {when}"),
        N_("You have an appointment with {name}."),
        N_("Coming up: your appointment with {name}"),
        _VIEW,
        icon="bell",
    ),
    ("appointment.reminder", _PRO): Words(
        N_("Reminder: appointment {when}"),
        N_("You have an appointment with {name}."),
        N_("Coming up: your appointment with {name}"),
        _VIEW,
        icon="bell",
    ),
    ("texts.budget", _PRO): Words("", "", "", N_("See the budget"), icon="triangle-alert", tone="warn"),
    ("account.registered", _CLIENT): Words(
        N_("Confirm your e-mail address"),
        N_(
            "Welcome to CareHub, {name}. Confirm this address to finish signing up. The link works once, for {hours} hours."
        ),
        "",
        N_("Confirm my address"),
    ),
    ("account.already_registered", _CLIENT): Words(
        N_("You already have an account"),
        N_("Someone, probably you, signed up again with this address, {name}. Nothing was changed: sign in as before."),
        "",
        N_("Sign in"),
    ),
    ("account.recovery_requested", _CLIENT): Words(
        N_("Choose a new password"),
        N_("Someone, probably you, asked for a new password, {name}. The link works once, for {hours} hours."),
        "",
        N_("Choose a new password"),
    ),
    ("account.signed_in_elsewhere", _CLIENT): Words(
        N_("New sign-in to your account"),
        N_("Your account was just opened on a device that we had not seen before, {name}."),
        "",
        N_("Review my sessions"),
    ),
    ("account.email_change_confirm", _CLIENT): Words(
        N_("Confirm your new address"),
        N_("You want to sign in to CareHub with this address, {name}. The link works once, for {hours} hours."),
        "",
        N_("Use this address"),
    ),
    ("account.email_change_told", _CLIENT): Words(
        N_("The address of your account is about to change"),
        N_(
            "Someone, probably you, asked to sign in with another address, {name}. If it was not you, this link stops it and"
            " signs everyone out. It works for {hours} hours, as long as the new address is not confirmed."
        ),
        "",
        N_("Stop the change"),
    ),
    ("account.second_step_on", _CLIENT): Words(
        N_("Two-step sign-in is on"),
        N_(
            "From now on your account asks for a code of your authenticator, {name}. Keep the codes to print in a safe place."
        ),
        "",
        N_("Review my security"),
    ),
    ("account.second_step_off", _CLIENT): Words(
        N_("Two-step sign-in is off"),
        N_("Your account asks for the password alone again, {name}. If this was not you, change it now."),
        "",
        N_("Review my security"),
    ),
    ("account.number_proved", _CLIENT): Words(
        N_("A telephone was added to your account"),
        N_(
            "Text messages go to it, {name}, and it can help to recover your account. If this was not you, remove it now."
        ),
        "",
        N_("Review my security"),
    ),
    ("account.support_answered", _CLIENT): Words(
        N_("CareHub support answered you"),
        N_("Our support has answered your question, {name}. Sign in to read it and to say more."),
        "",
        N_("Read the answer"),
        icon="life-buoy",
        tone="ok",
    ),
    ("account.report_seen", _CLIENT): Words(
        N_("We have looked at what you reported"),
        N_("A person at CareHub has looked at the page that you reported, {name}. Thank you for telling us."),
        "",
        N_("Open my notifications"),
        icon="flag",
        tone="ok",
    ),
}

BY_LABELS = {
    "client": N_("Cancelled by {by_name}"),
    "staff": N_("Cancelled by {tenant}"),
    "system": N_("Cancelled automatically"),
}
MODE_LABELS = {"in_person": N_("In person"), "video": N_("Video"), "phone": N_("By telephone")}
EVENT_LABELS = {
    "privacy.letter": N_("About your data"),
    "appointment.requested": N_("Appointment requested"),
    "appointment.booked": N_("Appointment booked"),
    "appointment.accepted": N_("Request accepted"),
    "appointment.declined": N_("Request declined"),
    "appointment.proposed": N_("Other times proposed"),
    "appointment.moved": N_("Appointment moved"),
    "appointment.cancelled": N_("Appointment cancelled"),
    "appointment.arrived": N_("Arrival"),
    "appointment.reminder": N_("Reminder"),
    "account.registered": N_("Confirmation of the address"),
    "account.already_registered": N_("You already have an account"),
    "account.recovery_requested": N_("New password"),
    "account.signed_in_elsewhere": N_("Sign-in from a new device"),
    "account.email_change_confirm": N_("Confirm your new address"),
    "account.email_change_told": N_("The address of your account is about to change"),
    "account.second_step_on": N_("Two-step sign-in is on"),
    "account.second_step_off": N_("Two-step sign-in is off"),
    "account.number_code": N_("Code by text message"),
    "account.recovery_code": N_("Code by text message"),
    "account.number_proved": N_("A telephone was added to your account"),
    "payment.failed": N_("Payment failed"),
    "payment.refund_failed": N_("A refund did not arrive"),
    "payment.disputed": N_("Payment disputed"),
    "payment.dispute_won": N_("Dispute won"),
    "payment.dispute_lost": N_("Dispute lost"),
    "texts.budget": N_("Budget of text messages"),
    "texts.test": N_("Test message"),
    "account.support_answered": N_("Answer of the support"),
    "account.report_seen": N_("A report was looked at"),
    "moderation.change": N_("Change of a public page asked for"),
    "moderation.hidden": N_("Profile hidden by CareHub"),
    "moderation.lifted": N_("Profile shown again"),
    "invitation.sent": N_("Invitation"),
    "impersonation.began": N_("CareHub support stood in"),
    "coins.bought": N_("Coins bought"),
    "coins.low": N_("Few coins are left"),
    "coins.top_up_failed": N_("Your card did not buy more coins"),
    "coins.returned": N_("Coins given back"),
    "checkout.waiting": N_("Payment to finish"),
    "checkout.held": N_("Payment set aside"),
    "checkout.kept": N_("Payment taken"),
    "checkout.returned": N_("Payment given back"),
    "checkout.ended": N_("Payment not finished"),
    "payout.asked": N_("Payout asked for"),
    "payout.second": N_("Payout approved once"),
    "payout.approved": N_("Payout approved"),
    "payout.sent": N_("Payout sent"),
    "payout.paid": N_("Payout paid"),
    "payout.refused": N_("Payout refused"),
    "payout.failed": N_("Payout failed"),
    "payout.returned": N_("Payout returned"),
    "payout.to_approve": N_("Payout to approve"),
    "billing.sent": N_("Document sent"),
    "billing.reminded": N_("Invoice recalled"),
    "billing.paid": N_("Payment received"),
    "billing.received": N_("Invoice paid"),
    "billing.overdue": N_("Invoice overdue"),
    "billing.accepted": N_("Quote accepted"),
    "billing.declined": N_("Quote declined"),
    "platform.report": N_("Report of the month"),
}
AUDIENCE_LABELS = {"client": N_("To the client"), "practitioner": N_("To the practitioner")}
CHANNEL_LABELS = {"email": N_("E-mail"), "sms": N_("Text message"), "push": N_("Push"), "in_app": N_("In the app")}
STATUS_LABELS = {
    "scheduled": N_("Scheduled"),
    "sending": N_("Being sent"),
    "sent": N_("Sent"),
    "delivered": N_("Delivered"),
    "failed": N_("Failed"),
    "withdrawn": N_("Withdrawn"),
}
