"""The product's main job in Chromium, in each language: find, hold, sign up, confirm, book; answered and told."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import PASSWORD, SECONDS, Words, await_letter, calendar_of, free_times, newcomer, text_of
from tests.site import Site

TENANT, ON_REQUEST, INSTANT = "cabinet-rivage", "Aïcha Lahlou", "ines-belkacem"
TYPED = {"en": ("psychol", "par"), "fr": ("psychol", "par"), "ar": ("نفس", "بار")}

_BOOKED = """
    SELECT a.id FROM appointment a JOIN patient p ON p.tenant_id = a.tenant_id AND p.id = a.patient_id
    LEFT JOIN person o ON o.id = a.person_id WHERE o.family_name = %s OR p.family_name = %s"""


_ALONE = """
    UPDATE appointment b SET status = 'cancelled' FROM appointment a
    WHERE a.id = %s AND b.practitioner_id = a.practitioner_id AND b.id <> a.id
      AND b.local_start::date = a.local_start::date"""


@dataclass
class Person:
    """Who books: a newcomer with a name of their own."""

    given: str
    family: str
    email: str


@dataclass
class Seat:
    """One browser of one person in one language."""

    page: Page
    say: Words

    def button(self, msgid: str, **params: Any) -> Locator:
        return self.page.get_by_role("button", name=self.say(msgid, **params), exact=True)

    def link(self, msgid: str) -> Locator:
        return self.page.get_by_role("link", name=self.say(msgid), exact=True)

    def heading(self, msgid: str) -> Locator:
        return self.page.get_by_role("heading", name=self.say(msgid), exact=True)

    def field(self, msgid: str) -> Locator:
        return self.page.get_by_label(self.say(msgid), exact=True)

    def shown(self, thing: Locator) -> None:
        expect(thing).to_be_visible(timeout=SECONDS)


@pytest.fixture
def seats(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Seat, Seat]]:
    """The patient's browser and the practitioner's, in the language that the test asks for."""
    locale = str(request.param)
    contexts = [newcomer(site, browser, locale, width=1440) for _ in range(2)]
    patient, practitioner = (Seat(one.new_page(), Words(locale)) for one in contexts)
    yield patient, practitioner
    for one in contexts:
        one.close()


def someone() -> Person:
    family = "".join(secrets.choice("bdfgklmnprst") + secrets.choice("aeiou") for _ in range(5)).capitalize()
    return Person("Nour", family, f"nour.{family.lower()}@example.com")


def search(seat: Seat) -> None:
    """From the landing page, with the suggestions and the keyboard alone."""
    seat.page.goto("/")
    what, where = TYPED[seat.say.locale]
    for label, typed, wanted in (("Who or what", what, "Psychologist"), ("Where", where, "Paris")):
        box = seat.page.get_by_role("combobox", name=seat.say(label), exact=True)
        box.focus()
        seat.page.keyboard.type(typed)
        options = seat.page.get_by_role("listbox", name=seat.say(label)).get_by_role("option")
        wish = options.filter(has_text=re.compile(rf"^{re.escape(seat.say(wanted))}\s*\d*$"))
        seat.shown(wish)
        for _ in range(options.count()):
            seat.page.keyboard.press("ArrowDown")
            if wish.get_attribute("aria-selected") == "true":
                break
        seat.page.keyboard.press("Enter")
        expect(box).to_have_value(seat.say(wanted))
    seat.page.keyboard.press("Enter")
    seat.page.wait_for_url(re.compile(r"/search\?.*speciality=psychologist"), timeout=SECONDS)


def open_profile(seat: Seat, name: str) -> None:
    seat.page.get_by_role("article").get_by_role("link", name=name).first.click()
    seat.shown(seat.page.get_by_role("heading", level=1, name=name))


def pick_slot(seat: Seat) -> None:
    """A free hour of the week shown; it is held from then on."""
    free_times(seat.page).last.click(timeout=SECONDS)
    seat.shown(seat.page.get_by_role("timer"))


def sign_up(seat: Seat, who: Person) -> None:
    seat.link("Create an account").click()
    seat.shown(seat.heading("Create an account"))
    for label, value in (
        ("First name", who.given),
        ("Last name", who.family),
        ("E-mail", who.email),
        ("Password", PASSWORD),
    ):
        seat.field(label).fill(value)
    seat.page.get_by_role("checkbox").check()
    seat.button("Create my account").click()
    seat.shown(seat.heading("Look at your mail"))


def confirm_address(seat: Seat, site: Site, who: Person) -> None:
    """By the link of the mail, as the demo's mailbox shows it; it leads back to the hour that was held."""
    letter = await_letter(site, who.email, seat.say.pattern("Confirm your e-mail address"))
    link = re.search(rf"{re.escape(site.url)}/verify\?\S+", text_of(letter))
    assert link, text_of(letter)
    seat.page.goto(link[0])
    seat.page.wait_for_url(re.compile(r"/t/.+start="), timeout=SECONDS)
    seat.shown(seat.page.get_by_role("timer"))


def answer_questions(page: Page) -> None:
    for asked in page.locator("[id^='answers.'][aria-required=true]").all():
        asked.fill("Sommeil")


def sign_in(seat: Seat, email: str, onward: str) -> None:
    seat.page.goto("/sign-in?next=" + onward.replace("?", "%3F").replace("&", "%26"))
    seat.field("E-mail").fill(email)
    seat.field("Password").fill(PASSWORD)
    seat.button("Sign in").click()


def open_week(seat: Seat, site: Site) -> Locator:
    """The practitioner signs in with the demo's password and opens the week of the hour that is held."""
    sign_in(seat, "aicha.lahlou@example.com", f"/w/{TENANT}/agenda?view=week&date={held_day(site)}")
    week = seat.page.get_by_role("region", name=seat.say("Week"))
    seat.shown(week)
    return week


def send_request(seat: Seat, site: Site, who: Person) -> None:
    """The patient answers what is asked, sends, is told by mail, and looks at their list."""
    answer_questions(seat.page)
    seat.button("Send the request").click()
    seat.shown(seat.heading("The request has been sent"))
    await_letter(site, who.email, seat.say.pattern("Request received for {when}"))
    seat.page.goto("/me/appointments")
    seat.shown(seat.page.get_by_text(seat.say("Awaiting an answer")))


def drag_down(seat: Seat, block: Locator) -> str:
    """Half an hour later by the mouse; answers the new start as the block shows it."""
    block.scroll_into_view_if_needed()
    box = block.bounding_box()
    start = re.search(r"(\d\d):(\d\d)", block.inner_text())
    assert box
    assert start
    an_hour = seat.page.evaluate("document.querySelectorAll('.fc-timegrid-slot-lane')[0].offsetHeight * 4")
    x, y = box["x"] + box["width"] / 2, box["y"] + 6
    seat.page.mouse.move(x, y)
    seat.page.mouse.down()
    seat.page.mouse.move(x, y + 12, steps=4)
    seat.page.mouse.move(x, y + an_hour / 2, steps=8)
    seat.page.mouse.up()
    minutes = int(start[1]) * 60 + int(start[2]) + 30
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def tab_to(page: Page, wanted: Locator, *, at_most: int = 80) -> None:
    """Press Tab until `wanted` has the focus."""
    for _ in range(at_most):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {wanted}")


def held_day(site: Site) -> str:
    with site.connect() as database:
        row = database.execute(
            "SELECT (starts_at AT TIME ZONE 'Europe/Paris')::date FROM slot_hold ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert row
    return str(row[0])


def booked(site: Site, who: Person) -> str:
    """The appointment's id."""
    with site.connect() as database:
        row = database.execute(_BOOKED, (who.family, who.family)).fetchone()
    assert row, f"{who.family} has no appointment"
    return str(row[0])


@pytest.mark.browser
@pytest.mark.parametrize("seats", ["fr", "en", "ar"], indirect=True)
def test_from_the_landing_page_to_an_accepted_appointment(site: Site, seats: tuple[Seat, Seat]) -> None:
    patient, practitioner = seats
    who = someone()
    search(patient)
    direction = "rtl" if patient.say.locale == "ar" else "ltr"
    expect(patient.page.locator("html")).to_have_attribute("dir", direction)
    open_profile(patient, ON_REQUEST)
    pick_slot(patient)
    sign_up(patient, who)
    confirm_address(patient, site, who)
    week = open_week(practitioner, site)
    send_request(patient, site, who)

    asked = week.get_by_title(re.compile(who.family))  # it came by itself: nobody reloaded
    practitioner.shown(asked)
    asked.click()
    practitioner.button("Accept").click(timeout=SECONDS)

    patient.shown(patient.page.get_by_text(patient.say("Confirmed"), exact=True))
    told = await_letter(site, who.email, patient.say.pattern("Appointment confirmed: {when}"))
    assert "STATUS:CONFIRMED" in calendar_of(told)
    patient.page.goto("/me/notifications?tab=all")
    patient.shown(patient.page.get_by_text(patient.say.pattern("{name} accepted your request")).first)


@pytest.mark.browser
@pytest.mark.parametrize("seats", ["fr"], indirect=True)
def test_a_request_moved_by_drag_and_drop_tells_the_patient(site: Site, seats: tuple[Seat, Seat]) -> None:
    patient, practitioner = seats
    who = someone()
    patient.page.goto(f"/t/{TENANT}/p/aicha-lahlou")
    pick_slot(patient)
    sign_up(patient, who)
    confirm_address(patient, site, who)
    week = open_week(practitioner, site)
    send_request(patient, site, who)
    appointment = booked(site, who)
    with site.connect() as database:  # nothing else that day: the hour below is free
        database.execute(_ALONE, (appointment,))
    asked = week.locator(f"[data-id='{appointment}']:not(.fc-event-mirror)")  # not the copy that follows the mouse
    practitioner.page.reload()
    practitioner.shown(asked)
    new = drag_down(practitioner, asked)
    expect(asked).to_contain_text(new, timeout=SECONDS)
    told = await_letter(site, who.email, patient.say.pattern("Appointment moved to {when}"))
    assert "BEGIN:VEVENT" in calendar_of(told)
    patient.shown(patient.page.get_by_text(re.compile(rf"^{new}\b")).first)


@pytest.mark.browser
@pytest.mark.parametrize("seats", ["ar"], indirect=True)
def test_a_guest_cancels_by_the_link_of_the_mail(site: Site, seats: tuple[Seat, Seat]) -> None:
    guest, _ = seats
    who = someone()
    guest.page.goto(f"/t/{TENANT}/p/{INSTANT}")
    pick_slot(guest)
    for label, value in (("First name", who.given), ("Last name", who.family), ("E-mail", who.email)):
        guest.field(label).fill(value)
    answer_questions(guest.page)
    guest.button("Confirm the appointment").click()
    guest.shown(guest.heading("The appointment is confirmed"))
    told = await_letter(site, who.email, guest.say.pattern("Appointment confirmed: {when}"))
    assert "STATUS:CONFIRMED" in calendar_of(told)
    link = re.search(rf"{re.escape(site.url)}/booking/\S+", text_of(told))
    assert link, text_of(told)
    guest.page.goto(link[0])
    guest.shown(guest.heading("Your appointment"))
    guest.button("Cancel").click()
    guest.button("Cancel the appointment").click()
    guest.shown(guest.page.get_by_text(guest.say("Cancelled by you")))
    withdrawn = await_letter(site, who.email, guest.say.pattern("Appointment of {when} cancelled"))
    assert "STATUS:CANCELLED" in calendar_of(withdrawn)


@pytest.mark.browser
@pytest.mark.parametrize("seats", ["fr"], indirect=True)
def test_the_keyboard_alone_books(site: Site, seats: tuple[Seat, Seat]) -> None:
    guest, _ = seats
    who, keys = someone(), guest.page.keyboard
    guest.page.goto(f"/t/{TENANT}/p/{INSTANT}")
    tab_to(guest.page, free_times(guest.page).last)
    keys.press("Enter")
    guest.shown(guest.page.get_by_role("timer"))
    for label, value in (("First name", who.given), ("Last name", who.family), ("E-mail", who.email)):
        tab_to(guest.page, guest.field(label))
        keys.type(value)
    for asked in guest.page.locator("[id^='answers.'][aria-required=true]").all():
        tab_to(guest.page, asked)
        keys.type("Sommeil")
    tab_to(guest.page, guest.button("Confirm the appointment"))
    keys.press("Enter")
    guest.shown(guest.heading("The appointment is confirmed"))
    assert booked(site, who)
