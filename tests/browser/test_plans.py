"""An owner subscribes, upgrades, is refused by the bank, pays and goes on: in a browser, with Stripe's time moved by its test clocks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from stripe import RequestsClient, StripeClient

from carehub.integrations.stripe_sink.server import Sink
from carehub.services.demo.plans import ACCOUNT
from tests.browser.people import SECONDS, signed_in, visiting
from tests.site import Site

OWNER, ADMIN, TENANT = "Amine Bensouda", "Nour Elkadi", "clinique-dar-yasmine"
LATE = "4000000000000341"  # can be saved; every payment with it is refused
_SET = """
    UPDATE tenant_plan SET plan = %s, agreed = %s, addons = '{}' WHERE tenant_id = (SELECT id FROM tenant WHERE slug = %s)"""
_STATE = """
    SELECT s.state, p.plan FROM plan_subscription s JOIN tenant t ON t.id = s.tenant_id JOIN tenant_plan p ON p.tenant_id = t.id
    WHERE t.slug = %s"""


@contextmanager
def on_the_free_plan(site: Site) -> Iterator[None]:
    """The tenant is the journey's for a while."""
    with site.connect() as database:
        database.execute(_SET, ("free", False, TENANT))
    yield
    with site.connect() as database:
        database.execute(_SET, ("enterprise", True, TENANT))


@contextmanager
def stripes_time(site: Site) -> Iterator[Any]:
    """`advance(days=…)` for the journey's subscriber, asked of the site's own Stripe as its documents say."""
    hook = (f"{site.url}/webhooks/stripe/platform", "")
    beside = Sink(0, site.data_dir / "stripe", pages=site.url, endpoints={ACCOUNT: hook})  # the site's own delivers
    beside.start(deliver=False)
    address = f"http://127.0.0.1:{beside.server_port}"
    clocks = StripeClient(
        ACCOUNT, base_addresses={"api": address}, http_client=RequestsClient()
    ).v1.test_helpers.test_clocks

    def advance(**span: float) -> None:
        newest = clocks.list(params={"limit": 1}).data[0]
        until = newest.frozen_time + int(timedelta(**span).total_seconds())
        clocks.advance(newest.id, params={"frozen_time": until})

    yield advance
    beside.shutdown()
    beside.server_close()


def serious(page: Page) -> list[str]:
    page.emulate_media(reduced_motion="reduce")  # a colour on its way is no finding
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    wrong = [one for one in found if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {node['target']} {node['html'][:120]}" for one in wrong for node in one["nodes"][:3]]


def type_card(page: Page, number: str = "") -> None:
    field = page.locator("input[name=number]")
    field.wait_for(timeout=SECONDS)
    if number:
        field.fill(number)
    page.locator("form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(f"/w/{TENANT}/settings/plan"), timeout=SECONDS)


def subscribe(page: Page) -> None:
    page.goto(f"/w/{TENANT}/settings/plan")
    page.get_by_role("button", name="Try it for 14 days: Professional").click(timeout=SECONDS)
    type_card(page)
    expect(page.get_by_text("14 days of your trial are left")).to_be_visible(timeout=SECONDS)
    assert serious(page) == []


def upgrade(page: Page) -> None:
    page.get_by_role("button", name="Change to it: Clinic").click(timeout=SECONDS)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Due today")).to_be_visible(timeout=SECONDS)
    expect(dialog.get_by_text(re.compile(r"more work here than this plan holds"))).to_be_visible()
    assert serious(page) == []
    dialog.get_by_role("button", name="Confirm and pay").click()
    expect(page.get_by_text("Your plan was changed")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_role("button", name="Change to it: Professional")).to_be_visible(timeout=SECONDS)


def state(site: Site) -> tuple[object, ...]:
    with site.connect() as database:
        row = database.execute(_STATE, (TENANT,)).fetchone()
    assert row
    return tuple(row)


@pytest.mark.browser
def test_an_owner_subscribes_upgrades_fails_pays_and_goes_on(site: Site, browser: Browser) -> None:
    """SQ-126, SQ-127, MC-096, CD-097."""
    with on_the_free_plan(site), stripes_time(site) as advance:
        page = signed_in(site, browser, OWNER).new_page()
        subscribe(page)
        advance(days=14, hours=1)
        expect(page.get_by_text("Active", exact=True)).to_be_visible(timeout=SECONDS)  # the page follows by itself
        advance(days=10)
        upgrade(page)
        assert state(site) == ("active", "clinic")

        page.get_by_role("button", name="Change the card").click()
        type_card(page, LATE)
        expect(page.get_by_text("visa 0341")).to_be_visible(timeout=SECONDS)
        advance(days=31)
        expect(page.get_by_text("Your payment failed")).to_be_visible(timeout=SECONDS)
        assert serious(page) == []
        assert state(site) == ("past_due", "clinic")
        page.get_by_role("button", name="Try this card again").click()
        expect(page.get_by_text("The bank refused the payment").first).to_be_visible(timeout=SECONDS * 3)

        page.get_by_role("button", name="Pay with another card").click()
        type_card(page)
        expect(page.get_by_text("Your payment failed")).to_have_count(0, timeout=SECONDS)
        expect(page.get_by_text("visa 4242")).to_be_visible(timeout=SECONDS)
        assert state(site) == ("active", "clinic")
        receipt = page.get_by_role("link", name=re.compile("Receipt")).first.get_attribute("href")
        answer = page.request.get(f"{site.url}{receipt}")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")

        page.get_by_role("button", name="Cancel the plan").click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel the plan").click()
        expect(page.get_by_text(re.compile("Your plan ends on"))).to_be_visible(timeout=SECONDS)
        page.get_by_role("button", name="Go on after all").click()
        expect(page.get_by_text(re.compile("Your plan ends on"))).to_have_count(0, timeout=SECONDS)
        console_shows_it(site, browser)


def console_shows_it(site: Site, browser: Browser) -> None:
    with site.connect() as database:
        row = database.execute("SELECT id FROM tenant WHERE slug = %s", (TENANT,)).fetchone()
    assert row
    page = visiting(site, browser, ADMIN).new_page()
    page.goto(f"/platform/tenants/{row[0]}")
    expect(page.get_by_text(re.compile(r"Renews: MAD"))).to_be_visible(timeout=SECONDS)
    assert serious(page) == []
