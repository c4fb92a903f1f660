"""The PDF: in three languages, with the tenant's brand, and with the XML that the norm wants."""

import io
from decimal import Decimal
from uuid import UUID
from xml.etree.ElementTree import fromstring

import facturx
import psycopg
import pypdf
import pytest
from PIL import Image

from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.services import billing
from carehub.services.billing import files
from carehub.services.billing.facturx import xml_of
from carehub.services.billing.forms import Buyer
from carehub.services.tenancy.files import keep_image, set_logo
from tests.billing.factories import BUYER, accepted_quote, line, make_house, make_issued, row_of

pytestmark = pytest.mark.usefixtures("db")
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize(("locale", "title"), [("fr", "Facture"), ("en", "Invoice")])
def test_an_invoice_on_paper_says_all_in_its_language(locale: str, title: str) -> None:
    owner = make_house()
    document_id = make_issued(owner, line("Atelier d’équipe", "620", quantity="2"), locale=locale)
    said = text_of(perform(files.document_pdf, owner, document_id=document_id).content)
    for wanted in (title, "Vertige Conseil", "12 rue Mercière", "Cabinet Delmas", "Atelier d’équipe", "FR76 3000"):
        assert wanted in said
    assert ("1 488,00" if locale == "fr" else "1,488.00") in said.replace("\u202f", " ").replace("\xa0", " ")


def test_an_arabic_quote_is_made() -> None:
    owner = make_house(country="MA", currency="MAD", locale="ar", time_zone="Africa/Casablanca")
    document_id = make_issued(owner, line("جلسة متابعة", "400"), kind="quote", locale="ar", subject="متابعة")
    assert perform(files.document_pdf, owner, document_id=document_id).content.startswith(b"%PDF")


def test_the_same_document_is_the_same_file() -> None:
    owner = make_house(country="MA")
    document_id = make_issued(owner)
    assert len({perform(files.document_pdf, owner, document_id=document_id).content for _ in range(2)}) == 1


def test_a_french_invoice_carries_its_xml_as_the_norm_wants() -> None:
    """PDF/A-3 with Factur-X, checked against the schema of EN 16931."""
    owner = make_house()
    buyer = BUYER.model_copy(
        update={"business": True, "registration_number": "732829320", "vat_number": "FR44732829320"}
    )
    lines = (
        line(quantity="3", price="33.33"),
        line("Lecture", "50.01", rate="5.5"),
        line("Soin", "20", rate="0", category="exempt_care"),
    )
    document_id = make_issued(owner, *lines, discount=Decimal(5), buyer=buyer)
    content = perform(files.document_pdf, owner, document_id=document_id).content
    name, xml = facturx.get_xml_from_pdf(content, check_xsd=True)
    assert name == "factur-x.xml"
    root = fromstring(xml)
    grand = root.findtext(f".//{RAM}SpecifiedTradeSettlementHeaderMonetarySummation/{RAM}GrandTotalAmount")
    found = row_of(owner, document_id)
    assert Decimal(str(grand)) == Decimal(found.total_minor) / 100


@pytest.mark.parametrize("with_tax", [False, True])
def test_every_kind_of_invoice_fits_the_schema(with_tax: bool) -> None:
    owner = make_house()
    quote = accepted_quote(
        owner, line(price="99.99", quantity="3"), line("Lecture", "10", rate="5.5"), with_tax=with_tax
    )
    deposit = perform(billing.deposit_invoice, owner, document_id=quote, percent=Decimal(30))
    perform(billing.issue, owner, document_id=deposit)
    rest = perform(billing.final_invoice, owner, document_id=quote)
    perform(billing.issue, owner, document_id=rest)
    credit = perform(billing.credit_note, owner, document_id=rest)
    perform(billing.issue, owner, document_id=credit)
    for document_id, kind in ((deposit, "386"), (rest, "380"), (credit, "381")):
        xml = xml_of(row_of(owner, document_id))
        assert facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
        assert f"<ram:TypeCode>{kind}<".encode() in xml


@pytest.mark.parametrize("category", ["exempt_care", "small_business", "reverse_charge", "export"])
def test_an_untaxed_line_names_its_reason_in_the_xml(category: str) -> None:
    owner = make_house()
    xml = xml_of(row_of(owner, make_issued(owner, line(rate="0", category=category), buyer=Buyer(name="Karim"))))
    assert facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert b"ExemptionReason>" in xml


def test_the_pages_are_pictures(db: psycopg.Connection) -> None:
    owner = make_house()
    picture = perform(files.document_page, owner, document_id=make_issued(owner), page=1)
    assert picture.startswith(b"\x89PNG")
    with unit_of_work(owner, Role.APP) as session:
        assert session.info["tenant"] == str(owner.tenant_id)
    assert db.closed is False


def test_the_logo_stands_on_the_paper() -> None:
    """CD-075, CD-118"""
    owner = make_house()
    drawn = io.BytesIO()
    Image.new("RGB", (200, 80), "#2f4a8c").save(drawn, "PNG")
    kept = perform(keep_image, owner, content=drawn.getvalue())
    perform(set_logo, owner, file_id=UUID(kept.id))
    content = perform(files.document_pdf, owner, document_id=make_issued(owner)).content
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages[0].images) == 1
