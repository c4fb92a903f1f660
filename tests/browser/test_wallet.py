"""Coins bought with a card that needs its holder's confirmation, in a real browser, with Stripe's signed webhook. DI-089, DI-090."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.people import SECONDS, another_card, signed_in
from tests.site import Site

ADDRESS = "/me/wallet?tenant=dar-el-khibra"


@pytest.fixture
def karim(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    made = signed_in(site, browser, "Karim Benali")
    yield made
    made.close()


def test_coins_are_bought_with_a_card_that_asks_its_holder(karim: BrowserContext, site: Site) -> None:
    page = karim.new_page()
    page.goto(ADDRESS)
    balance = page.locator(".wbig")
    expect(balance).to_be_visible(timeout=SECONDS)
    before = int(re.sub(r"\D", "", balance.inner_text()))
    another_card(page)
    page.get_by_role("radio", name="120").click()  # the server answers with the choice
    buy = page.get_by_role("button", name="Buy 120 coins")
    expect(buy).to_be_visible(timeout=SECONDS)
    page.get_by_label("Save the card for next time").check()
    buy.click()
    page.wait_for_url("**/demo/stripe/checkout/**", timeout=SECONDS)
    page.get_by_label("Card number").fill("4000 0000 0000 0002")
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    expect(page.get_by_role("alert")).to_contain_text("refused")
    page.get_by_label("Card number").fill("4000 0027 6000 3184")
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url("**/demo/stripe/confirm/**", timeout=SECONDS)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/me/wallet**", timeout=SECONDS)
    expect(page.get_by_text("120 coins are yours")).to_be_visible(timeout=SECONDS)
    expect(page.locator(".wbig")).to_contain_text(str(before + 120), timeout=SECONDS)
    expect(page.get_by_text("VISA").first).to_be_visible()
    with site.connect() as db:
        told = db.execute(
            "select count(*) from payment_webhook_event where kind = 'payment_intent.succeeded'"
        ).fetchone()
    assert told is not None
    assert told[0] >= 1
    with page.expect_download() as paper:
        page.get_by_role("link", name="Receipt").first.click()
    assert paper.value.suggested_filename.endswith(".pdf")


def test_a_saved_card_is_removed_and_the_statement_narrows(karim: BrowserContext) -> None:
    page = karim.new_page()
    page.goto(ADDRESS)
    lines = page.locator("section", has=page.get_by_role("heading", name="Statement")).locator("li")
    expect(lines.first).to_be_visible(timeout=SECONDS)
    page.get_by_label("Kind").select_option("bonus")
    expect(lines).to_have_count(1, timeout=SECONDS)
