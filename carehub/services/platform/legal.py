"""What /terms and /privacy say: one text, one date. It describes what is built; whoever builds something else changes it here."""

from dataclasses import dataclass

from carehub.core.i18n import N_

VERSION = "2026-11-20"  # the day of this text, shown with it


@dataclass(frozen=True)
class Section:
    title: str
    paragraphs: tuple[str, ...]


PRIVACY = (
    Section(
        N_("What is kept, and for what"),
        (
            N_(
                "An account keeps your name, e-mail address, language and time zone, and a scrambled form of your password. Phone, "
                "birth date, gender and postal address are kept only if you tell them. With two-step sign-in it also keeps the key "
                "of your authenticator, encrypted, and with another sign-in service the number by which that service knows you."
            ),
            N_(
                "A booking keeps who comes, when, to whom and for which service, what changed since, and your answers to the "
                "organisation’s questions. It serves to hold the time, to tell both sides, and to prepare the appointment."
            ),
            N_("An organisation may keep more about you in fields of its own. The copy of your data shows them all."),
            N_(
                "What you agree to is kept with the words that were shown, their version, the time and the network address, so that "
                "it can be proved and taken back. Offers are shown, or mailed, only to those who said yes."
            ),
            N_(
                "Each sign-in keeps its time, network address and browser, so that you see who used your account and that guessed "
                "passwords are slowed down. Changes made in an organisation are written to a log that shows later tampering."
            ),
        ),
    ),
    Section(
        N_("How it is protected"),
        (
            N_(
                "E-mail addresses, phone numbers, answers and notes to a practitioner, requests about data and copies of data are "
                "stored encrypted, with a key of their own for each organisation. Names, appointments and organisations’ own fields "
                "are not encrypted one by one: the database itself separates organisations."
            ),
        ),
    ),
    Section(
        N_("Who sees it"),
        (
            N_(
                "The organisation you book with sees your name, contact details and appointments there, according to its members’ "
                "roles. Answers and notes are read only by the practitioner of that appointment. No organisation sees what you "
                "do with another."
            ),
            N_("Whenever someone there opens or changes your file, it stands under My data, with who and when."),
            N_(
                "Those who run this site can see administrative data of organisations and accounts, for a reason that they must "
                "write down; each use is recorded. Answers, notes and organisations’ own fields are closed to that access. "
                "Mails pass through the mail service that the site uses. Nothing is sold, and there is no advertising."
            ),
            N_(
                "Support may open an organisation’s settings for half an hour, for a reason that its owners get by mail; whom the "
                "organisation receives stays closed to it. Questions sent to support are read by those who run this site, who "
                "also see when sign-ups, failed sign-ins or cancellations are unusually many."
            ),
        ),
    ),
    Section(
        N_("How long"),
        (
            N_(
                "A time kept while you fill the form is forgotten within minutes, ended sessions and used links after a week. Sign-ins "
                "lose their network address and browser after a year. A copy of your data goes after 7 days."
            ),
            N_(
                "Each organisation sets how long it keeps files, cancelled appointments and messages, never less than its law asks: for "
                "a practice or a clinic, 20 years after the last visit. The log of changes is kept for two years at least."
            ),
        ),
    ),
    Section(
        N_("Cookies and trackers"),
        (
            N_(
                "There are no trackers and no measuring by others, so nothing is asked when you arrive. Cookies serve only the session "
                "(while you are signed in, and for two days after a sign-up, to confirm your address), a sign-in that waits for its "
                "code, a device that you chose to trust, and your language. Your browser also keeps whether you chose the light or "
                "the dark look."
            ),
            N_(
                "Where the operator of this site has set up a map service, map images come from it, and it sees the network "
                "address that asks for them."
            ),
        ),
    ),
    Section(
        N_("Read, correct, copy, erase"),
        (
            N_(
                "Under My data you see what you agreed to and take it back, see who looked, make a copy of everything as PDF and JSON, "
                "ask an organisation to correct or erase what you cannot change yourself, and have your account erased."
            ),
            N_(
                "Erasing waits 14 days, in which you can take it back. Then it takes your account, files, answers and messages out of "
                "every table. What the law makes a practice or a clinic keep stays there without a tie to your account, and the log "
                "of changes keeps numbers only. You are told what is kept, and why, before you begin."
            ),
            N_(
                "If your data is lost or seen by someone who may not, the organisation has 72 hours to tell its authority, and tells "
                "you when the risk for you is high."
            ),
        ),
    ),
)

TERMS = (
    Section(
        N_("What CareHub is"),
        (
            N_(
                "CareHub is the place where organisations publish their practitioners and where you book their time. The "
                "appointment is between you and the organisation; CareHub does not give care or advice itself."
            ),
            N_("It is not for emergencies: call the emergency services of your country."),
        ),
    ),
    Section(
        N_("Your account"),
        (
            N_(
                "Give a name and an e-mail address that are yours, and keep your password to yourself. An account works once its "
                "address is confirmed. You may book without an account where the organisation allows it."
            ),
        ),
    ),
    Section(
        N_("Appointments"),
        (
            N_(
                "A time is yours once it says confirmed; a request waits for the practitioner’s answer. You move or cancel online "
                "until the delay that the organisation sets, shown before you confirm. After that, contact the organisation."
            ),
            N_(
                "Prices are those of the organisation and are paid to it. No payment passes through this site at present."
            ),
        ),
    ),
    Section(
        N_("For organisations"),
        (
            N_(
                "Publish only what is true and what you may offer where you practise. You answer for your members’ access and for "
                "the data of the people you receive, and you reply to those who ask to read, correct or delete it."
            ),
        ),
    ),
    Section(
        N_("What is not promised"),
        (
            N_(
                "The site may be interrupted, and mails may be late: look at the appointment itself when in doubt. Professional "
                "numbers are checked for their form, not with the registers."
            ),
        ),
    ),
)
