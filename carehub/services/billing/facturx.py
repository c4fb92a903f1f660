"""The invoice for machines: Factur-X, a PDF/A-3 that carries the same invoice as Cross Industry Invoice XML (profile EN 16931)."""

import re
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import facturx

from carehub.core.i18n import translate
from carehub.core.money import digits
from carehub.models.billing import BillingDocument, DocumentKind
from carehub.services.billing.content import buyer_of, totals_of
from carehub.services.billing.forms import Buyer
from carehub.services.billing.law import CODES, Category, reason
from carehub.services.billing.rules import Tax, Totals

_NS = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
TYPES = {DocumentKind.INVOICE: "380", DocumentKind.CREDIT_NOTE: "381", DocumentKind.DEPOSIT: "386"}
LEVEL = "en16931"
PROFILE = "urn:cen.eu:en16931:2017"
PIECES = "C62"  # UN/ECE recommendation 20: one
TRANSFER = "58"  # UNTDID 4461: SEPA credit transfer
SIREN = "0002"  # ISO 6523: the French register

_METADATA = re.compile(rb"/Metadata (\d+) 0 R")
_TRAILER = re.compile(rb"trailer\s*<<(.*)>>\s*startxref\s+(\d+)\s+%%EOF", re.DOTALL)
_URN = b"urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_PROPERTIES = {
    "DocumentFileName": "The name of the embedded XML document",
    "DocumentType": "The type of the hybrid document in capital letters",
    "Version": "The version of the standard that the XML document follows",
    "ConformanceLevel": "The conformance level of the XML document",
}
_SCHEMA = (  # PDF/A wants every schema of its metadata described
    b'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
    b"<pdfaSchema:namespaceURI>%s</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
    b"<pdfaSchema:property><rdf:Seq>%s</rdf:Seq></pdfaSchema:property></rdf:li>"
) % (
    _URN,
    b"".join(
        b'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>%s</pdfaProperty:name>'
        b"<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        b"<pdfaProperty:description>%s</pdfaProperty:description></rdf:li>" % (name.encode(), about.encode())
        for name, about in _PROPERTIES.items()
    ),
)
_SAID = (
    b'<rdf:Description rdf:about="" xmlns:fx="%s"><fx:DocumentType>INVOICE</fx:DocumentType>'
    b"<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName><fx:Version>1.0</fx:Version>"
    b"<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>" % _URN
)


def carries(document: BillingDocument) -> bool:
    """Whether the law of its issuer knows this form: invoices of French organisations."""
    return document.number is not None and document.kind in TYPES and document.seller.get("country") == "FR"


def checked_xml(document: BillingDocument) -> str:
    """The document as CII, checked against the norm's schema. Raises what the schema refuses: a fault of ours."""
    made = xml_of(document)
    facturx.xml_check_xsd(made, flavor="factur-x", level=LEVEL)
    return made.decode()


def declared(pdf: bytes) -> bytes:
    """The PDF/A-3 that carries the XML, with metadata that say so: one more revision is appended and nothing before it changes.

    Typst writes the attachment itself but knows no metadata of others' schemas; to read and write the whole file again for them
    would take three times as long as to draw it.
    """
    found = _METADATA.search(pdf, pdf.rindex(b"/Type/Catalog"))
    trailer = _TRAILER.search(pdf, pdf.rindex(b"trailer"))
    if found is None or trailer is None:
        raise ValueError("this PDF is not as Typst writes it")
    at = pdf.rindex(b"\n%s 0 obj" % found[1])
    packet = pdf[pdf.index(b"<?xpacket", at) : pdf.index(b"endstream", at)].rstrip()
    told = packet.replace(b"</rdf:Bag></pdfaExtension:schemas>", _SCHEMA + b"</rdf:Bag></pdfaExtension:schemas>", 1)
    told = told.replace(b"</rdf:RDF>", _SAID + b"</rdf:RDF>", 1)
    if _SCHEMA not in told or _SAID not in told:
        raise ValueError("these metadata are not as Typst writes them")
    base = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    head = b"%s 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n" % (found[1], len(told))
    body = head + told + b"\nendstream\nendobj\n"
    table = b"xref\n0 1\n0000000000 65535 f \n%s 1\n%010d 00000 n \n" % (found[1], len(base))
    back = b"trailer\n<<%s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer[1], trailer[2], len(base) + len(body))
    return base + body + table + back


def xml_of(document: BillingDocument) -> bytes:
    """An issued document as CII."""
    amounts, buyer = totals_of(document), buyer_of(document)
    root = Element("rsm:CrossIndustryInvoice", {f"xmlns:{name}": uri for name, uri in _NS.items()})
    context = SubElement(root, "rsm:ExchangedDocumentContext")
    _text(SubElement(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", PROFILE)
    head = SubElement(root, "rsm:ExchangedDocument")
    _text(head, "ram:ID", document.number)
    _text(head, "ram:TypeCode", TYPES[DocumentKind(document.kind)])
    _day(head, "ram:IssueDateTime", document.issued_on)
    for said in (document.note, *document.mentions):
        if said:
            _text(SubElement(head, "ram:IncludedNote"), "ram:Content", said)
    trade = SubElement(root, "rsm:SupplyChainTradeTransaction")
    for n, (kept, net) in enumerate(zip(document.lines, amounts.nets, strict=True), start=1):
        _line(trade, n, kept, net, document.currency)
    agreement = SubElement(trade, "ram:ApplicableHeaderTradeAgreement")
    _seller(agreement, document.seller)
    _buyer(agreement, buyer)
    delivery = SubElement(trade, "ram:ApplicableHeaderTradeDelivery")
    if document.supplied_on:
        _day(SubElement(delivery, "ram:ActualDeliverySupplyChainEvent"), "ram:OccurrenceDateTime", document.supplied_on)
    _settlement(trade, document, amounts)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _text(parent: Element, name: str, value: object, **attributes: str) -> Element:
    made = SubElement(parent, name, attributes)
    made.text = str(value)
    return made


def _day(parent: Element, name: str, day: Any, kind: str = "udt") -> None:
    _text(SubElement(parent, name), f"{kind}:DateTimeString", f"{day:%Y%m%d}", format="102")


def _major(minor: int, currency: str) -> str:
    return f"{Decimal(minor).scaleb(-digits(currency)):f}"


def _line(trade: Element, n: int, kept: dict[str, Any], net: int, currency: str) -> None:
    item = SubElement(trade, "ram:IncludedSupplyChainTradeLineItem")
    _text(SubElement(item, "ram:AssociatedDocumentLineDocument"), "ram:LineID", n)
    product = SubElement(item, "ram:SpecifiedTradeProduct")
    _text(product, "ram:Name", kept["description"])
    if kept["detail"]:
        _text(product, "ram:Description", kept["detail"])
    quantity = Decimal(kept["quantity"])
    each = (Decimal(net) / quantity if quantity else Decimal(0)).scaleb(-digits(currency))
    price = SubElement(SubElement(item, "ram:SpecifiedLineTradeAgreement"), "ram:NetPriceProductTradePrice")
    _text(price, "ram:ChargeAmount", f"{each:.6f}")
    _text(SubElement(item, "ram:SpecifiedLineTradeDelivery"), "ram:BilledQuantity", kept["quantity"], unitCode=PIECES)
    settlement = SubElement(item, "ram:SpecifiedLineTradeSettlement")
    tax = SubElement(settlement, "ram:ApplicableTradeTax")
    _text(tax, "ram:TypeCode", "VAT")
    _text(tax, "ram:CategoryCode", CODES[Category(kept["category"])][0])
    _text(tax, "ram:RateApplicablePercent", kept["rate"])
    total = SubElement(settlement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    _text(total, "ram:LineTotalAmount", _major(net, currency))


def _seller(agreement: Element, seller: dict[str, Any]) -> None:
    party = SubElement(agreement, "ram:SellerTradeParty")
    _text(party, "ram:Name", seller["legal_name"] or seller["name"])
    if seller["registration_number"]:
        legal = SubElement(party, "ram:SpecifiedLegalOrganization")
        _text(legal, "ram:ID", seller["registration_number"][:9], schemeID=SIREN)
    _address(party, seller["postcode"], seller["address"], seller["city"], seller["country"])
    if seller["email"]:
        reach = SubElement(party, "ram:URIUniversalCommunication")
        _text(reach, "ram:URIID", seller["email"], schemeID="EM")
    if seller["vat_number"]:
        _text(SubElement(party, "ram:SpecifiedTaxRegistration"), "ram:ID", seller["vat_number"], schemeID="VA")
    elif seller["registration_number"]:
        _text(SubElement(party, "ram:SpecifiedTaxRegistration"), "ram:ID", seller["registration_number"], schemeID="FC")


def _buyer(agreement: Element, buyer: Buyer) -> None:
    party = SubElement(agreement, "ram:BuyerTradeParty")
    _text(party, "ram:Name", buyer.name)
    if buyer.business and buyer.registration_number:
        legal = SubElement(party, "ram:SpecifiedLegalOrganization")
        scheme = {"schemeID": SIREN} if buyer.country == "FR" else {}
        _text(legal, "ram:ID", buyer.registration_number, **scheme)
    _address(party, buyer.postcode, buyer.address, buyer.city, buyer.country.value)
    if buyer.business and buyer.vat_number:
        _text(SubElement(party, "ram:SpecifiedTaxRegistration"), "ram:ID", buyer.vat_number, schemeID="VA")


def _address(party: Element, postcode: str, street: str, city: str, country: str) -> None:
    place = SubElement(party, "ram:PostalTradeAddress")
    for name, value in (("PostcodeCode", postcode), ("LineOne", street), ("CityName", city), ("CountryID", country)):
        if value:
            _text(place, f"ram:{name}", value)


def _settlement(trade: Element, document: BillingDocument, amounts: Totals) -> None:
    currency = document.currency
    made = SubElement(trade, "ram:ApplicableHeaderTradeSettlement")
    _text(made, "ram:PaymentReference", document.number)
    _text(made, "ram:InvoiceCurrencyCode", currency)
    if document.seller["iban"] and document.kind != DocumentKind.CREDIT_NOTE:
        means = SubElement(made, "ram:SpecifiedTradeSettlementPaymentMeans")
        _text(means, "ram:TypeCode", TRANSFER)
        _text(SubElement(means, "ram:PayeePartyCreditorFinancialAccount"), "ram:IBANID", document.seller["iban"])
        if document.seller["bic"]:
            bank = SubElement(means, "ram:PayeeSpecifiedCreditorFinancialInstitution")
            _text(bank, "ram:BICID", document.seller["bic"])
    for one in amounts.taxes:
        _tax(made, one, document)
    for one, off in _discounts(document, amounts):
        allowance = SubElement(made, "ram:SpecifiedTradeAllowanceCharge")
        _text(SubElement(allowance, "ram:ChargeIndicator"), "udt:Indicator", "false")
        _text(allowance, "ram:ActualAmount", _major(off, currency))
        _text(allowance, "ram:ReasonCode", "95")
        tax = SubElement(allowance, "ram:CategoryTradeTax")
        _text(tax, "ram:TypeCode", "VAT")
        _text(tax, "ram:CategoryCode", CODES[one.category][0])
        _text(tax, "ram:RateApplicablePercent", f"{one.rate:f}")
    if document.due_on:
        _day(SubElement(made, "ram:SpecifiedTradePaymentTerms"), "ram:DueDateDateTime", document.due_on)
    _sums(made, document, amounts)


def _tax(made: Element, one: Tax, document: BillingDocument) -> None:
    code, exempt = CODES[one.category]
    tax = SubElement(made, "ram:ApplicableTradeTax")
    _text(tax, "ram:CalculatedAmount", _major(one.tax, document.currency))
    _text(tax, "ram:TypeCode", "VAT")
    why = reason(document.seller["country"], one.category)
    if why:
        _text(tax, "ram:ExemptionReason", translate(why, document.locale))
    _text(tax, "ram:BasisAmount", _major(one.base, document.currency))
    _text(tax, "ram:CategoryCode", code)
    if exempt:
        _text(tax, "ram:ExemptionReasonCode", exempt)
    _text(tax, "ram:RateApplicablePercent", f"{one.rate:f}")


def _discounts(document: BillingDocument, amounts: Totals) -> list[tuple[Tax, int]]:
    """What the discount on the whole takes off each rate's base."""
    found = []
    for one in amounts.taxes:
        key = (one.category.value, one.rate)
        nets = sum(
            net
            for kept, net in zip(document.lines, amounts.nets, strict=True)
            if (kept["category"], Decimal(kept["rate"])) == key
        )
        if nets != one.base:
            found.append((one, nets - one.base))
    return found


def _sums(made: Element, document: BillingDocument, amounts: Totals) -> None:
    currency = document.currency
    total = SubElement(made, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    _text(total, "ram:LineTotalAmount", _major(sum(amounts.nets), currency))
    if amounts.off:
        _text(total, "ram:AllowanceTotalAmount", _major(amounts.off, currency))
    _text(total, "ram:TaxBasisTotalAmount", _major(amounts.net, currency))
    _text(total, "ram:TaxTotalAmount", _major(amounts.tax, currency), currencyID=currency)
    _text(total, "ram:GrandTotalAmount", _major(amounts.total, currency))
    if document.deducted:
        _text(total, "ram:TotalPrepaidAmount", _major(amounts.total - document.due_minor, currency))
    _text(total, "ram:DuePayableAmount", _major(document.due_minor, currency))
