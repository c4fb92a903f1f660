"""Every text of the product exists in every language, with the same parameters."""

import pytest

from carehub.components.catalogues import misfilled, missing, used_texts
from carehub.core.i18n import catalogue, ngettext, pick_locale, translate

TRANSLATED = ("fr", "ar")


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_text_is_translated(locale: str) -> None:
    assert missing(locale) == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_translations_keep_their_parameters(locale: str) -> None:
    assert misfilled(locale) == []


def test_texts_are_found_wherever_they_are_written() -> None:
    used = used_texts()
    assert used["Nothing found"]  # _() in a component
    assert used["Sign in to continue"].endswith("errors.py")  # key of a refusal
    assert used["Search or act"].endswith(".jsx")  # t() in our own JSX
    assert used["{n} row"]  # ngettext


def test_plurals_follow_the_language() -> None:
    assert ngettext("{n} row", "{n} rows", 0, "fr") == "0 ligne"
    assert ngettext("{n} row", "{n} rows", 2, "ar") == "سطران"
    assert ngettext("{n} row", "{n} rows", 11, "ar") == "11 سطرًا"
    assert ngettext("{n} row", "{n} rows", 2, "en") == "2 rows"


def test_a_text_without_translation_stays_english() -> None:
    assert "no such text" not in catalogue("fr")
    assert translate("no such text", "fr") == "no such text"


def test_the_readers_own_choice_wins_over_the_browsers() -> None:
    assert pick_locale("fr-FR,fr;q=0.9", "ar") == "ar"
    assert pick_locale("de-DE,fr;q=0.9") == "fr"
    assert pick_locale("de-DE", "xx") == "en"
