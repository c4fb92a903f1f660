"""A question that is paid when it is answered, from the expert's public page to the answer, in a real browser. DI-063, DI-064, DI-104."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import SECONDS, signed_in
from tests.site import Site

TENANT = "dar-el-khibra"
EXPERT = "Amel Trabelsi"
_SLUG = """
    SELECT p.slug, p.id FROM practitioner p JOIN tenant t ON t.id = p.tenant_id JOIN membership m ON m.practitioner_id = p.id
    JOIN person h ON h.id = m.person_id WHERE t.slug = %s AND h.given_name || ' ' || h.family_name = %s"""
_CLIENT = """
    SELECT p.given_name || ' ' || p.family_name FROM ledger_account a JOIN person p ON p.id = a.owner_id
    JOIN tenant t ON t.id = a.tenant_id WHERE t.slug = %s AND a.kind = 'coins' AND a.currency = 'COIN' AND a.balance >= 40
    ORDER BY a.balance DESC LIMIT 1"""
_COINS = """
    SELECT sum(a.balance) FROM ledger_account a JOIN person p ON p.id = a.owner_id JOIN tenant t ON t.id = a.tenant_id
    WHERE t.slug = %s AND p.given_name || ' ' || p.family_name = %s AND a.kind IN ('coins', 'bonus') AND a.currency = 'COIN'"""
ASKED = "My new team meets on Monday. Should I write to each of them before, or wait until we sit at one table?"
ANSWER = "Write three lines to each of them today, and keep the rest for the table."


def _serious(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [one["id"] for one in found if one["impact"] in ("serious", "critical")]


def _one(site: Site, query: str, *values: str) -> str:
    with site.connect() as database:
        row = database.execute(query, values).fetchone()
    assert row
    return str(row[0])


@pytest.mark.browser
def test_a_question_is_asked_answered_and_paid(site: Site, browser: Browser) -> None:
    name, slug = _one(site, _CLIENT, TENANT), _one(site, _SLUG, TENANT, EXPERT)
    before = int(_one(site, _COINS, TENANT, name))
    client = signed_in(site, browser, name)
    page = client.new_page()
    page.goto(f"/t/{TENANT}/p/{slug}")
    page.get_by_role("link", name="Ask a question").click(timeout=SECONDS)
    expect(page.get_by_role("heading", name=re.compile("^Ask .* a question$"))).to_be_visible(timeout=SECONDS)
    assert _serious(page) == []
    page.get_by_label("Your question").fill("Why?")
    page.get_by_role("button", name=re.compile("^Send and set 20 coins aside")).click()
    expect(page.get_by_text("Write a little more: at least 20 characters")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_label("Your question")).to_have_value("Why?")
    page.get_by_label("Your question").fill(ASKED)
    page.get_by_role("button", name=re.compile("^Send and set 20 coins aside")).click()
    expect(page).to_have_url(re.compile(r"/me/questions\?question="), timeout=SECONDS)
    expect(page.get_by_text(ASKED)).to_be_visible(timeout=SECONDS)
    expect(page.get_by_text("Waiting for the answer")).to_be_visible()
    assert _serious(page) == []
    assert int(_one(site, _COINS, TENANT, name)) == before - 20

    desk = signed_in(site, browser, EXPERT)
    work = desk.new_page()
    work.goto(f"/w/{TENANT}/questions?state=open&sort=-asked")
    work.get_by_role("row").filter(has_text=name).first.get_by_role("link").first.click(timeout=SECONDS)
    expect(work.get_by_text(ASKED)).to_be_visible(timeout=SECONDS)
    assert _serious(work) == []
    work.get_by_label("Your answer").fill(ANSWER)
    work.get_by_role("button", name="Send the answer").click()
    expect(work.get_by_text("Answered", exact=True).first).to_be_visible(timeout=SECONDS)
    expect(work.get_by_text(ANSWER)).to_be_visible(timeout=SECONDS)
    desk.close()

    expect(page.get_by_text(ANSWER)).to_be_visible(timeout=SECONDS)  # by itself, while the page is open
    expect(page.get_by_text("20 coins were taken for the answer.")).to_be_visible(timeout=SECONDS)
    assert int(_one(site, _COINS, TENANT, name)) == before - 20
    client.close()


@pytest.mark.browser
def test_an_expert_sets_the_price_of_an_answer(site: Site, browser: Browser) -> None:
    """DI-019: what is typed wrong is told at the field and kept."""
    desk = signed_in(site, browser, EXPERT)
    page = desk.new_page()
    page.goto(f"/w/{TENANT}/questions")
    page.get_by_text(re.compile("^Your price")).first.click(timeout=SECONDS)
    price = page.get_by_label("Your price of an answer")
    price.fill("-3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Enter whole coins from 1 to 100000")).to_be_visible(timeout=SECONDS)
    expect(price).to_have_value("-3")
    price.fill("20")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=True).first).to_be_visible(timeout=SECONDS)
    desk.close()
