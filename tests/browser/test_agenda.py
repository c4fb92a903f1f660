"""The agenda in two browsers: what one moves, the other sees."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.site import Site

TENANT = "cabinet-rivage"
SECONDS = 20_000

_MOVABLE = """
    SELECT a.id, a.practitioner_id, to_char(a.local_start, 'YYYY-MM-DD'), to_char(a.local_start, 'HH24:MI'),
           to_char(a.local_start + interval '1 hour', 'HH24:MI'),
           extract(epoch FROM a.ends_at - a.starts_at)::int / 60
    FROM appointment a JOIN tenant t ON t.id = a.tenant_id JOIN practitioner p ON p.id = a.practitioner_id
    WHERE t.slug = %s AND a.status = 'booked' AND a.starts_at > now() + interval '1 day'
      AND a.local_start::time BETWEEN '09:00' AND '15:00' AND p.family_name = 'Belkacem'
      AND extract(isodow FROM a.local_start) < 6
      AND NOT EXISTS (SELECT FROM appointment b WHERE b.practitioner_id = a.practitioner_id AND b.id <> a.id
                       AND b.starts_at < a.ends_at + interval '1 hour' AND b.ends_at > a.starts_at
                       AND b.status NOT IN ('cancelled', 'declined', 'noshow'))
    ORDER BY a.starts_at LIMIT 1"""


@dataclass(frozen=True)
class Found:
    id: str
    practitioner: str
    day: str
    start: str
    an_hour_later: str
    minutes: int


def movable(site: Site) -> Found:
    """A coming appointment with a free hour after it."""
    with site.connect() as database:
        row = database.execute(_MOVABLE, (TENANT,)).fetchone()
    assert row, "the demo has no appointment with a free hour after it"
    return Found(str(row[0]), str(row[1]), *row[2:])


def signed_in(site: Site, browser: Browser, family_name: str) -> BrowserContext:
    token = secrets.token_urlsafe(32)
    with site.connect() as database:
        database.execute(
            "INSERT INTO session (id, token_hash, person_id, created_at, seen_at, expires_at, address, user_agent)"
            " SELECT %s, %s, id, now(), now(), now() + interval '1 day', '', '' FROM person WHERE family_name = %s LIMIT 1",
            (uuid4(), sha256(token.encode()).digest(), family_name),
        )
    context = browser.new_context(base_url=site.url, locale="en-GB", viewport={"width": 1440, "height": 1000})
    context.add_cookies([{"name": "ch_session", "value": token, "url": site.url}])
    return context


def open_week(context: BrowserContext, found: Found) -> Page:
    page = context.new_page()
    page.goto(f"/w/{TENANT}/agenda?view=week&date={found.day}&who={found.practitioner}")
    expect(block(page, found)).to_be_visible(timeout=SECONDS)
    return page


def block(page: Page, found: Found) -> Locator:
    return page.locator(f'[data-id="{found.id}"]')


def drag_down_an_hour(page: Page, found: Found) -> None:
    place = block(page, found)
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box
    x, y, hour = box["x"] + box["width"] / 2, box["y"] + 6, box["height"] * 60 / found.minutes
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 12, steps=4)
    page.mouse.move(x, y + hour, steps=10)
    page.mouse.up()


@pytest.mark.browser
def test_a_drag_moves_the_appointment_in_every_open_browser_and_can_be_undone(site: Site, browser: Browser) -> None:
    found = movable(site)
    practitioner, desk = (signed_in(site, browser, name) for name in ("Belkacem", "Moulin"))
    here, there = open_week(practitioner, found), open_week(desk, found)

    drag_down_an_hour(here, found)
    expect(block(here, found)).to_contain_text(found.an_hour_later, timeout=SECONDS)
    expect(block(there, found)).to_contain_text(found.an_hour_later, timeout=SECONDS)

    here.get_by_role("button", name="Undo").click()
    expect(block(there, found)).to_contain_text(found.start, timeout=SECONDS)
    practitioner.close()
    desk.close()


@pytest.mark.browser
def test_a_refused_drag_goes_back_and_says_why(site: Site, browser: Browser) -> None:
    found = movable(site)
    desk = signed_in(site, browser, "Moulin")
    page = open_week(desk, found)
    with site.connect() as database:  # someone else is quicker
        database.execute("UPDATE appointment SET sequence = sequence + 1 WHERE id = %s", (found.id,))
    drag_down_an_hour(page, found)
    expect(page.get_by_text("This appointment has changed meanwhile")).to_be_visible(timeout=SECONDS)
    expect(block(page, found)).to_contain_text(found.start)
    desk.close()
