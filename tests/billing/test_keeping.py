"""What was issued stays as it was issued, on paper too: drawn once, kept, handed out to everybody the same."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import facturx
import psycopg
import pypdf
import pytest
from lxml import etree
from psycopg import errors
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from carehub.core import outbox
from carehub.core.actor import VISITOR, Actor
from carehub.core.db import perform, unit_of_work
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.integrations.storage import storage
from carehub.models.billing import BillingPaper
from carehub.services import billing
from carehub.services.billing import files, handlers, paper
from carehub.services.billing.errors import PaperLost
from carehub.services.billing.facturx import declared
from carehub.services.billing.tokens import pay_token
from tests.billing.factories import line, make_draft, make_house, make_issued

assert handlers
pytestmark = pytest.mark.usefixtures("db")


def papers_of(owner: Actor) -> list[BillingPaper]:
    with unit_of_work(owner, Role.APP) as session:
        return list(session.scalars(select(BillingPaper)))


def pdf(owner: Actor, document_id: UUID) -> bytes:
    return perform(files.document_pdf, owner, document_id=document_id).content


def otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on our template says something else."""
    told = paper.told_of

    def changed(*args: object, **kwargs: object) -> dict[str, object]:
        return {**told(*args, **kwargs), "note": "a later template"}  # type: ignore[arg-type]

    monkeypatch.setattr(paper, "told_of", changed)


def test_the_worker_draws_what_is_issued_and_repeats_nothing() -> None:
    owner = make_house()
    document_id = make_issued(owner)
    assert papers_of(owner) == []
    outbox.drain()
    (kept,) = papers_of(owner)
    again = outbox.Event(
        document_id, "billing.issued", owner.tenant_id, kept.made_at, {"document_id": str(document_id)}
    )
    with unit_of_work(owner, Role.APP) as session:
        for handler in outbox.HANDLERS["billing.issued"]:
            handler(session, again)
    assert [one.id for one in papers_of(owner)] == [kept.id]
    content = pdf(owner, document_id)
    assert (kept.sha256, kept.size) == (hashlib.sha256(content).hexdigest(), len(content))


def test_a_later_template_changes_no_issued_document(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make_house()
    document_id, draft = make_issued(owner), make_draft(owner)
    before, drafted = pdf(owner, document_id), pdf(owner, draft)
    otherwise(monkeypatch)
    assert pdf(owner, document_id) == before
    assert pdf(owner, draft) != drafted, "the change above changes nothing"
    by_link = perform(files.pdf_by_link, VISITOR, token=pay_token(UUID(str(owner.tenant_id)), document_id))
    assert by_link.content == before


def test_a_download_before_the_worker_keeps_it_too() -> None:
    """By its public link, as whoever received it."""
    owner = make_house()
    document_id = make_issued(owner)
    token = pay_token(UUID(str(owner.tenant_id)), document_id)
    first = perform(files.pdf_by_link, VISITOR, token=token).content
    outbox.drain()
    assert len(papers_of(owner)) == 1
    assert pdf(owner, document_id) == first


def test_many_at_once_draw_it_once() -> None:
    owner = make_house()
    document_id = make_issued(owner)
    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(lambda _: pdf(owner, document_id), range(6)))
    assert len(found) == len(papers_of(owner)) == 1


def test_its_bytes_lie_sealed_in_the_storage() -> None:
    owner = make_house()
    pdf(owner, make_issued(owner))
    (kept,) = papers_of(owner)
    assert kept.key.startswith(f"{owner.tenant_id}/")
    assert b"%PDF" not in storage().get(kept.key)


def test_a_lost_file_comes_back_only_as_the_very_same(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make_house()
    document_id = make_issued(owner)
    before = pdf(owner, document_id)
    storage().delete(papers_of(owner)[0].key)
    assert pdf(owner, document_id) == before
    otherwise(monkeypatch)
    with pytest.raises(PaperLost):
        pdf(owner, document_id)


def test_a_file_put_in_anothers_place_is_not_handed_out() -> None:
    owner = make_house()
    ids = [make_issued(owner), make_issued(owner, line("Autre", "70"))]
    before = [pdf(owner, one) for one in ids]
    keys = {one.document_id: one.key for one in papers_of(owner)}
    root = Path(settings.data_dir) / "files"
    (root / keys[ids[0]]).write_bytes((root / keys[ids[1]]).read_bytes())
    assert [pdf(owner, one) for one in ids] == before


def test_nobody_changes_or_takes_away_what_was_kept(db: psycopg.Connection) -> None:
    owner = make_house()
    pdf(owner, make_issued(owner))
    for statement in ("UPDATE billing_paper SET sha256 = ''", "DELETE FROM billing_paper"):
        with pytest.raises(ProgrammingError) as refused, unit_of_work(owner, Role.APP) as session:
            session.connection().exec_driver_sql(statement)
        assert isinstance(refused.value.orig, errors.InsufficientPrivilege)
    assert db.execute("SELECT count(*) FROM billing_paper WHERE tenant_id = %s", [owner.tenant_id]).fetchone() == (1,)


def test_metadata_are_appended_and_the_page_stays_as_drawn(caplog: pytest.LogCaptureFixture) -> None:
    """Factur-X wants its own schema in the metadata of the file (PDF/A-3)."""
    owner = make_house()
    content = pdf(owner, make_issued(owner))
    first = content[: content.index(b"%%EOF") + 5]
    assert declared(first) == declared(first + b"\n") == content
    read = pypdf.PdfReader(io.BytesIO(content), strict=True)
    assert read.pages[0].extract_text()
    told = read.xmp_metadata
    assert told is not None
    said = content[content.rindex(b"<?xpacket begin") :]
    for wanted in (b"<fx:ConformanceLevel>EN 16931<", b"<pdfaid:part>3<", b"<pdfaid:conformance>B<", b"prefix>fx<"):
        assert wanted in said
    assert read.trailer["/Root"]["/AF"][0]["/AFRelationship"] == "/Data"
    assert facturx.get_level(etree.fromstring(facturx.get_xml_from_pdf(content)[1])) == "en16931"
    assert "Xref" not in caplog.text, "readers must find the appended revision in order"


def test_a_draft_is_never_kept() -> None:
    owner = make_house()
    draft = make_draft(owner)
    pdf(owner, draft)
    assert papers_of(owner) == []
    perform(billing.issue, owner, document_id=draft)
    assert b"%PDF" in pdf(owner, draft)
    assert len(papers_of(owner)) == 1
