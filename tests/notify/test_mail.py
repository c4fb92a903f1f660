"""What a mail looks like, and what becomes of it when the server does not take it."""

import io
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from icalendar import Calendar
from PIL import Image
from sqlalchemy import text

from carehub.core import clock, outbox
from carehub.core.actor import Actor, system
from carehub.core.crypto import PERSONS, hash_token
from carehub.core.db import perform, unit_of_work
from carehub.core.permissions import DEFAULT_MODULES, GRANTS, TenantRole
from carehub.core.roles import Role
from carehub.integrations import mail
from carehub.integrations.mail import Mail, MailError
from carehub.integrations.maildir import Kept
from carehub.integrations.storage import storage
from carehub.services.identity.shell import initials
from carehub.services.notify import brand, deliver
from carehub.services.tenancy import files
from tests.notify import house as houses
from tests.notify.conftest import Post
from tests.notify.house import House


def letter_to_client(
    at: House, post: Post, *, kind: str = "booked", locale: str = "fr", status: str = "booked"
) -> EmailMessage:
    made = houses.appointment(at, houses.patient(at, locale=locale), status=status, starts_at=houses.at_noon(24))
    houses.happen(at, kind, made, by="staff")
    deliver.send_due()
    return next(one for one in post.sent if "Julie" in str(one["To"]))


@pytest.mark.parametrize(
    ("locale", "subject", "lead"),
    [
        ("fr", "Rendez-vous confirmé : mar. 24 nov. à 12:00", "est confirmé"),
        ("en", "Appointment confirmed: Tue 24 Nov at 12:00", "is confirmed"),
        ("ar", "تأكيد الموعد", "مؤكد"),
    ],
)
def test_written_in_the_readers_language(practice: House, post: Post, locale: str, subject: str, lead: str) -> None:
    letter = letter_to_client(practice, post, locale=locale)
    assert subject in str(letter["Subject"])
    assert lead in letter.get_body(("plain",)).get_content()
    assert letter["Content-Language"] == locale


def test_arabic_is_laid_out_from_the_right(practice: House, post: Post) -> None:
    html = letter_to_client(practice, post, locale="ar").get_body(("html",)).get_content()
    assert '<html lang="ar" dir="rtl">' in html


def test_subject_names_no_service(practice: House, post: Post) -> None:
    letter = letter_to_client(practice, post)
    assert "Séance" not in str(letter["Subject"])
    assert "Séance" in letter.get_body(("html",)).get_content()


def test_names_cannot_inject_markup_or_headers(practice: House, post: Post) -> None:
    patient = houses.patient(practice, "<b>Eve</b> \r\nBcc:x@example.com")
    houses.happen(practice, "booked", houses.appointment(practice, patient))
    deliver.send_due()
    letter = next(one for one in post.sent if "Eve" in str(one["To"]))
    assert "<b>Eve" not in letter.get_body(("html",)).get_content()
    assert letter["Bcc"] is None


def test_invitation_parses_and_names_the_appointment(practice: House, post: Post) -> None:
    letter = letter_to_client(practice, post)
    (part,) = letter.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "REQUEST"
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    (event,) = calendar.walk("VEVENT")
    (row,) = houses.deliveries(practice, audience="client", event="appointment.booked")
    assert calendar["method"] == "REQUEST"
    assert str(event["uid"]) == str(row.appointment_id)
    assert event.decoded("dtstart") == houses.at_noon(24)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=50)


def test_cancellation_withdraws_the_calendar_entry_with_a_later_sequence(practice: House, post: Post) -> None:
    made = houses.appointment(practice, houses.patient(practice), starts_at=houses.at_noon(24))
    houses.happen(practice, "booked", made)
    houses.change(practice, made, status="cancelled")
    houses.happen(practice, "cancelled", made, by="staff")
    deliver.send_due()
    files = [next(iter(one.iter_attachments())) for one in post.sent if "Julie" in str(one["To"])]
    calendars = [Calendar.from_ical(file.get_payload(decode=True)) for file in files]
    by_method = {str(one["method"]): one.walk("VEVENT")[0] for one in calendars}
    assert by_method["CANCEL"]["uid"] == by_method["REQUEST"]["uid"]
    assert int(by_method["CANCEL"]["sequence"]) > int(by_method["REQUEST"]["sequence"])


def test_a_request_stands_in_the_calendar_until_it_is_refused(practice: House, post: Post) -> None:
    made = houses.appointment(practice, houses.patient(practice), starts_at=houses.at_noon(24), status="pending")
    houses.happen(practice, "requested", made)
    deliver.send_due()
    houses.change(practice, made, status="declined")
    houses.happen(practice, "declined", made, by="staff")
    deliver.send_due()
    files = [one for letter in post.sent for one in letter.iter_attachments()]
    events = [Calendar.from_ical(one.get_payload(decode=True)).walk("VEVENT")[0] for one in files]
    assert [str(one["status"]) for one in events] == ["TENTATIVE", "CANCELLED"]
    assert {str(one["uid"]) for one in events} == {str(made)}
    assert all("Julie" in str(one["To"]) for one in post.sent if list(one.iter_attachments()))


def test_server_down_is_tried_again_with_the_same_message_id(practice: House, post: Post) -> None:
    houses.happen(practice, "booked", houses.appointment(practice, houses.patient(practice)))
    post.down = True
    deliver.send_due()
    row = houses.deliveries(practice, event="appointment.booked", channel="email")[0]
    assert (row.status, row.attempts) == ("scheduled", 1)
    assert timedelta(seconds=50) < row.due_at - clock.now() <= timedelta(minutes=1)
    post.down = False
    with clock.travel(clock.now() + timedelta(minutes=2)):
        deliver.send_due()
    sent = houses.deliveries(practice, event="appointment.booked", channel="email", status="sent")
    assert {str(one["Message-ID"]) for one in post.sent} == {mail.message_id(str(one.id)) for one in sent}
    assert [one.error for one in sent] == ["", ""]


def test_given_up_after_the_eighth_attempt(practice: House, post: Post) -> None:
    houses.happen(practice, "booked", houses.appointment(practice, houses.patient(practice)))
    post.down = True
    now = clock.now()
    for _ in range(12):
        with clock.travel(now):
            deliver.send_due()
        now += timedelta(hours=3)
    rows = houses.deliveries(practice, event="appointment.booked", channel="email")
    assert {(row.status, row.attempts) for row in rows} == {("failed", 8)}
    assert "ConnectionRefused" in rows[0].error


def test_refused_address_is_not_tried_again(practice: House, post: Post) -> None:
    houses.happen(practice, "booked", houses.appointment(practice, houses.patient(practice)))
    post.refuse = True
    deliver.send_due()
    rows = houses.deliveries(practice, event="appointment.booked", channel="email")
    assert {(row.status, row.attempts) for row in rows} == {("failed", 1)}


def test_failure_keeps_no_address(practice: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(letter: Mail) -> None:
        raise MailError(f"no such user {letter.to}")

    monkeypatch.setattr(mail, "send", refuse)
    houses.happen(practice, "booked", houses.appointment(practice, houses.patient(practice)))
    deliver.send_due()
    row = houses.deliveries(practice, event="appointment.booked", channel="email")[0]
    assert "@" not in row.error
    assert "no such user" in row.error


def account_event(kind: str, person_id: object) -> None:
    with unit_of_work(system(PERSONS), Role.AUTH) as session:
        outbox.emit(session, kind, person_id=str(person_id), next_path="/t/x")
    outbox.drain()


def test_verification_mail_carries_a_working_link_that_is_stored_nowhere(practice: House, post: Post) -> None:
    who = houses.person("Nour Haddad", locale="en")
    account_event("account.registered", who)
    deliver.send_due()
    (letter,) = post.sent
    body = letter.get_body(("plain",)).get_content()
    token = body.split("token=", 1)[1].split()[0]
    with unit_of_work(system(), Role.AUTH) as session:
        known = session.execute(
            text("SELECT purpose, next_path FROM account_token WHERE token_hash = :hash"), {"hash": hash_token(token)}
        ).one()
    assert known == ("verify_email", "/t/x")
    with unit_of_work(system(), Role.WORKER) as session:
        rows = session.scalars(text("SELECT o::text FROM outbox o UNION ALL SELECT d::text FROM delivery d")).all()
    assert not [row for row in rows if token in row or f"{who.hex}@" in row]


def test_accent_is_readable_whatever_the_tenant_chose() -> None:
    for colour in ("#ffff00", "#0f6b5c", "#ffffff", "#000000", "#7fb3ff"):
        assert brand.contrast(colour, brand.ink_on(colour)) >= 4.5
        assert brand.contrast(brand.readable(colour), "#ffffff") >= 4.5


def keep_logo(at: House) -> None:
    """A wide, half transparent picture, uploaded as the house's logo."""
    made = io.BytesIO()
    Image.new("RGBA", (600, 200), (15, 107, 92, 128)).save(made, "PNG")
    owner = Actor(tenant_id=at.tenant_id, permissions=GRANTS[TenantRole.OWNER], modules=DEFAULT_MODULES)
    kept = perform(files.keep_image, owner, content=made.getvalue())
    perform(files.set_logo, owner, file_id=UUID(kept.id))


def test_the_tenants_logo_travels_in_the_mail(practice: House, post: Post) -> None:
    keep_logo(practice)
    letter = letter_to_client(practice, post)
    body = letter.get_body(("html",))
    pictures = [part for part in letter.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{str(pictures[0]["Content-ID"]).strip("<>")}"' in body.get_content()
    assert Image.open(io.BytesIO(pictures[0].get_payload(decode=True))).size == (216, 72)
    assert [part.get_content_type() for part in letter.iter_attachments()] == ["text/calendar"]


def test_without_a_logo_or_its_file_initials_stand_in_the_mail(practice: House, post: Post) -> None:
    keep_logo(practice)
    with unit_of_work(system(practice.tenant_id), Role.APP) as session:
        storage().delete(session.execute(text("SELECT key FROM stored_file")).scalar_one())
    letter = letter_to_client(practice, post)
    html = letter.get_body(("html",)).get_content()
    assert "cid:" not in html
    assert f">{initials('Cabinet Croix-Rousse')}</td>" in html


def test_the_demos_mailbox_shows_the_logo(practice: House, post: Post, tmp_path: Path) -> None:
    keep_logo(practice)
    letter = letter_to_client(practice, post)
    box = Kept(tmp_path / "mail")
    box.keep(letter.as_bytes(), ["julie@example.com"])
    (kept,) = box.summaries()
    shown = box.letter(kept.name)
    assert shown is not None
    assert 'src="data:image/png;base64,' in shown.html
    assert [one.name for one in shown.files] == ["appointment.ics"]
