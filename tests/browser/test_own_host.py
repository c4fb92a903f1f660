"""A tenant's own address in Chromium: its name, its pages, booking live over the socket, and nothing of anybody else."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.people import PASSWORD, SECONDS, Words, free_times
from tests.browser.test_journey import answer_questions, someone
from tests.site import BROWSERS, QUIET, Site

pytestmark = pytest.mark.browser
HOST = "rendez-vous.cabinet-rivage.example"
SAY = Words("en")


@pytest.fixture
def there(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    """A browser for which every name leads to the site, as if the proven domain did."""
    with site.connect() as database:
        database.execute("UPDATE tenant SET host = %s WHERE slug = 'cabinet-rivage'", (HOST,))
    found = next(path for name in BROWSERS if name and (path := shutil.which(name)))
    rules = "--host-resolver-rules=MAP *.example 127.0.0.1"
    started = browser.browser_type.launch(executable_path=found, args=[*QUIET, rules])
    port = site.url.rsplit(":", 1)[1]
    context = started.new_context(base_url=f"http://{HOST}:{port}", locale="en-GB", timezone_id="Europe/Paris")
    yield context
    started.close()
    with site.connect() as database:
        database.execute("UPDATE tenant SET host = NULL WHERE slug = 'cabinet-rivage'")


def test_visitors_book_at_the_houses_own_address(site: Site, there: BrowserContext) -> None:
    page, who = there.new_page(), someone()
    page.goto("/")
    expect(page).to_have_url(re.compile(rf"^http://{HOST}:\d+/t/cabinet-rivage$"))
    expect(page.locator("html")).to_have_attribute("data-site", "Cabinet Rivage")
    expect(page.locator(".logo svg").first).to_be_hidden(timeout=SECONDS)
    expect(page.get_by_role("link", name="Cabinet Rivage").first).to_be_visible(timeout=SECONDS)
    page.goto("/t/cabinet-rivage/p/ines-belkacem")
    free_times(page).last.click(timeout=SECONDS)  # the socket of this very address
    expect(page.get_by_role("timer")).to_be_visible(timeout=SECONDS)
    for label, value in (("First name", who.given), ("Last name", who.family), ("E-mail", who.email)):
        page.get_by_label(SAY(label), exact=True).fill(value)
    answer_questions(page)
    page.get_by_role("button", name=SAY("Confirm the appointment"), exact=True).click()
    expect(page.get_by_role("heading", name=SAY("The appointment is confirmed"))).to_be_visible(timeout=SECONDS)


def test_what_is_not_the_houses_is_not_there(site: Site, there: BrowserContext) -> None:
    page = there.new_page()
    for path in ("/t/dar-el-khibra", "/platform", "/api/v1/clinics"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404, path
    answer = page.goto("/me/appointments")
    assert answer is not None
    assert page.url.startswith(site.url)  # the account is at CareHub's own address


def test_signing_in_there_opens_nothing_elsewhere(site: Site, there: BrowserContext) -> None:
    page = there.new_page()
    page.goto("/sign-in")
    page.get_by_label(SAY("E-mail"), exact=True).fill("karim.benali@example.com")
    page.get_by_label(SAY("Password"), exact=True).fill(PASSWORD)
    page.get_by_role("button", name=SAY("Sign in"), exact=True).click()
    expect(page).to_have_url(re.compile(rf"{HOST}:\d+/t/cabinet-rivage"), timeout=SECONDS)
    expect(page.locator(".dropper .sr").first).to_have_text("Karim Benali", timeout=SECONDS)
    token = next(one["value"] for one in there.cookies() if one["name"] == "ch_session")
    stolen = page.context.request.get(
        f"{site.url}/api/me/factor.svg", headers={"cookie": f"ch_session={token}"}, max_redirects=0
    )
    assert stolen.status == 401
