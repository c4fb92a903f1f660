"""The front door: figures of this moment, the way in, and nothing invented."""

import json
from typing import Any

from carehub.components import navigation
from carehub.core.actor import VISITOR
from carehub.core.db import perform
from carehub.pages import public
from carehub.pages.public import landing as page
from carehub.services import directory
from carehub.services.directory.views import Landing
from tests.directory.conftest import Publish


def shown() -> Landing:
    return perform(directory.landing, VISITOR)


def drawn() -> str:
    for one in public.PAGES:
        navigation.know(one)
    tree: Any = page.landing().render()
    return json.dumps(tree, default=str, ensure_ascii=False)


def test_only_what_is_published_is_counted(publish: Publish) -> None:
    before = shown().published
    one = publish()
    assert shown().published == before + 1
    one.change(visibility="hidden")
    assert shown().published == before


def test_a_city_with_free_hours_is_drawn_with_links_into_the_booking(publish: Publish) -> None:
    publish()
    found = shown()
    assert found.board
    assert all(block.href.startswith("/t/") for row in found.board for block in row.blocks)


def test_visitors_and_professionals_find_their_way_in() -> None:
    seen = drawn()
    for address in ("/search", "/search?when=today", "/sign-up/pro"):
        assert address in seen, address


def test_it_says_what_it_is_for_how_it_works_and_what_sets_it_apart() -> None:
    seen = drawn()
    told = (
        "finding help takes minutes",
        *(text for step in page.STEPS for text in step),
        *(p for _, p in page.PRO_POINTS),
    )
    assert [text for text in told if text not in seen] == []
