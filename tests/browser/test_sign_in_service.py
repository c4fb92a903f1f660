"""An organisation's own OpenID provider, and an address that is kept, in Chromium."""

import re
from collections.abc import Iterator

import httpx
import oidc_provider_mock
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import PASSWORD, SECONDS, Words, await_letter, letters, newcomer, signed_in, text_of
from tests.site import Site

pytestmark = pytest.mark.browser
SAY = Words("en")
HOUSE = "cabinet-rivage"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


def press(page: Page, msgid: str, **params: object) -> None:
    page.get_by_role("button", name=SAY(msgid, **params), exact=True).click(timeout=SECONDS)


def prove(page: Page) -> None:
    page.get_by_label(SAY("Password"), exact=True).fill(PASSWORD, timeout=SECONDS)
    press(page, "Go on")


def agree(page: Page, subject: str) -> None:
    """What the person does at the provider."""
    page.get_by_placeholder("sub").fill(subject, timeout=SECONDS)
    page.get_by_role("button", name="Authorize").click()


def test_staff_sign_in_by_their_houses_own_provider(site: Site, browser: Browser, issuer: str) -> None:
    httpx.put(f"{issuer}/users/helene", json={"email": "h@example.org", "name": "Hélène"}).raise_for_status()
    owner = signed_in(site, browser, "Hélène Rivoire")
    page = owner.new_page()
    page.goto(f"/w/{HOUSE}/settings/sign-in")
    for name, value in (("name", "Rivage ID"), ("issuer", issuer), ("client_id", "rivage"), ("secret", "very secret")):
        page.locator(f"[name={name}]").fill(value, timeout=SECONDS)
    press(page, "Save")
    prove(page)  # a session of hours ago says again who it is
    expect(page.locator("[name=secret]")).to_have_value("very secret", timeout=SECONDS)  # nothing typed is lost
    expect(page.locator("[name=issuer]")).to_have_value(issuer)
    press(page, "Save")
    expect(page.get_by_text(SAY("Saved"), exact=True).first).to_be_visible(timeout=SECONDS)
    expect(page.get_by_text(f"{site.url}/sign-in?org={HOUSE}")).to_be_visible(timeout=SECONDS)

    page.goto("/me/security")
    press(page, "Connect {name}", name="Rivage ID")
    agree(page, "helene")
    page.wait_for_url(re.compile("/me/security"), timeout=SECONDS)
    owner.close()

    fresh = newcomer(site, browser)
    door = fresh.new_page()
    door.goto(f"/sign-in?org={HOUSE}")
    press(door, "Go on with {name}", name="Rivage ID")
    agree(door, "helene")
    door.wait_for_url(re.compile(rf"/w/{HOUSE}"), timeout=SECONDS)
    door.goto("/sign-in")  # this browser is known
    expect(door.get_by_role("button", name=SAY("Go on with {name}", name="Rivage ID"))).to_be_visible(timeout=SECONDS)
    httpx.put(f"{issuer}/users/stranger", json={"email": "s@example.org"}).raise_for_status()
    door.context.clear_cookies()
    door.goto(f"/sign-in?next=/w/{HOUSE}/agenda")
    press(door, "Go on with {name}", name="Rivage ID")
    agree(door, "stranger")
    expect(door.get_by_role("alert")).to_be_visible(timeout=SECONDS)  # whom nobody has connected
    fresh.close()


def test_an_address_that_someone_else_wants_changed_is_kept_by_its_link(site: Site, browser: Browser) -> None:
    context = signed_in(site, browser, "Karim Benali")
    page = context.new_page()
    page.goto("/me/security")
    page.locator("#email").fill("thief@example.com", timeout=SECONDS)
    press(page, "Change the address")
    prove(page)
    expect(page.locator("#email")).to_have_value("thief@example.com", timeout=SECONDS)  # nothing typed is lost
    press(page, "Change the address")
    about = Words("fr").pattern("The address of your account is about to change")  # his own language
    await_letter(site, "karim.benali@example.com", about)
    told = [one for one in letters(site, "karim.benali@example.com") if about.search(str(one["Subject"]))][-1]
    link = re.search(rf"{re.escape(site.url)}/email/keep\S+", text_of(told))
    assert link, text_of(told)
    keeper = newcomer(site, browser)
    door = keeper.new_page()
    door.goto(link[0])
    press(door, "Stop the change and sign everyone out")
    door.wait_for_url(re.compile("/recover"), timeout=SECONDS)
    page.goto("/me/security")
    expect(page).to_have_url(re.compile("/sign-in"), timeout=SECONDS)  # every session ended
    for one in (context, keeper):
        one.close()
