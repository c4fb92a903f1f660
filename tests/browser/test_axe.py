"""Every page of every area, as the person it is for sees it: no serious axe finding, nothing in the console, no sideways scroll."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, TimeoutError, expect

from carehub.pages import gallery, me, platform, public, workspace
from tests.browser.people import SECONDS, newcomer, signed_in, visiting
from tests.site import Site

TENANT = "cabinet-rivage"
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1440, "height": 900}
ROUTES = [one.route for area in (public, me, workspace, platform, gallery) for one in area.PAGES]
MORE = ("/search?speciality=psychologist&city=Paris", "/search?q=zzzz", "/nothing-here")
PROFILE = "profile?of=[practitioner]"  # the owner's own account is no practitioner's
MORE_WORK = (
    *("agenda?view=day", "agenda?view=month", "availability?week=typical"),
    *("invoices/[issued]", "invoices?status=overdue"),
    *(PROFILE, f"{PROFILE}&part=visibility", f"{PROFILE}&part=verification", f"{PROFILE}&part=preview"),
)
MAIN = (
    "/",
    "/search",
    "/t/[tenant]/p/[slug]",
    "/sign-in",
    "/me",
    "/me/appointments",
    "/w/[tenant]/agenda",
    "/w/[tenant]/requests",
    "/w/[tenant]/board",
    "/w/[tenant]/availability",
    "/w/[tenant]/patients",
    "/w/[tenant]/services/[service]",
    "/w/[tenant]/settings/organisation",
    "/platform/tenants",
)
ARABIC = (
    *MAIN,
    *(
        one
        for one in ROUTES
        if one.startswith(("/platform", "/w/[tenant]/settings", "/sign-in", "/email", "/invitation"))
    ),
    "/me/confirm",
    "/me/security",
    "/w/[tenant]/appointments",
    "/w/[tenant]/patients/[patient]",
    "/w/[tenant]/team/invitations",
    "/w/[tenant]/invoices",
    "/w/[tenant]/invoices/[document]",
    "/w/[tenant]/treasury",
    "/me/invoices",
    "/me/questions",
    "/me/ask/[tenant]/[slug]",
    "/me/report/[tenant]/[slug]",
)
OWNER, CLIENT, ADMIN = "Hélène Rivoire", "Karim Benali", "Nour Elkadi"
EXPECTED = re.compile("status of 404")  # the browser's own line about a page that is not there
QUIET = "() => document.title && ![...document.querySelectorAll('[aria-busy=true], .sk')].some((one) => one.checkVisibility())"
# What leaves a phone's screen at a side: the page itself, or a part as wide as the screen that has to be pushed. Boards, tables and
# calendars may scroll inside their own frame.
SIDEWAYS = """() => {
  const page = document.documentElement.scrollWidth - innerWidth;
  const pushed = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()
    && one.clientWidth >= innerWidth - 2 && one.clientHeight > 120 && one.scrollWidth > one.clientWidth + 1
    && ["auto", "scroll"].includes(getComputedStyle(one).overflowX) && !one.matches("[class*=fc-], .fcw, .cal, .mon, .board"));
  return [...(page > 0 ? [`the page is ${page} px too wide`] : []),
    ...pushed.map((one) => `${one.className} scrolls sideways by ${one.scrollWidth - one.clientWidth} px`)];
}"""
IDS = """
    SELECT (SELECT slug FROM practitioner p WHERE p.tenant_id = t.id AND p.family_name = 'Belkacem'),
           (SELECT id FROM patient p WHERE p.tenant_id = t.id AND p.person_id IS NOT NULL ORDER BY id LIMIT 1),
           (SELECT id FROM service s WHERE s.tenant_id = t.id ORDER BY position LIMIT 1),
           (SELECT id FROM practitioner p WHERE p.tenant_id = t.id ORDER BY position LIMIT 1),
           (SELECT id FROM site s WHERE s.tenant_id = t.id ORDER BY name LIMIT 1), t.id
    FROM tenant t WHERE slug = %s"""


DOCUMENTS = """
    SELECT (SELECT id FROM billing_document d WHERE d.tenant_id = t.id AND d.state = 'draft' ORDER BY id LIMIT 1),
           (SELECT id FROM billing_document d WHERE d.tenant_id = t.id AND d.paid_minor > 0 ORDER BY id LIMIT 1)
    FROM tenant t WHERE slug = %s"""


@pytest.fixture(scope="module")
def ids(site: Site) -> dict[str, str]:
    with site.connect() as database:
        row = database.execute(IDS, (TENANT,)).fetchone()
        papers = database.execute(DOCUMENTS, (TENANT,)).fetchone()
    assert row
    assert papers
    slug, patient, service, practitioner, place, organisation = map(str, row)
    named = {"slug": slug, "patient": patient, "service": service, "practitioner": practitioner, "site": place}
    named |= {"document": str(papers[0]), "issued": str(papers[1])}
    gone = "00000000-0000-7000-8000-000000000000"
    return {
        "tenant": TENANT,
        "token": "no-such-link",
        "checkout": gone,
        "question": gone,
        "organisation": organisation,
        **named,
    }


def filled(route: str, ids: dict[str, str]) -> str:
    return re.sub(r"\[(\w+)\]", lambda part: ids[part[1]], route)


def who(route: str) -> str:
    """For whom a page is."""
    if route.startswith("/platform"):
        return ADMIN
    if route.startswith("/w/"):
        return OWNER
    if route.startswith("/me") or route == "/welcome":
        return CLIENT
    return ""


class Tabs:
    """One browser a person; what their consoles said."""

    def __init__(self, site: Site, browser: Browser, locale: str) -> None:
        self.site, self.browser, self.locale = site, browser, locale
        self.said: list[str] = []
        self.context = cache(self._context)

    def _context(self, name: str) -> BrowserContext:
        if name:
            made = (visiting if name == ADMIN else signed_in)(self.site, self.browser, name, self.locale)
        else:
            made = newcomer(self.site, self.browser, self.locale)
        made.on("console", self._hear)
        made.on("weberror", lambda error: self.said.append(str(error.error)))
        return made

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.said.append(message.text)

    def open(self, route: str, address: str) -> Page:
        page = self.context(who(route)).new_page()
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.emulate_media(reduced_motion="reduce")  # a colour on its way is no finding
        page.goto(address)
        expect(page.locator("#main")).to_be_visible(timeout=SECONDS)
        if not route.startswith(("/gallery", "/welcome")):  # they draw skeletons on purpose
            self._await_content(page)
        return page

    def _await_content(self, page: Page) -> None:
        try:
            page.wait_for_function(QUIET, timeout=SECONDS)
        except TimeoutError:
            self.said.append("it loads for ever")

    def close(self) -> None:
        for name in ("", CLIENT, OWNER, ADMIN):
            self.context(name).close()


@pytest.fixture
def tabs(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Tabs]:
    made = Tabs(site, browser, request.param)
    yield made
    made.close()


def serious(page: Page, **options: Any) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


def sideways(page: Page) -> list[str]:
    """What scrolls sideways once the page has taken its new width: calendars draw themselves again."""
    for _ in range(20):
        found: list[str] = page.evaluate(SIDEWAYS)
        if not found:
            break
        page.wait_for_timeout(100)
    return found


def faults(tabs: Tabs, route: str, address: str) -> list[str]:
    """Light, a main page in the dark and on a phone too; none scrolls sideways at 360 px: all on one load."""
    tabs.said.clear()
    page = tabs.open(route, address)
    found = serious(page)
    if route in MAIN:
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        found += [f"dark {one}" for one in serious(page, runOnly=["color-contrast"])]
        page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found += sideways(page)
    if route in MAIN:
        found += [f"phone {one}" for one in serious(page)]
    page.close()
    return [*found, *tabs.said]


@pytest.mark.browser
@pytest.mark.parametrize("tabs", ["fr"], indirect=True)
def test_every_page_in_french(tabs: Tabs, ids: dict[str, str]) -> None:
    routes = [*ROUTES, *MORE, *(f"/w/[tenant]/{one}" for one in MORE_WORK)]
    found = {route: wrong for route in routes if (wrong := faults(tabs, route, filled(route, ids)))}
    assert found == {}


@pytest.mark.browser
@pytest.mark.parametrize("tabs", ["ar"], indirect=True)
def test_the_main_pages_in_arabic(tabs: Tabs, ids: dict[str, str]) -> None:
    found = {route: wrong for route in dict.fromkeys(ARABIC) if (wrong := faults(tabs, route, filled(route, ids)))}
    assert found == {}
