"""The product's main job in Chromium, in each language: find, hold, sign up, confirm, book; answered and told."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import PASSWORD, SECONDS, Words, await_letter, calendar_of, newcomer, text_of
from tests.site import Site

TENANT, ON_REQUEST, INSTANT = "cabinet-rivage", "Aïcha Lahlou", "ines-belkacem"
TYPED = {"en": ("psychol", "par"), "fr": ("psychol", "par"), "ar": ("نفس", "بار")}

_SLOT = """
    SELECT a.id, a.practitioner_id, a.local_start FROM appointment a JOIN patient p ON p.id = a.patient_id
    JOIN person o ON o.id = a.person_id WHERE o.family_name = %s"""


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


@pytest.fixture(params=["fr", "en", "ar"])
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def seats(site: Site, browser: Browser, locale: str) -> Iterator[tuple[Seat, Seat]]:
    """The patient's browser and the practitioner's."""
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
    free = seat.page.get_by_role("group", name=seat.say("Free times")).get_by_role("button")
    seat.shown(free.first)
    free.last.click()
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


def held_day(site: Site) -> str:
    with site.connect() as database:
        row = database.execute(
            "SELECT (starts_at AT TIME ZONE 'Europe/Paris')::date FROM slot_hold ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert row
    return str(row[0])


def booked(site: Site, who: Person) -> tuple[str, datetime]:
    """The appointment's id and local start."""
    with site.connect() as database:
        row = database.execute(_SLOT, (who.family,)).fetchone()
    assert row, f"{who.family} has no appointment"
    return str(row[0]), row[2]


def test_from_the_landing_page_to_an_accepted_appointment(site: Site, seats: tuple[Seat, Seat], locale: str) -> None:
    patient, practitioner = seats
    who = someone()
    search(patient)
    expect(patient.page.locator("html")).to_have_attribute("dir", "rtl" if locale == "ar" else "ltr")
    open_profile(patient, ON_REQUEST)
    pick_slot(patient)
    sign_up(patient, who)
    confirm_address(patient, site, who)
    sign_in(practitioner, "aicha.lahlou@example.com", f"/w/{TENANT}/agenda?view=week&date={held_day(site)}")
    week = practitioner.page.get_by_role("region", name=practitioner.say("Week"))
    practitioner.shown(week)

    answer_questions(patient.page)
    patient.button("Send the request").click()
    patient.shown(patient.heading("The request has been sent"))
    await_letter(site, who.email, patient.say.pattern("Request received for {when}"))
    patient.page.goto("/me/appointments")
    patient.shown(patient.page.get_by_text(patient.say("Awaiting an answer")))

    request = week.get_by_title(re.compile(who.family))  # it came by itself: nobody reloaded
    practitioner.shown(request)
    request.click()
    practitioner.shown(practitioner.button("Accept"))
    practitioner.button("Accept").click()

    patient.shown(patient.page.get_by_text(patient.say("Confirmed"), exact=True))
    told = await_letter(site, who.email, patient.say.pattern("Appointment confirmed: {when}"))
    assert "STATUS:CONFIRMED" in calendar_of(told)
    patient.page.goto("/me/notifications?tab=all")
    patient.shown(patient.page.get_by_text(patient.say.pattern("{name} accepted your request")).first)
