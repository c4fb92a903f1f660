"""What stands out in the words of a page, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carehub.services.moderation.rules import find


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("Write to ines.b@example.com", "email"),
        ("ines (at) example (dot) com", "email"),
        ("Appelez le 06 12 34 56 78", "phone"),
        ("+216 20 123 456", "phone"),
        ("اتصل على ٠٦١٢٣٤٥٦٧٨", "phone"),
        ("voir www.mon-site.fr/rdv", "link"),
        ("réservez sur monsite.com", "link"),
        ("Guérison GARANTIE en trois séances", "word"),
        ("GUERISON garantie", "word"),
        ("A miracle cure for anxiety", "word"),
        ("شفاء مضمون في شهر", "word"),
    ],
)
def test_what_should_stand_elsewhere_or_nowhere_is_found(said: str, what: str) -> None:
    codes, digest = find({"biography": said})
    assert codes == [f"{what}:biography"]
    assert digest


@pytest.mark.parametrize(
    "said",
    [
        "Psychologue clinicienne depuis 2008, Paris 11e.",
        "Université de Tunis, 2004-2009, mention bien. Diplôme n° 10101010105",
        "I work with adults in French, Arabic and English. Sessions last 50 min.",
        "معالجة نفسية في تونس منذ ٢٠١٠",
        "",
    ],
)
def test_an_ordinary_text_is_left_alone(said: str) -> None:
    assert find({"biography": said}) == ([], "")


def test_the_same_findings_have_the_same_digest_whatever_else_is_written() -> None:
    _, first = find({"biography": "Bonjour. a@example.com"})
    assert find({"biography": "Bonsoir ! a@example.com, à bientôt", "approach": "calme"})[1] == first
    assert find({"biography": "Bonjour. b@example.com"})[1] != first
    assert find({"approach": "Bonjour. a@example.com"})[1] != first


@given(st.dictionaries(st.sampled_from(["biography", "approach"]), st.text(max_size=200)))
def test_any_text_is_read(parts: dict[str, str]) -> None:
    codes, digest = find(parts)
    assert bool(codes) == bool(digest)
    assert {one.partition(":")[2] for one in codes} <= parts.keys()
