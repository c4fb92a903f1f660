"""The payment file as a bank's own check reads it: pain.001.001.09 by schema. DI-096."""

from pathlib import Path

import pytest
from lxml import etree

from carehub.core.db import perform
from carehub.services import payouts
from carehub.services.payouts.filing import NAMESPACE
from tests.payouts.factories import make_house

SCHEMA = Path(__file__).with_name("pain_001_001_09.xsd")
OURS = "FR7630006000011234567890189"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(file=str(SCHEMA))


def made(**billing: str) -> etree._Element:
    house = make_house(
        currency="EUR", country="FR", time_zone="Europe/Paris", legal_name="Éditions Œil & Fils" * 5,
        billing={"iban": OURS, **billing},
    )  # fmt: skip
    house.approve_claims(tax="vat", bank="FR1420041010050500013M02606")
    house.earn(1000)
    house.earn_money(12_345, "EUR")
    batch = house.sent(house.ask())
    return etree.fromstring(perform(payouts.payment_file, house.owner, batch_id=batch, form="xml").content)


@pytest.mark.parametrize("billing", [{}, {"bic": "AGRIFRPP"}])
def test_a_payment_file_fits_the_schema(
    worker_database: str, broker: str, schema: etree.XMLSchema, billing: dict[str, str]
) -> None:
    schema.assertValid(made(**billing))


@pytest.mark.parametrize(
    ("path", "harm"),
    [
        ("GrpHdr/CtrlSum", "523.455"),
        ("PmtInf/DbtrAcct/Id/IBAN", "76FR"),
        ("PmtInf/CdtTrfTxInf/PmtId/EndToEndId", "x" * 36),
        ("PmtInf/CdtTrfTxInf/Cdtr/Nm", "x" * 71),
        ("PmtInf/ReqdExctnDt/Dt", "20261120"),
    ],
)
def test_the_schema_finds_what_a_bank_would_refuse(
    worker_database: str, broker: str, schema: etree.XMLSchema, path: str, harm: str
) -> None:
    file = made()
    found = file.find("p:CstmrCdtTrfInitn/p:" + path.replace("/", "/p:"), {"p": NAMESPACE})
    assert found is not None
    found.text = harm
    assert not schema.validate(file)
