"""What is told about money: event and reader -> words and ways (CD-144, DI-099, DI-107, DI-108, DI-110). One table, topic MONEY.

Subjects bear no amount: they show on locked screens. Params: {amount}, {coins}, {below}, {tenant}, {name}, {number}, {reason}, {what}.
"""

from dataclasses import dataclass

from carehub.core.i18n import N_
from carehub.models.notify import Audience, Channel
from carehub.services.notify.texts import WORDS, Words


@dataclass(frozen=True)
class Told:
    words: Words
    channels: tuple[Channel, ...] = (Channel.IN_APP, Channel.EMAIL, Channel.PUSH)


CENTRE = (Channel.IN_APP,)
QUIETLY = (Channel.IN_APP, Channel.EMAIL)
AT_ONCE = (Channel.IN_APP, Channel.PUSH)
_CLIENT, _PRO = Audience.CLIENT, Audience.PRACTITIONER
_WALLET, _EARNINGS, _PAY = N_("Open my wallet"), N_("See my earnings"), N_("Finish the payment")
_BOOKS = N_("Open the payments")

MONEY: dict[tuple[str, Audience], Told] = {
    ("coins.bought", _CLIENT): Told(
        Words(
            N_("{coins} coins are in your wallet"),
            N_("Your card has paid: {coins} coins at {tenant} are yours. The receipt stands in your wallet."),
            N_("{coins} coins are in your wallet"),
            _WALLET,
            icon="coins",
            tone="ok",
        ),
        QUIETLY,
    ),
    ("coins.top_up_failed", _CLIENT): Told(
        Words(
            N_("Your card did not buy more coins"),
            N_(
                "Coins at {tenant} were to be bought by themselves, and your bank refused. It is switched off until you say otherwise."
            ),
            N_("Your card did not buy more coins"),
            _WALLET,
            icon="coins",
            tone="bad",
        )
    ),
    ("coins.returned", _CLIENT): Told(
        Words(
            N_("{coins} coins went back to your card"),
            N_("The money of {coins} coins at {tenant} is on its way to the card that paid for them."),
            N_("{coins} coins went back to your card"),
            _WALLET,
            icon="coins",
        ),
        QUIETLY,
    ),
    ("coins.low", _CLIENT): Told(
        Words(
            N_("Few coins are left"),
            N_("At {tenant} you have fewer than {below} coins left."),
            N_("Few coins are left"),
            N_("Buy coins"),
            icon="coins",
            tone="warn",
        )
    ),
    ("checkout.waiting", _CLIENT): Told(
        Words(
            N_("Your time is kept for a few more minutes"),
            N_("Finish the payment at {tenant}, or the time is offered to others."),
            N_("Finish the payment at {tenant}: your time is kept for a few more minutes"),
            _PAY,
            icon="hourglass",
            tone="warn",
        ),
        AT_ONCE,
    ),
    ("checkout.held", _CLIENT): Told(
        Words(
            N_("Your payment is set aside"),
            N_("{amount} are set aside for your appointment at {tenant}, and taken once it took place."),
            N_("{amount} set aside for your appointment at {tenant}"),
            N_("See my appointments"),
            icon="banknote",
            tone="ok",
        ),
        CENTRE,
    ),
    ("checkout.kept", _CLIENT): Told(
        Words(
            N_("Your appointment is paid"),
            N_("{amount} of what was set aside at {tenant} are paid."),
            N_("{amount} paid at {tenant}"),
            N_("See my appointments"),
            icon="banknote",
            tone="ok",
        ),
        QUIETLY,
    ),
    ("checkout.returned", _CLIENT): Told(
        Words(
            N_("Your payment goes back to you"),
            N_(
                "{amount} go back the way they were paid: coins at once, a card within a few days, as your bank has it."
            ),
            N_("{amount} go back to you from {tenant}"),
            N_("See my appointments"),
            icon="banknote",
        )
    ),
    ("checkout.ended", _CLIENT): Told(
        Words(
            N_("Your booking was not finished"),
            N_("The payment did not come in time: nothing was taken at {tenant}, and the time is free again."),
            N_("Your booking at {tenant} was not finished: nothing was taken"),
            N_("Choose another time"),
            icon="calendar-x",
            tone="warn",
        ),
        CENTRE,
    ),
    ("checkout.kept", _PRO): Told(
        Words(
            N_("An appointment was paid"),
            N_("{amount} were paid for an appointment. Your share stands in your earnings."),
            N_("{amount} paid for an appointment"),
            _EARNINGS,
            icon="banknote",
            tone="ok",
        ),
        AT_ONCE,
    ),
    ("payout.asked", _PRO): Told(
        Words(
            N_("Payout {number} is asked for"),
            N_("Your request for {amount} is with {tenant}. You are told at each step."),
            N_("Payout {number} of {amount} is asked for"),
            _EARNINGS,
            icon="send",
        ),
        QUIETLY,
    ),
    ("payout.second", _PRO): Told(
        Words(
            N_("Payout {number}: first approval given"),
            N_("One person has approved your payout of {amount}; another one has to, as {tenant} has it."),
            N_("Payout {number}: first approval given, a second is needed"),
            _EARNINGS,
            icon="check",
        ),
        QUIETLY,
    ),
    ("payout.approved", _PRO): Told(
        Words(
            N_("Payout {number} is approved"),
            N_("Your payout of {amount} is approved and leaves with the next transfer."),
            N_("Payout {number} of {amount} is approved"),
            _EARNINGS,
            icon="check",
            tone="ok",
        )
    ),
    ("payout.sent", _PRO): Told(
        Words(
            N_("Payout {number} is on its way"),
            N_("{amount} left for your bank account."),
            N_("Payout {number}: {amount} left for your bank account"),
            _EARNINGS,
            icon="send",
            tone="ok",
        )
    ),
    ("payout.paid", _PRO): Told(
        Words(
            N_("Payout {number} is paid"),
            N_("The bank has paid {amount} to your account. The statement stands in your earnings."),
            N_("Payout {number}: {amount} paid"),
            _EARNINGS,
            icon="banknote",
            tone="ok",
        )
    ),
    ("payout.refused", _PRO): Told(
        Words(
            N_("Payout {number} is refused"),
            N_("{tenant} has refused your payout of {amount}: {reason}. The amount is available again."),
            N_("Payout {number} is refused: {reason}"),
            _EARNINGS,
            icon="circle-alert",
            tone="bad",
        )
    ),
    ("payout.failed", _PRO): Told(
        Words(
            N_("Payout {number} did not reach your bank"),
            N_(
                "The bank did not take the transfer of {amount}: {reason}. Look at your account number; the amount is available again."
            ),
            N_("Payout {number} did not reach your bank: {reason}"),
            _EARNINGS,
            todo=False,
            icon="circle-alert",
            tone="bad",
        )
    ),
    ("payout.returned", _PRO): Told(
        Words(
            N_("Payout {number} came back"),
            N_("Your bank sent {amount} back: {reason}. Look at your account number; the amount is available again."),
            N_("Payout {number} came back: {reason}"),
            _EARNINGS,
            icon="circle-alert",
            tone="bad",
        )
    ),
    ("payout.to_approve", _PRO): Told(
        Words(
            N_("A payout waits for your approval"),
            N_("{name} asks {tenant} for {amount}. Look at it and approve or refuse it."),
            N_("{name} asks for a payout of {amount}"),
            N_("Look at it"),
            icon="banknote",
            tone="now",
        )
    ),
    ("payment.failed", _PRO): Told(
        Words(
            N_("A payment failed"),
            N_("{amount} of {name} for {what}: {reason}."),
            N_("Payment failed: {amount} of {name}"),
            _BOOKS,
            icon="banknote",
            tone="warn",
        ),
        CENTRE,
    ),
    ("payment.refund_failed", _PRO): Told(
        Words(
            N_("A refund did not arrive"),
            N_("Stripe could not send {amount} for {what} back to the card. Agree with {name} on another way."),
            N_("A refund did not arrive: {amount} of {name}"),
            _BOOKS,
            icon="circle-alert",
            tone="bad",
        ),
        QUIETLY,
    ),
    ("payment.disputed", _PRO): Told(
        Words(
            N_("A payment is disputed"),
            N_(
                "The bank of {name} takes {amount} for {what} back until it is decided. What was shared out went back; answer at Stripe."
            ),
            N_("Disputed: {amount} of {name}"),
            _BOOKS,
            icon="circle-alert",
            tone="bad",
        )
    ),
    ("payment.dispute_won", _PRO): Told(
        Words(
            N_("A dispute is won"),
            N_("The bank gives {amount} for {what} again, and so do the books."),
            N_("Dispute won: {amount} of {name}"),
            _BOOKS,
            icon="check",
            tone="ok",
        ),
        QUIETLY,
    ),
    ("payment.dispute_lost", _PRO): Told(
        Words(
            N_("A dispute is lost"),
            N_(
                "The bank keeps {amount} for {what}. What a professional was paid of it already is owed, and their next earnings fill it."
            ),
            N_("Dispute lost: {amount} of {name}"),
            _BOOKS,
            icon="circle-alert",
            tone="bad",
        ),
        QUIETLY,
    ),
    ("billing.received", _PRO): Told(
        Words(
            N_("Invoice {number} is paid"),
            N_("Invoice {number} of {amount} to {name} is paid in full."),
            N_("Invoice {number} is paid: {amount} from {name}"),
            N_("Open it"),
            icon="banknote",
            tone="ok",
        )
    ),
    ("billing.overdue", _PRO): Told(
        Words(
            N_("Invoice {number} is overdue"),
            N_("{name} still owes {amount} of invoice {number}. They are reminded; you may call them."),
            N_("Invoice {number} is overdue: {name} owes {amount}"),
            N_("Open it"),
            icon="hourglass",
            tone="warn",
        )
    ),
    ("billing.accepted", _PRO): Told(
        Words(
            N_("Quote {number} is accepted"),
            N_("{name} has accepted your quote. You can invoice a deposit now."),
            N_("{name} has accepted quote {number}"),
            N_("Open it"),
            icon="check",
            tone="ok",
        ),
    ),
    ("billing.declined", _PRO): Told(
        Words(
            N_("Quote {number} is declined"),
            N_("{name} has declined your quote."),
            N_("{name} has declined quote {number}"),
            N_("Open it"),
            icon="circle-alert",
            tone="warn",
        ),
    ),
}
# the document itself leaves by mail whatever one prefers; the centre has its entry besides
DOCUMENTS: dict[tuple[str, str], Words] = {
    ("billing.sent", _CLIENT): Words("", "", N_("{tenant} sent you {number}"), N_("Open it"), icon="receipt-text"),
    ("billing.reminded", _CLIENT): Words(
        "", "", N_("{amount} of {number} are still to be paid to {tenant}"), N_("Pay"), icon="hourglass", tone="warn"
    ),
    ("billing.paid", _CLIENT): Words(
        "", "", N_("{tenant} received your payment of {number}"), N_("Open it"), icon="banknote", tone="ok"
    ),
}
WORDS.update({key: told.words for key, told in MONEY.items()})
WORDS.update(DOCUMENTS)
