"""What pages carry over HTTP, without a browser: known routes, the tenant's look, real HTML for crawlers."""

import re

from carehub.api import shell
from carehub.api.seo import Document, fill
from carehub.services.identity.shell import TenantLook, initials

PAGE = '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body class="a"><div id="root"></div></body></html>'


def test_a_route_is_known_with_its_parameters_and_nothing_longer() -> None:
    shell.know_route("/t/[tenant]/p/[slug]")
    known = [pattern for pattern in shell._dynamic if "/p/" in pattern.pattern]
    assert any(pattern.match("/t/lyon/p/ines") for pattern in known)
    assert any(pattern.match("/t/lyon/p/ines/") for pattern in known)
    assert not any(pattern.match("/t/lyon/p/ines/more") for pattern in known)
    assert not any(pattern.match("/t/lyon/p/") for pattern in known)


def test_the_tenants_accent_and_words_stand_in_the_first_html() -> None:
    dressed = shell.dress(PAGE, TenantLook("Lyon", "#7a3fb0", {"client": 'a"><script>'}))
    assert '<html style="--accent:#7a3fb0" data-accent' in dressed
    assert "<script>" not in dressed


def test_a_document_fills_head_and_body_and_escapes_what_people_wrote() -> None:
    page = Document(
        title="Inès <b>",
        description='Psychologue "Lyon"',
        canonical="https://example.com/t/lyon",
        body_html="<h1>Inès</h1>",
        jsonld={"name": "</script><script>alert(1)</script>"},
    )
    filled = fill(PAGE, page)
    assert "<title data-ssr>Inès &lt;b&gt;</title>" in filled
    assert "&quot;Lyon&quot;" in filled
    assert '<body class="a"><div data-ssr class="page"><h1>Inès</h1></div>' in filled
    assert len(re.findall("</script>", filled)) == 1


def test_two_letters_stand_for_a_name() -> None:
    assert [initials(name) for name in ("Inès Belkacem", "Cabinet de la Croix-Rousse", "Sofia", "")] == [
        "IB",
        "CR",
        "SO",
        "",
    ]
