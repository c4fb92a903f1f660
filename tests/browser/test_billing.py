"""Quotes and invoices in a browser: written and sent, accepted by their link, paid by card."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import SECONDS, Words, signed_in
from tests.site import Site

OWNER, CLIENT = "Hélène Rivoire", "Karim Benali"
TENANT = "cabinet-rivage"
_KARIM = "SELECT p.id FROM patient p JOIN tenant t ON t.id = p.tenant_id WHERE t.slug = %s AND p.given_name = 'Karim' LIMIT 1"


def _serious(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [one["id"] for one in found if one["impact"] in ("serious", "critical")]


def _karim(site: Site) -> str:
    with site.connect() as database:
        row = database.execute(_KARIM, (TENANT,)).fetchone()
    assert row
    return str(row[0])


@pytest.mark.browser
def test_an_invoice_is_written_issued_and_paid_by_card_by_its_link(site: Site, browser: Browser) -> None:
    """CD-094, CD-099, CD-100: the owner's desk, then the client's."""
    desk = signed_in(site, browser, OWNER)
    page = desk.new_page()
    page.goto(f"/w/{TENANT}/patients/{_karim(site)}")
    page.get_by_role("button", name="Invoice", exact=True).click(timeout=SECONDS)
    expect(page).to_have_url(re.compile(r"/invoices/[0-9a-f-]{36}"), timeout=SECONDS)
    first = page.get_by_role("group", name="Line 1")
    first.get_by_label("Service").fill("Two hours of advice")
    first.get_by_label("Quantity").fill("2")
    first.get_by_label("Price").fill("62,50")
    expect(first).to_contain_text("€125.00")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Saved", exact=True).first).to_be_visible(timeout=SECONDS)
    page.get_by_role("button", name="Issue and send").click()
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name=re.compile(r"F-\d{4}-\d{4}")).first).to_be_visible(timeout=SECONDS)
    desk.close()

    client = signed_in(site, browser, CLIENT)
    page = client.new_page()
    page.goto("/me/invoices")
    page.get_by_role("link", name="Pay", exact=True).first.click(timeout=SECONDS)
    expect(page.get_by_text("Two hours of advice").first).to_be_visible(timeout=SECONDS)
    assert _serious(page) == []
    page.get_by_role("button", name=re.compile(r"Pay .*125.00.* by card")).click()
    page.locator("input[name=number]").wait_for(timeout=SECONDS)
    page.locator("form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/invoice/.*payment="), timeout=SECONDS)

    def paid() -> bool:
        page.reload()
        page.get_by_text("Two hours of advice").first.wait_for(timeout=SECONDS)
        return page.get_by_text("This invoice is paid. Thank you").count() > 0

    assert any(paid() for _ in range(10))
    client.close()


@pytest.mark.browser
def test_a_client_accepts_a_quote_by_its_link(site: Site, browser: Browser) -> None:
    """CD-102, in French."""
    say = Words("fr")
    client = signed_in(site, browser, CLIENT, "fr")
    page = client.new_page()
    page.goto("/me/invoices")
    page.get_by_role("link", name=say("Read and answer")).first.click(timeout=SECONDS)
    page.get_by_label(say("Your name")).fill("Karim Benali", timeout=SECONDS)
    assert _serious(page) == []
    page.get_by_role("button", name=say("Accept the quote")).click()
    expect(page.get_by_text(say("Accepted by {name}", name="Karim Benali"))).to_be_visible(timeout=SECONDS)
    client.close()
