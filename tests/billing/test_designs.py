"""Each organisation chooses how its quotes and its invoices look; a sample shows it before anything is issued."""

import io
from uuid import UUID

import pypdf
import pytest
from pydantic import ValidationError

from carehub.core.actor import Actor
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotAllowed
from carehub.core.permissions import TenantRole
from carehub.core.roles import Role
from carehub.models.tenancy import Tenant
from carehub.services.billing import files, samples
from carehub.services.billing.paper import told_of
from carehub.services.tenancy import papers, settings
from carehub.services.tenancy.paper_forms import Layout, PaperColumn, PaperForm, PaperKind
from carehub.services.tenancy.papers import ColumnsNeeded
from carehub.services.tenancy.settings_forms import BrandForm
from tests import factories as make
from tests.billing.factories import line, make_draft, make_house, make_issued, row_of

pytestmark = pytest.mark.usefixtures("db")
BAND = PaperForm(
    layout=Layout.BAND, brand_colour=False, colour="#7a1f3d", head="Coach ICF", foot="Merci de votre confiance",
    columns=[PaperColumn.NUMBER, PaperColumn.QUANTITY, PaperColumn.PRICE, PaperColumn.VAT],
)  # fmt: skip


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def said(owner: Actor, document_id: UUID) -> dict[str, object]:
    with unit_of_work(owner, Role.APP) as session:
        return told_of(session, session.merge(row_of(owner, document_id)))


def test_a_chosen_design_counts_for_its_kind_only() -> None:
    """CD-072"""
    owner = make_house()
    perform(papers.save_paper, owner, kind=PaperKind.QUOTE, form=BAND)
    quote, invoice = said(owner, make_issued(owner, kind="quote")), said(owner, make_issued(owner))
    assert (quote["layout"], quote["head"], quote["accent"]) == ("band", "Coach ICF", "#7a1f3d")
    assert (invoice["layout"], invoice["head"], invoice["accent"]) == ("classic", "", "#0f6b5c")
    assert quote["foot"][-1] == "Merci de votre confiance"  # type: ignore[index]


def test_a_draft_follows_the_design_and_an_issued_one_keeps_its_own() -> None:
    owner = make_house()
    draft, issued = make_draft(owner), make_issued(owner)
    perform(papers.save_paper, owner, kind=PaperKind.INVOICE, form=BAND)
    assert said(owner, draft)["layout"] == "band"
    assert said(owner, issued)["layout"] == "classic", "drawn or not yet, what was issued looks as it did"


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("locale", ["fr", "ar"])
def test_every_design_draws_every_word(layout: Layout, locale: str) -> None:
    owner = make_house()
    form = BAND.model_copy(update={"layout": layout})
    for kind in PaperKind:
        perform(papers.save_paper, owner, kind=kind, form=form)
    content = perform(
        files.document_pdf, owner, document_id=make_issued(owner, line(discount="10"), locale=locale)
    ).content
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 1
    if locale == "fr":
        for wanted in ("Vertige Conseil", "Coach ICF", "Cabinet Delmas", "Atelier", "108,00", "10 %", "Merci de votre"):
            assert wanted in text_of(content).replace("\u202f", " ").replace("\xa0", " ")


def test_columns_that_were_not_chosen_do_not_stand_on_a_quote() -> None:
    owner = make_house()
    perform(papers.save_paper, owner, kind=PaperKind.QUOTE, form=PaperForm(columns=[PaperColumn.QUANTITY]))
    document_id = make_issued(owner, line(quantity="3", price="33.33"), kind="quote", locale="fr")
    said = text_of(perform(files.document_pdf, owner, document_id=document_id).content)
    assert "Quantité" in said
    assert "99,99" in said
    assert "33,33" not in said


def test_an_invoice_keeps_the_columns_that_the_law_wants() -> None:
    owner = make_house()
    with pytest.raises(ColumnsNeeded) as refused:
        perform(papers.save_paper, owner, kind=PaperKind.INVOICE, form=PaperForm(columns=[PaperColumn.QUANTITY]))
    assert refused.value.field == "columns"
    assert perform(papers.read_paper, owner, kind=PaperKind.INVOICE).columns == PaperForm().columns


def test_another_colour_begins_with_the_brands() -> None:
    owner = make_house()
    perform(settings.save_brand, owner, form=BrandForm(accent="#a8326b"))
    assert perform(papers.read_paper, owner, kind=PaperKind.QUOTE).colour == "#a8326b"


def test_a_sample_shows_what_is_typed_and_keeps_nothing() -> None:
    owner = make_house()
    for kind in PaperKind:
        picture = perform(samples.sample_page, owner, kind=kind, form=BAND, locale="fr")
        assert picture.startswith(b"\x89PNG")
        assert picture != perform(samples.sample_page, owner, kind=kind, form=PaperForm(), locale="fr")
        said = text_of(perform(samples.sample_pdf, owner, kind=kind, form=BAND, locale="fr"))
        assert "EXEMPLE" in said
        assert "Coach ICF" in said
    with unit_of_work(owner, Role.APP) as session:
        assert session.get_one(Tenant, owner.tenant_id).papers == {}
        assert session.connection().exec_driver_sql("SELECT count(*) FROM billing_document").scalar() == 0


def test_a_sample_of_money_without_decimals_or_with_three() -> None:
    for country, currency in (("TN", "TND"), ("MA", "MAD")):
        owner = make_house(country=country, currency=currency, locale="ar")
        assert perform(samples.sample_pdf, owner, kind=PaperKind.INVOICE, form=BAND, locale="ar").startswith(b"%PDF")


def test_a_colour_is_a_colour() -> None:
    with pytest.raises(ValidationError):
        PaperForm(colour="red")


def test_who_may_not_change_settings_changes_no_design() -> None:
    owner = make_house()
    with unit_of_work(owner, Role.APP) as session:
        tenant = session.get_one(Tenant, owner.tenant_id)
    desk = make.make_member(tenant, TenantRole.RECEPTIONIST)
    with pytest.raises(NotAllowed):
        perform(papers.save_paper, desk, kind=PaperKind.QUOTE, form=BAND)
