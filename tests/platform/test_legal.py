"""The terms and the privacy text: linked where one agrees to them, dated, in three languages."""

import json
from typing import Any

import pytest

from carehub.api import legal  # noqa: F401 -- registers what is read here
from carehub.api.seo import renderer_of
from carehub.components import navigation
from carehub.components.public import public_footer
from carehub.core.i18n import catalogue
from carehub.pages import public
from carehub.pages.public.sign_up import sign_up, sign_up_pro
from carehub.services.platform.legal import PRIVACY, TERMS, VERSION

ADDRESSES = ("/terms", "/privacy")


def drawn(tree: Any) -> str:
    return json.dumps(tree.render(), default=str, ensure_ascii=False)


@pytest.mark.parametrize("part", [sign_up, sign_up_pro, public_footer])
def test_both_are_linked_where_one_agrees_and_at_every_foot(part: Any) -> None:
    for one in public.PAGES:
        navigation.know(one)
    seen = drawn(part())
    assert [address for address in ADDRESSES if address not in seen] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_page_says_the_whole_text_and_its_date(address: str) -> None:
    page = next(one for one in public.PAGES if one.route == address)
    seen = drawn(page.component())
    sections = PRIVACY if address == "/privacy" else TERMS
    told = [text for section in sections for text in (section.title, *section.paragraphs)]
    assert [text for text in told if json.dumps(text, ensure_ascii=False)[1:-1] not in seen] == []
    assert VERSION in seen


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("locale", ["fr", "ar"])
def test_its_head_speaks_the_readers_language(address: str, locale: str) -> None:
    renderer = renderer_of(address)
    assert renderer is not None
    found, english = renderer(locale), renderer("en")
    assert found is not None
    assert english is not None
    assert found.title.removesuffix(" · CareHub") in catalogue(locale).values()
    assert found.description != english.description
