"""What leaves for the bank and for the tax office: a SEPA credit transfer (pain.001.001.09), a CSV, a year's summary."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import decrypt
from carehub.core.errors import NotFound
from carehub.core.money import digits
from carehub.core.verbs import verb
from carehub.services.identity.step_up import check_recent_proof
from carehub.services.payouts.approving import MANAGE
from carehub.services.payouts.asking import IBAN
from carehub.services.payouts.earnings import OWN, own_practitioner
from carehub.services.payouts.errors import NoAccountOfOurs, NotByTransfer
from carehub.services.payouts.reading import IN_BATCH, read_terms
from carehub.services.payouts.views import PaymentFile, YearLine
from carehub.services.tenancy.settings_forms import BillingForm

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_BATCH = text("""
    SELECT b.*, coalesce(nullif(t.legal_name, ''), t.name) AS payer, t.billing FROM payout_batch b JOIN tenant t ON t.id = b.tenant_id
    WHERE b.tenant_id = :tenant AND b.id = :id""")


def decimal_text(minor: int, currency: str) -> str:
    return f"{Decimal(minor).scaleb(-digits(currency)):f}"


def _latin(value: str, most: int) -> str:
    """The letters that a bank takes: SEPA's own set, without accents."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    kept = "".join(one if one.isalnum() or one in " /-?:().,'+" else " " for one in plain)
    return " ".join(kept.split())[:most] or "NOTPROVIDED"


@verb(MANAGE)
def payment_file(session: Session, actor: Actor, *, batch_id: UUID, form: str) -> PaymentFile:
    """A batch as its bank reads it: `form` is "xml" (SEPA, euros only) or "csv". Holds account numbers: asks for a recent proof.

    Raises ProofNeeded, NotFound, NoAccountOfOurs, NotByTransfer.
    """
    check_recent_proof(session, actor)
    batch = session.execute(_BATCH, {"tenant": actor.tenant_id, "id": batch_id}).one_or_none()
    if batch is None or form not in ("xml", "csv"):
        raise NotFound
    rows = session.execute(IN_BATCH, {"tenant": actor.tenant_id, "batch": batch_id}).all()
    if form == "csv":
        return PaymentFile(f"{batch.number}.csv", _csv(rows), "text/csv; charset=utf-8")
    billing = BillingForm.model_validate(batch.billing or {})
    if not billing.iban:
        raise NoAccountOfOurs
    if batch.currency != "EUR":
        raise NotByTransfer
    return PaymentFile(f"{batch.number}.xml", _pain(batch, rows, billing), "application/xml")


def _iban(row: Row[Any]) -> str:
    return "".join(decrypt(row.tenant_id, IBAN, row.iban).split()).upper()


def _csv(rows: Sequence[Row[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["number", "holder", "iban", "amount", "currency", "gross", "vat", "withheld"])
    for row in rows:
        amounts = (row.gross_minor, row.vat_minor, row.withheld_minor)
        holder = "'" + row.holder if row.holder[:1] in "=+-@" else row.holder  # no spreadsheet runs a name
        writer.writerow(
            [row.number, holder, _iban(row), decimal_text(row.net_minor, row.currency), row.currency,
             *(decimal_text(one, row.currency) for one in amounts)]
        )  # fmt: skip
    return out.getvalue().encode()


def _put(parent: ET.Element, path: str, value: str = "") -> ET.Element:
    """Nested elements of one path, the last one with its text."""
    for name in path.split("/"):
        parent = ET.SubElement(parent, name)
    if value:
        parent.text = value
    return parent


def _pain(batch: Row[Any], rows: Sequence[Row[Any]], billing: BillingForm) -> bytes:
    paid = [row for row in rows if row.net_minor > 0]
    count, total = str(len(paid)), decimal_text(sum(row.net_minor for row in paid), batch.currency)
    document = ET.Element("Document", {"xmlns": NAMESPACE})
    root = _put(document, "CstmrCdtTrfInitn")
    header = _put(root, "GrpHdr")
    _put(header, "MsgId", f"{batch.number}-{batch.id.hex[:12]}")
    _put(header, "CreDtTm", batch.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    _put(header, "NbOfTxs", count)
    _put(header, "CtrlSum", total)
    _put(header, "InitgPty/Nm", _latin(batch.payer, 70))
    info = _put(root, "PmtInf")
    _put(info, "PmtInfId", batch.number)
    _put(info, "PmtMtd", "TRF")
    _put(info, "NbOfTxs", count)
    _put(info, "CtrlSum", total)
    _put(info, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _put(info, "ReqdExctnDt/Dt", batch.pay_on.isoformat())
    _put(info, "Dbtr/Nm", _latin(batch.payer, 70))
    _put(info, "DbtrAcct/Id/IBAN", "".join(billing.iban.split()))
    agent = _put(info, "DbtrAgt/FinInstnId")
    if billing.bic:
        _put(agent, "BICFI", billing.bic)
    else:
        _put(agent, "Othr/Id", "NOTPROVIDED")
    _put(info, "ChrgBr", "SLEV")
    for row in paid:
        _transfer(info, row)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + bytes(ET.tostring(document, encoding="utf-8"))


def _transfer(info: ET.Element, row: Row[Any]) -> None:
    one = _put(info, "CdtTrfTxInf")
    _put(one, "PmtId/EndToEndId", row.number)
    amount = _put(one, "Amt/InstdAmt", decimal_text(row.net_minor, row.currency))
    amount.set("Ccy", row.currency)
    _put(one, "Cdtr/Nm", _latin(row.holder, 70))
    _put(one, "CdtrAcct/Id/IBAN", _iban(row))
    _put(one, "RmtInf/Ustrd", _latin(row.number, 140))


_YEAR = text("""
    SELECT concat_ws(' ', p.given_name, p.family_name) AS practitioner, o.currency, count(*) AS number, sum(o.gross_minor) AS gross,
           sum(o.vat_minor) AS vat, sum(o.withheld_minor) AS withheld, sum(o.net_minor) AS net
    FROM payout o JOIN practitioner p ON p.tenant_id = o.tenant_id AND p.id = o.practitioner_id
    WHERE o.tenant_id = :tenant AND o.state = 'paid' AND o.paid_at >= :since AND o.paid_at < :until
      AND (cast(:practitioner AS uuid) IS NULL OR o.practitioner_id = cast(:practitioner AS uuid))
    GROUP BY p.id, p.given_name, p.family_name, o.currency ORDER BY p.family_name, p.given_name, o.currency""")


def _year(session: Session, actor: Actor, year: int, practitioner_id: UUID | None) -> list[YearLine]:
    zone = read_terms(session, actor).zone
    if not 2000 <= year <= 9000:
        raise NotFound
    since, until = (clock.from_local(datetime.combine(date(one, 1, 1), time.min), zone) for one in (year, year + 1))
    values = {"tenant": actor.tenant_id, "practitioner": practitioner_id, "since": since, "until": until}
    rows = session.execute(_YEAR, values)
    return [
        YearLine(row.practitioner, row.currency, row.number, int(row.gross), int(row.vat), int(row.withheld), int(row.net))
        for row in rows
    ]  # fmt: skip


@verb(MANAGE)
def year_summary(session: Session, actor: Actor, *, year: int) -> list[YearLine]:
    """What each practitioner was paid in a year, with VAT and what was withheld: one line a currency."""
    return _year(session, actor, year, None)


@verb(OWN)
def my_year(session: Session, actor: Actor, *, year: int) -> list[YearLine]:
    """The member's own line of it. Raises NotFound."""
    return _year(session, actor, year, own_practitioner(actor))


def year_csv(lines: Sequence[YearLine], year: int) -> PaymentFile:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["year", "practitioner", "currency", "payouts", "gross", "vat", "withheld", "net"])
    for one in lines:
        amounts = (one.gross_minor, one.vat_minor, one.withheld_minor, one.net_minor)
        name = "'" + one.practitioner if one.practitioner[:1] in "=+-@" else one.practitioner
        writer.writerow([year, name, one.currency, one.count, *(decimal_text(part, one.currency) for part in amounts)])
    return PaymentFile(f"payouts-{year}.csv", out.getvalue().encode(), "text/csv; charset=utf-8")
