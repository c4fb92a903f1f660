"""Booking in a browser: keyboard alone, three clicks, a slot lost while the form is filled, the answer seen live."""

import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.people import free_times
from tests.site import Site

TENANT, INSTANT, ON_REQUEST = "cabinet-rivage", "ines-belkacem", "thomas-marchand"
SECONDS = 15_000
_SESSION = """
    INSERT INTO session (id, token_hash, person_id, created_at, seen_at, expires_at, address, user_agent)
    SELECT %s, %s, id, now(), now(), now() + interval '1 day', '', '' FROM person
    WHERE (given_name, family_name) = (%s, %s) LIMIT 1"""


def signed_in(site: Site, browser: Browser, given: str, family: str) -> BrowserContext:
    token = secrets.token_urlsafe(32)
    with site.connect() as database:
        done = database.execute(_SESSION, (uuid4(), sha256(token.encode()).digest(), given, family))
        assert done.rowcount == 1, f"the demo has no {given} {family}"
    context = browser.new_context(base_url=site.url, locale="en-GB", viewport={"width": 1280, "height": 1000})
    context.add_cookies([{"name": "ch_session", "value": token, "url": site.url}])
    return context


@pytest.fixture
def client(site: Site, browser: Browser) -> Iterator[Page]:
    """A tab of the demo's client Karim Benali."""
    context = signed_in(site, browser, "Karim", "Benali")
    yield context.new_page()
    context.close()


def open_panel(page: Page, practitioner: str = INSTANT) -> None:
    page.goto(f"/t/{TENANT}/p/{practitioner}")
    free_times(page)


def fill_guest(page: Page) -> None:
    page.get_by_label("First name").fill("Nadia")
    page.get_by_label("Last name").fill("Lefèvre")
    page.get_by_label("E-mail").fill(f"nadia.{uuid4().hex[:8]}@example.com")
    answer_questions(page)


def answer_questions(page: Page) -> None:
    for asked in page.locator("#book [id^='answers.'][aria-required=true]").all():
        asked.fill("Sleep")


def test_a_guest_books_and_manages_by_the_link(site: Site, page: Page) -> None:
    open_panel(page)
    free_times(page).last.click()
    expect(page.get_by_role("timer")).to_be_visible(timeout=SECONDS)
    fill_guest(page)
    page.get_by_role("button", name="Confirm the appointment").click()
    expect(page.get_by_role("heading", name="The appointment is confirmed")).to_be_visible(timeout=SECONDS)
    file = page.get_by_role("link", name="Add to calendar").get_attribute("href")
    assert "BEGIN:VEVENT" in page.request.get(str(file)).text()
    page.get_by_role("link", name="See the appointment").click()
    expect(page.get_by_role("heading", name="Your appointment")).to_be_visible(timeout=SECONDS)
    assert re.search(r"/booking/[\w-]{64}$", page.url)
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Cancel the appointment").click()
    expect(page.get_by_text("Cancelled by you")).to_be_visible(timeout=SECONDS)


def test_what_is_missing_is_said_at_the_field_and_takes_the_focus(page: Page) -> None:
    open_panel(page)
    free_times(page).last.click()
    page.get_by_label("Last name").fill("Lefèvre")
    page.get_by_role("button", name="Confirm the appointment").click()
    expect(page.get_by_label("First name")).to_be_focused(timeout=SECONDS)
    expect(page.get_by_label("First name")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Last name")).to_have_value("Lefèvre")


def test_someone_signed_in_books_in_two_clicks_and_the_keyboard_is_enough(client: Page) -> None:
    open_panel(client)
    free_times(client).last.focus()
    client.keyboard.press("Enter")
    expect(client.get_by_text("Booked as Karim Benali")).to_be_visible(timeout=SECONDS)
    answer_questions(client)
    confirm = client.get_by_role("button", name="Confirm the appointment")
    for _ in range(30):
        client.keyboard.press("Tab")
        if confirm.evaluate("node => node === document.activeElement"):
            break
    client.keyboard.press("Enter")
    expect(client.get_by_role("heading", name="The appointment is confirmed")).to_be_visible(timeout=SECONDS)


def test_the_calendar_file_is_downloaded(client: Page) -> None:
    client.goto("/me")
    with client.expect_download(timeout=SECONDS) as file:
        client.locator("a[href$='.ics']").first.click(timeout=SECONDS)
    assert file.value.suggested_filename.endswith(".ics")


def test_a_slot_lost_meanwhile_keeps_the_form_and_offers_the_nearest(site: Site, page: Page) -> None:
    open_panel(page)
    free_times(page).last.click()
    expect(page.get_by_role("timer")).to_be_visible(timeout=SECONDS)
    fill_guest(page)
    with site.connect() as database:  # someone else's booking won
        database.execute("DELETE FROM slot_hold")
    page.get_by_role("button", name="Confirm the appointment").click()
    expect(page.get_by_text("The time to confirm has run out")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_label("First name")).to_have_value("Nadia")
    _book_the_same(site, page)
    page.get_by_role("button", name="Keep it again").click()
    expect(page.get_by_text("This time has just been taken")).to_be_visible(timeout=SECONDS)
    page.get_by_role("group", name="Nearest free times").get_by_role("button").first.click()
    expect(page.get_by_role("timer")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_label("First name")).to_have_value("Nadia")
    page.get_by_role("button", name="Confirm the appointment").click()
    expect(page.get_by_role("heading", name="The appointment is confirmed")).to_be_visible(timeout=SECONDS)


def _book_the_same(site: Site, page: Page) -> None:
    """Another hold on every free time of that practitioner's chosen hour, by the database's own hand."""
    link = page.locator("#book a[href*='start']").first.get_attribute("href")
    start = re.search(r"start%3D([^%]+)%253A(\d\d)%253A00%252B00%253A00", str(link))
    assert start, link
    moment = datetime.fromisoformat(f"{start[1]}:{start[2]}:00+00:00")
    with site.connect() as database:
        database.execute(
            """INSERT INTO slot_hold (tenant_id, id, practitioner_id, service_id, mode, starts_at, ends_at, token_hash,
                                      expires_at)
               SELECT p.tenant_id, gen_random_uuid(), p.id, o.service_id, 'in_person', %(at)s,
                      %(at)s + interval '30 minutes', '\\x00', now() + interval '10 minutes'
               FROM practitioner p JOIN service_practitioner o ON o.practitioner_id = p.id
               WHERE p.slug = %(slug)s LIMIT 1""",
            {"at": moment, "slug": INSTANT},
        )


def test_the_client_sees_the_practitioners_answer_live(site: Site, client: Page) -> None:
    open_panel(client, ON_REQUEST)
    free_times(client).last.click()
    answer_questions(client)
    client.get_by_role("button", name="Send the request").click()
    expect(client.get_by_role("heading", name="The request has been sent")).to_be_visible(timeout=SECONDS)
    file = str(client.get_by_role("link", name="Add to calendar").get_attribute("href"))
    appointment_id = file.split("/")[4]
    client.goto("/me/appointments")
    row = client.locator(".appt").filter(has=client.locator(f"a[href='{file}']"))
    expect(row.get_by_text("Awaiting an answer")).to_be_visible(timeout=SECONDS)
    _accept(site, appointment_id)
    expect(row.get_by_text("Confirmed")).to_be_visible(timeout=SECONDS)


def _accept(site: Site, appointment_id: str) -> None:
    """As the practitioner's own tab would: the verb, in a process that stands beside the web."""
    with site.connect() as database:
        row = database.execute("SELECT tenant_id FROM appointment WHERE id = %s", (appointment_id,)).fetchone()
    assert row
    tenant = row[0]
    program = (
        "from uuid import UUID\n"
        "from carehub.core.actor import system\n"
        "from carehub.core.db import unit_of_work\n"
        "from carehub.core.roles import Role\n"
        "from carehub.services import booking\n"
        f"tenant, one = UUID('{tenant}'), UUID('{appointment_id}')\n"
        "with unit_of_work(system(tenant), Role.APP) as session:\n"
        "    booking.accept(session, system(tenant), appointment_id=one)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=site.environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("locale", ["fr-FR", "ar-MA"])
def test_the_panel_and_the_clients_pages_have_no_serious_axe_finding(site: Site, browser: Browser, locale: str) -> None:
    context = signed_in(site, browser, "Karim", "Benali")
    context.set_extra_http_headers({"accept-language": locale})
    context.add_cookies([{"name": "locale", "value": locale[:2], "url": site.url}])
    page = context.new_page()
    open_panel(page)
    found = _serious(page)
    free_times(page).first.click()
    page.get_by_role("timer").wait_for(timeout=SECONDS)
    found += _serious(page)
    for address in ("/me", "/me/appointments"):
        page.goto(address)
        page.locator(".appt, .nx").first.wait_for(timeout=SECONDS)
        found += _serious(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    context.close()
    assert found == []


def _serious(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [
        f"{one['id']} {one['nodes'][0]['target']}" for one in violations if one["impact"] in ("serious", "critical")
    ]
