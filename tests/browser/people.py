"""Who sits before the browser: tabs of the demo's people and of newcomers, texts in their language, their mail."""

import email
import re
import secrets
import time
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from carehub.core.i18n import translate
from tests.site import Site

PASSWORD = "carehub-demo-2026"  # of every demo account
SECONDS = 20_000
TAGS = {"en": "en-GB", "fr": "fr-FR", "ar": "ar-MA"}
_SESSION = """
    INSERT INTO session (id, token_hash, person_id, created_at, seen_at, expires_at, address, user_agent)
    SELECT %s, %s, id, now(), now(), now() + interval '1 day', '', '' FROM person
    WHERE (given_name, family_name) = (%s, %s) LIMIT 1"""


def newcomer(site: Site, browser: Browser, locale: str = "en", *, width: int = 1280) -> BrowserContext:
    """A browser that was never here, of a reader of `locale`."""
    return browser.new_context(
        base_url=site.url, locale=TAGS[locale], timezone_id="Europe/Paris", viewport={"width": width, "height": 1000}
    )


_VISIT = """
    INSERT INTO platform_visit (id, session_id, person_id, reason, ends_at)
    SELECT %s, s.id, s.person_id, 'Looking at every page', now() + interval '1 hour' FROM session s WHERE s.token_hash = %s"""


def visiting(site: Site, browser: Browser, name: str, locale: str = "en", *, width: int = 1280) -> BrowserContext:
    """A super-admin's browser whose visit to the console is open already."""
    context = signed_in(site, browser, name, locale, width=width)
    token = next(str(one["value"]) for one in context.cookies() if one["name"] == "ch_session")
    with site.connect() as database:
        assert database.execute(_VISIT, (uuid4(), sha256(token.encode()).digest())).rowcount == 1
    return context


def signed_in(site: Site, browser: Browser, name: str, locale: str = "en", *, width: int = 1280) -> BrowserContext:
    """A browser where the demo's "Given Family" is signed in already."""
    token = secrets.token_urlsafe(32)
    with site.connect() as database:
        row = (uuid4(), sha256(token.encode()).digest(), *name.split(" ", 1))
        assert database.execute(_SESSION, row).rowcount == 1, f"the demo has no {name}"
    context = newcomer(site, browser, locale, width=width)
    context.add_cookies([{"name": "ch_session", "value": token, "url": site.url}])
    return context


class Words:
    """Texts as a reader of one language sees them."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def __call__(self, msgid: str, **params: object) -> str:
        return translate(msgid, self.locale, **params)

    def pattern(self, msgid: str) -> re.Pattern[str]:
        """The text with anything in the place of its {parameters}."""
        return re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(self(msgid))))


def free_times(page: Page) -> Locator:
    """The free times that the booking panel draws: of this week or, when others have taken all of it, of the next one that has any."""
    times = page.locator(".wgrid .slot")
    later = page.locator("[aria-busy=false] > .state > .btn")  # "Next free: …"
    expect(times.or_(later).first).to_be_visible(timeout=SECONDS)
    if later.is_visible():
        later.click()
        expect(times.first).to_be_visible(timeout=SECONDS)
    return times


def another_card(page: Page) -> None:
    """Not one that was saved before, where there is any: the one that will be typed."""
    choice = page.locator("#pay-card")
    expect(choice.or_(page.locator("#save_card")).first).to_be_visible(timeout=SECONDS)
    if choice.is_visible():
        choice.select_option("")
        expect(page.locator("#save_card")).to_be_visible(timeout=SECONDS)


def letters(site: Site, address: str) -> list[EmailMessage]:
    """What was sent to `address`, the oldest first."""
    found = []
    for path in sorted((site.mail / "new").iterdir(), key=lambda one: one.stat().st_mtime):
        message = email.message_from_bytes(path.read_bytes(), policy=default)
        if address in str(message.get("To", "")):
            found.append(message)
    return found


def await_letter(site: Site, address: str, subject: re.Pattern[str], *, seconds: int = 30) -> EmailMessage:
    """The first mail to `address` whose subject fits. Fails with the subjects that came instead."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for message in letters(site, address):
            if subject.search(str(message["Subject"])):
                return message
        time.sleep(0.3)
    raise AssertionError(
        f"no mail {subject.pattern!r} to {address}: {[str(m['Subject']) for m in letters(site, address)]}"
    )


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def calendar_of(message: EmailMessage) -> str:
    """The mail's calendar file; empty when it has none."""
    files = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return (files[0].get_payload(decode=True) or b"").decode() if files else ""  # type: ignore[union-attr]
