"""How people are reached, in a real browser: preferences, push, a text message through the demo's carrier, recovery by telephone."""

import json
import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from carehub.integrations.texts_sink import Box, Text
from tests.browser.people import PASSWORD, SECONDS, newcomer, signed_in
from tests.notify import push_service
from tests.notify.push_service import Service
from tests.site import Site

# a browser without a push service of its own: the page's and the worker's code are real, the subscription is the test's
STUB = """
(() => {
  const given = %s;
  let kept = null;
  const made = { ...given, toJSON: () => ({ endpoint: given.endpoint, keys: { p256dh: given.p256dh, auth: given.auth } }),
    unsubscribe: async () => { kept = null; return true; } };
  PushManager.prototype.subscribe = async (options) => { window.asked = options; kept = made; return made; };
  PushManager.prototype.getSubscription = async () => kept;
})()"""


@pytest.fixture
def service() -> Iterator[Service]:
    with push_service.running() as made:
        yield made


@pytest.fixture
def karim(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    made = signed_in(site, browser, "Karim Benali")
    yield made
    made.close()


def until(found: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS / 1000
    while not found():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def preferences(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/me/preferences")
    expect(page.get_by_role("heading", name="Quiet hours")).to_be_visible(timeout=SECONDS)
    return page


def test_what_is_switched_off_stays_off(karim: BrowserContext) -> None:
    page = preferences(karim)
    box = page.get_by_role("checkbox", name="Reminders: Text message")
    expect(box).to_be_checked()
    box.click()
    expect(box).not_to_be_checked()
    page.reload()
    expect(page.get_by_role("checkbox", name="Reminders: Text message")).not_to_be_checked(timeout=SECONDS)
    page.get_by_role("checkbox", name="Reminders: Text message").click()
    page.get_by_role("switch", name="Quiet hours").click()
    page.get_by_label("From", exact=True).fill("22:00")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("img", name="Quiet from 22:00 to 07:30")).to_be_visible(timeout=SECONDS)


def test_push_is_asked_for_by_a_button_and_shown_by_our_worker(
    site: Site, karim: BrowserContext, service: Service
) -> None:
    mine = service.browser()
    karim.grant_permissions(["notifications"], origin=site.url)
    karim.add_init_script(STUB % json.dumps(service.subscription(mine)))
    page = preferences(karim)
    registered = "async () => (await navigator.serviceWorker.getRegistrations()).length"
    assert page.evaluate(registered) == 0
    page.get_by_role("button", name="Show them in this browser").click()
    expect(page.get_by_role("button", name="Stop in this browser")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_role("button", name="Revoke")).to_have_count(1, timeout=SECONDS)
    assert page.evaluate(registered) == 1
    assert page.evaluate("() => window.asked.userVisibleOnly && window.asked.applicationServerKey.length") == 65
    worker = page.request.get("/push-worker.js")
    assert "default-src 'none'" in worker.headers["content-security-policy"]
    assert show(page, site) == ["Appointment moved"]
    page.get_by_role("button", name="Stop in this browser").click()
    expect(page.get_by_role("button", name="Revoke")).to_have_count(0, timeout=SECONDS)
    assert page.evaluate(registered) == 0


def show(page: Page, site: Site) -> list[str]:
    """What the worker shows of a push that the browser hands it."""
    devtools, found = page.context.new_cdp_session(page), list[str]()
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    told = {"title": "Appointment moved", "body": "Open", "path": "/me", "tag": "t", "lang": "en", "dir": "ltr"}
    for _ in range(2):  # a repetition replaces itself
        devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": site.url, "registrationId": found[-1], "data": json.dumps(told)},
        )
    page.wait_for_timeout(1500)
    shown: list[str] = page.evaluate(
        "async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((one) => one.title)"
    )
    return shown


def taken(site: Site, number: str) -> list[Text]:
    return [one for one in Box(site.data_dir / "texts").all() if one.to == number]


def test_an_owners_test_message_is_taken_and_its_receipt_comes_back(site: Site, browser: Browser) -> None:
    context = signed_in(site, browser, "Hélène Rivoire")
    page = context.new_page()
    page.goto("/w/cabinet-rivage/settings/texts")
    number = page.locator("#number")
    expect(number).to_be_visible(timeout=SECONDS)
    assert page.locator("#token").input_value() == ""
    number.fill("06 12 34 77 88")
    page.get_by_role("button", name="Send a test").click()
    until(lambda: len(taken(site, "+33612347788")) == 1, "no text was taken")
    until(lambda: taken(site, "+33612347788")[0].status == "delivered", "no receipt was sent")
    page.goto("/w/cabinet-rivage/deliveries?event=texts.test")
    expect(page.get_by_role("cell", name="Delivered").first).to_be_visible(timeout=SECONDS)
    context.close()


def test_an_account_is_recovered_by_telephone_and_question(site: Site, browser: Browser) -> None:
    context = signed_in(site, browser, "Karim Benali")
    page = context.new_page()
    page.goto("/me/security")
    page.locator("#question").fill("Premier animal ?")
    page.locator("#answer").fill("Minou le Chat")
    page.locator("#proof").fill(PASSWORD)
    page.get_by_role("button", name="Keep the question").click()
    expect(page.get_by_text("The question is kept")).to_be_visible(timeout=SECONDS)
    context.close()

    context = newcomer(site, browser)
    page = context.new_page()
    before = len(Box(site.data_dir / "texts").all())
    page.goto("/recover/text")
    page.locator("#email").fill("karim.benali@example.com")
    page.get_by_role("button", name="Send the code").click()
    page.wait_for_url("**/recover/code?**")
    until(lambda: len(Box(site.data_dir / "texts").all()) > before, "no code was sent")
    code = re.search(r"\b(\d{6})\b", Box(site.data_dir / "texts").all()[0].body)
    assert code
    page.locator("#code").fill(code[1])
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Choose this password").click()
    expect(page.get_by_text("Answer your own question: Premier animal ?")).to_be_visible(timeout=SECONDS)
    page.locator("#answer").fill("minou le chat")
    page.get_by_role("button", name="Choose this password").click()
    page.wait_for_url("**/me**", timeout=SECONDS)
    context.close()
