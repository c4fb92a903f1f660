"""What a public page costs a visitor, and that it is quiet: weight of scripts and styles, console, policy, hydration."""

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from tests.browser.people import free_times
from tests.site import Site

KILO = 1000
LIMIT = 170 * KILO  # bytes of JS and CSS, gzip -9
TENANT = "/t/cabinet-rivage"
PROFILE = f"{TENANT}/p/ines-belkacem"
PAGES = (
    "/",
    "/search",
    "/search?city=Paris&speciality=psychologist",
    TENANT,
    PROFILE,
    f"{PROFILE}/book",
    "/booking/nothing-with-this-token",
    "/sign-in",
    "/sign-up",
    "/sign-up/pro",
    "/check-mail",
    "/recover",
    "/privacy",
    "/terms",
    "/welcome",
)
SECONDS = 15_000


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A wide screen that has never been here: it shows all that a phone does, and the map beside."""
    fresh = browser.new_context(base_url=site.url, locale="fr-FR", viewport={"width": 1280, "height": 900})
    yield fresh
    fresh.close()


def settle(page: Page, address: str) -> None:
    """Open it and wait until it has drawn itself over what the server wrote, and loads nothing more."""
    page.goto(address)
    expect(page.locator("[data-ssr]")).to_have_count(0, timeout=SECONDS)
    page.wait_for_load_state("networkidle", timeout=SECONDS)


def is_code(answer: Response) -> bool:
    return answer.url.split("?")[0].endswith((".js", ".css"))


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_is_light(context: BrowserContext, address: str) -> None:
    page, came = context.new_page(), {}

    def weigh(answer: Response) -> None:
        if is_code(answer):
            came[answer.url] = answer

    page.on("response", weigh)
    settle(page, address)
    # Asking for a body lets the browser go on talking: a late answer may join while these are weighed.
    bodies = {url: answer.body() for url, answer in list(came.items())}
    sizes = {url.rsplit("/", 1)[-1]: len(gzip.compress(body, 9)) for url, body in bodies.items()}
    heaviest = sorted(sizes.items(), key=lambda one: -one[1])[:8]
    said = ", ".join(f"{name} {size / KILO:.1f}" for name, size in heaviest)
    assert sizes, "nothing was weighed"
    assert sum(sizes.values()) <= LIMIT, f"{address} weighs {sum(sizes.values()) / KILO:.1f} kB: {said}"


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB", "ar-MA"])
def test_public_pages_are_quiet(browser: Browser, site: Site, locale: str) -> None:
    """No error in the console, nothing that the policy refuses, no page that React had to draw again."""
    context = browser.new_context(base_url=site.url, locale=locale)
    page, heard = context.new_page(), []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            heard.append(f"{page.url} {message.text}")

    page.on("console", listen)
    page.on("pageerror", lambda error: heard.append(f"{page.url} {error}"))
    for address in PAGES:
        settle(page, address)
        assert page.locator("html").get_attribute("lang") == locale[:2]
    context.close()
    assert heard == []


def test_a_profile_answers_the_first_click(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(PROFILE)
    free_times(page).first.click(timeout=SECONDS)
    expect(page.get_by_role("timer")).to_be_visible(timeout=SECONDS)
