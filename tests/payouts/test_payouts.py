"""From a share that was earned to money on an account: conditions, two people, files, what comes back."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from carehub.core import clock
from carehub.core.actor import system
from carehub.core.crypto import encrypt
from carehub.core.db import perform, unit_of_work
from carehub.core.errors import NotAllowed, NotFound
from carehub.core.roles import Role
from carehub.models.booking import Appointment, Patient
from carehub.models.ledger import AccountKind
from carehub.models.payouts import TaxKind
from carehub.models.verification import Verification
from carehub.services import payouts
from carehub.services.identity.errors import ProofNeeded
from carehub.services.ledger import writing
from carehub.services.ledger.errors import ReasonMissing
from carehub.services.payouts.errors import (
    BankNeeded,
    IdentityNeeded,
    NoAccountOfOurs,
    NotByTransfer,
    NothingChosen,
    OwnPayout,
    RateInvalid,
    SecondNeeded,
    TaxNeeded,
    TooLittle,
    TooMuch,
    WrongStep,
)
from carehub.services.payouts.filing import NAMESPACE
from carehub.services.verification.badge import NUMBER
from tests import factories as make
from tests.payouts.factories import IBAN, House, make_house

NS = {"p": NAMESPACE}


@pytest.fixture
def house(worker_database: str, broker: str) -> House:
    made = make_house()
    made.approve_claims()
    return made


def test_the_example_of_the_page(house: House) -> None:
    """3,210 coins at 500 millimes: docs/taxes.md."""
    house.earn(3210)
    seen = house.earnings()
    assert (seen.available_minor, seen.withheld_minor, seen.net_minor) == (1_284_000, 161_849, 1_122_151)
    assert seen.vat_minor == 205_008
    found = house.read(house.ask())
    assert (found.number[:2], found.gross_minor, found.net_minor, found.coins) == ("V-", 1_284_000, 1_122_151, 2568)
    assert (found.vat_points, found.withholding_points, found.iban_hint) == (1900, 1500, IBAN[-4:])
    after = house.earnings()
    assert (after.available_minor, after.on_its_way_minor) == (0, 1_284_000)
    assert [one.number for one in after.payouts] == [found.number]
    assert house.drift() == []


def test_earnings_wait_some_days(house: House) -> None:
    house.earn(1000, days_ago=1)
    seen = house.earnings()
    assert (seen.available_minor, seen.maturing_minor, seen.days) == (0, 400_000, 3)
    with pytest.raises(TooMuch):
        house.ask(100_000)
    with clock.travel(clock.now() + timedelta(days=3)):
        assert house.earnings().available_minor == 400_000


def test_who_is_not_checked_is_not_paid(worker_database: str, broker: str) -> None:
    house = make_house()
    house.earn(1000)
    for refusal, kind, number in (
        (IdentityNeeded, "identity", ""),
        (BankNeeded, "bank", IBAN),
        (TaxNeeded, "tax", "vat"),
    ):
        with pytest.raises(refusal):
            house.ask()
        _claim(house, kind, number)
    assert house.read(house.ask()).withheld_minor == 0


def _claim(house: House, kind: str, number: str) -> None:
    sealed = encrypt(house.tenant.id, NUMBER, number) if number else None
    make.save(
        house.tenant.id,
        Verification(
            tenant_id=house.tenant.id, practitioner_id=house.expert.id, kind=kind, status="approved", approved=True,
            number=sealed, decided_at=clock.now() - timedelta(days=30),
        ),
    )  # fmt: skip


def test_a_bank_account_that_was_sent_anew_is_not_paid_to_before_it_is_checked(house: House) -> None:
    house.earn(1000)
    house.change_claim("bank", status="submitted")
    with pytest.raises(BankNeeded):
        house.ask()


def test_a_status_that_has_ended_is_none(house: House) -> None:
    house.earn(1000)
    house.change_claim("tax", expires_on=clock.now().date() - timedelta(days=1))
    with pytest.raises(TaxNeeded):
        house.ask()


def test_too_little_and_too_much_are_refused_at_the_amount(house: House) -> None:
    house.earn(1000)
    for amount, refusal in ((49_999, TooLittle), (400_001, TooMuch), (-1, TooLittle), (0, TooLittle)):
        with pytest.raises(refusal) as refused:
            house.ask(amount)
        assert refused.value.field == "amount"


def test_part_of_it_may_be_asked(house: House) -> None:
    house.earn(1000)
    house.earn_money(30_000)
    house.ask(100_000)
    assert house.earnings().available_minor == 330_000
    assert house.drift() == []


def test_money_needs_a_recent_proof(house: House) -> None:
    house.earn(1000)
    asked = house.ask()
    with clock.travel(clock.now() + timedelta(minutes=11)):
        with pytest.raises(ProofNeeded):
            perform(payouts.approve, house.owner, payout_id=asked)
        with pytest.raises(ProofNeeded):
            house.ask()


def test_nobody_approves_their_own(house: House) -> None:
    house.earn(1000)
    asked = house.ask()
    with pytest.raises(NotAllowed):
        perform(payouts.approve, house.own, payout_id=asked)
    able = replace(house.own, permissions=house.owner.permissions)
    with pytest.raises(OwnPayout):
        perform(payouts.approve, able, payout_id=asked)


def test_much_money_needs_two_people(house: House) -> None:
    house.earn(6000)
    asked = house.ask()
    assert house.read(asked).two_people
    assert perform(payouts.approve, house.owner, payout_id=asked) == "second"
    with pytest.raises(SecondNeeded):
        perform(payouts.approve, house.owner, payout_id=asked)
    assert perform(payouts.approve, house.other, payout_id=asked) == "approved"


def test_a_new_bank_account_needs_two_people(house: House) -> None:
    house.earn(1000)
    house.change_claim("bank", decided_at=clock.now() - timedelta(days=1))
    assert house.read(house.ask()).two_people


def test_a_refusal_gives_the_amount_back_with_a_reason(house: House) -> None:
    house.earn(1000)
    asked = house.ask()
    with pytest.raises(ReasonMissing):
        perform(payouts.refuse, house.owner, payout_id=asked, reason=" ")
    perform(payouts.refuse, house.owner, payout_id=asked, reason="two calls are disputed")
    assert house.read(asked).state == "refused"
    assert house.earnings().available_minor == 400_000
    with pytest.raises(WrongStep):
        perform(payouts.refuse, house.owner, payout_id=asked, reason="again")
    assert house.drift() == []


def test_paid_coins_are_gone_and_what_was_withheld_waits_for_the_state(house: House) -> None:
    house.earn(3210)
    asked = house.ask()
    house.sent(asked)
    perform(payouts.mark_paid, house.owner, payout_id=asked)
    assert house.balance(house.tenant.id, "tax", "TND") == 161_849
    assert house.balance(house.expert.id, "payout") == 0
    # of 3,210 coins those of the organisation's share still exist
    assert house.balance(house.tenant.id, "issued") == -642
    assert house.drift() == []
    with pytest.raises(WrongStep):
        perform(payouts.mark_paid, house.owner, payout_id=asked)


def test_what_the_bank_did_not_take_is_available_again(house: House) -> None:
    house.earn(1000)
    asked = house.ask()
    house.sent(asked)
    perform(payouts.mark_failed, house.owner, payout_id=asked, reason="account closed")
    assert house.earnings().available_minor == 400_000
    assert house.drift() == []


def test_what_came_back_is_available_again_and_nothing_is_withheld(house: House) -> None:
    house.earn(1000)
    house.earn_money(50_000)
    asked = house.ask()
    house.sent(asked)
    perform(payouts.mark_paid, house.owner, payout_id=asked)
    perform(payouts.mark_returned, house.owner, payout_id=asked, reason="wrong name")
    assert house.earnings().available_minor == 450_000
    assert house.balance(house.tenant.id, "tax", "TND") == 0
    assert house.drift() == []
    again = house.ask()
    assert house.read(again).gross_minor == 450_000


def test_a_payout_is_in_one_batch(house: House) -> None:
    house.earn(1000)
    asked = house.ask()
    with pytest.raises(WrongStep):
        perform(payouts.make_batch, house.owner, payout_ids=[asked])
    house.sent(asked)
    with pytest.raises(WrongStep):
        perform(payouts.make_batch, house.owner, payout_ids=[asked])
    with pytest.raises(NothingChosen):
        perform(payouts.make_batch, house.owner, payout_ids=[])


def test_two_devices_ask_for_one_amount_once(house: House) -> None:
    house.earn(1000)
    start = Barrier(6)

    def once(_: int) -> bool:
        start.wait()
        try:
            house.ask()
        except (TooLittle, TooMuch):
            return False
        return True

    with ThreadPoolExecutor(6) as crowd:
        assert sum(crowd.map(once, range(6))) == 1
    assert house.balance(house.expert.id, "payable") == 0
    assert house.drift() == []


def test_two_people_answer_at_once_one_wins(house: House) -> None:
    house.earn(1000)
    asked = house.ask()
    start = Barrier(2)

    def answer(approve: bool) -> bool:
        start.wait()
        try:
            if approve:
                perform(payouts.approve, house.owner, payout_id=asked)
            else:
                perform(payouts.refuse, house.other, payout_id=asked, reason="no")
        except WrongStep:
            return False
        return True

    with ThreadPoolExecutor(2) as crowd:
        list(crowd.map(answer, (True, False)))
    assert house.read(asked).state == "refused"  # an approved one can still be refused, a refused one not approved
    assert house.drift() == []


def test_a_csv_for_the_bank(house: House) -> None:
    house.earn(3210)
    asked = house.ask()
    batch = house.sent(asked)
    found = perform(payouts.payment_file, house.owner, batch_id=batch, form="csv")
    line = next(iter(csv.DictReader(io.StringIO(found.content.decode()))))
    assert (line["iban"], line["amount"], line["withheld"]) == (IBAN, "1122.151", "161.849")
    with pytest.raises(NoAccountOfOurs):
        perform(payouts.payment_file, house.owner, batch_id=batch, form="xml")
    with pytest.raises(NotFound):
        perform(payouts.payment_file, house.owner, batch_id=batch, form="doc")


def test_a_sepa_file_holds_what_the_standard_asks(worker_database: str, broker: str) -> None:
    house = make_house(
        currency="EUR", country="FR", time_zone="Europe/Paris", billing={"iban": "FR7630006000011234567890189"}
    )
    house.approve_claims(tax="vat", bank="FR1420041010050500013M02606")
    house.earn(1000)
    house.earn_money(12_345, "EUR")
    batch = house.sent(house.ask())
    found = perform(payouts.payment_file, house.owner, batch_id=batch, form="xml")
    root = ET.fromstring(found.content)

    def all_of(path: str) -> list[str]:
        return [one.text or "" for one in root.findall(path, NS)]

    top = "p:CstmrCdtTrfInitn/"
    assert root.tag == f"{{{NAMESPACE}}}Document"
    header = [one.tag.split("}")[1] for one in root.find(f"{top}p:GrpHdr", NS) or ()]
    assert header == ["MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"]
    info = [one.tag.split("}")[1] for one in root.find(f"{top}p:PmtInf", NS) or ()]
    assert info == [
        *(
            "PmtInfId",
            "PmtMtd",
            "NbOfTxs",
            "CtrlSum",
            "PmtTpInf",
            "ReqdExctnDt",
            "Dbtr",
            "DbtrAcct",
            "DbtrAgt",
            "ChrgBr",
        ),
        "CdtTrfTxInf",
    ]
    amount = root.find(f"{top}p:PmtInf/p:CdtTrfTxInf/p:Amt/p:InstdAmt", NS)
    assert amount is not None
    assert (amount.text, amount.get("Ccy")) == ("523.45", "EUR")
    assert all_of(f"{top}p:GrpHdr/p:CtrlSum") == ["523.45"]
    assert all_of(f"{top}p:PmtInf/p:CdtTrfTxInf/p:Cdtr/p:Nm") == ["Leila Gharbi"]
    assert all_of(f"{top}p:PmtInf/p:CdtTrfTxInf/p:CdtrAcct/p:Id/p:IBAN") == ["FR1420041010050500013M02606"]
    assert all(len(one) <= 35 for one in all_of(f"{top}p:GrpHdr/p:MsgId"))


def test_dinars_are_no_sepa(worker_database: str, broker: str) -> None:
    house = make_house(billing={"iban": IBAN})
    house.approve_claims()
    house.earn(1000)
    with pytest.raises(NotByTransfer):
        perform(payouts.payment_file, house.owner, batch_id=house.sent(house.ask()), form="xml")


def test_a_year_is_summed_up_for_each(house: House) -> None:
    house.earn(3210)
    asked = house.ask()
    house.sent(asked)
    perform(payouts.mark_paid, house.owner, payout_id=asked)
    year = clock.now().year
    (line,) = perform(payouts.year_summary, house.owner, year=year)
    assert (line.practitioner, line.gross_minor, line.withheld_minor, line.net_minor) == (
        "Leïla Gharbi", 1_284_000, 161_849, 1_122_151,
    )  # fmt: skip
    assert perform(payouts.my_year, house.own, year=year) == [line]
    assert perform(payouts.my_year, house.own, year=year - 1) == []
    assert b"1122.151" in payouts.year_csv([line], year).content


def test_a_rate_of_the_organisations_own_counts_from_its_day(house: House) -> None:
    house.earn(3210)
    today = clock.now().date()
    perform(payouts.set_tax_rule, house.owner, kind=TaxKind.WITHHOLDING, per_cent="10", valid_from=today)
    perform(payouts.set_tax_rule, house.owner, kind=TaxKind.VAT, per_cent="7", valid_from=today + timedelta(days=40))
    assert house.earnings().withheld_minor == 107_899
    shown = [(one.kind, one.per_cent, one.own) for one in perform(payouts.tax_rules, house.owner)]
    assert shown == [("vat", "19.00", False), ("vat", "7.00", True), ("withholding", "10.00", True)]
    with pytest.raises(RateInvalid):
        perform(payouts.set_tax_rule, house.owner, kind=TaxKind.VAT, per_cent="101", valid_from=today)
    house.ask()
    perform(payouts.set_tax_rule, house.owner, kind=TaxKind.WITHHOLDING, per_cent="0", valid_from=date(2026, 1, 1))
    assert house.read(UUID(house.earnings().payouts[0].id)).withheld_minor == 107_899


def test_a_refund_after_a_payout_is_filled_by_the_next_earnings(house: House) -> None:
    house.earn(1000)
    house.ask()
    with unit_of_work(system(house.tenant.id), Role.MONEY) as session:
        legs = [
            writing.Leg(house.expert.id, AccountKind.EARNING, -100),
            writing.Leg(house.tenant.id, AccountKind.ISSUED, 100),
        ]
        writing.post(session, key="refunded", kind="refund", legs=legs)
    assert house.earnings().available_minor == 0
    house.earn(500)
    assert house.earnings().available_minor == 150_000
    assert house.read(house.ask()).gross_minor == 150_000
    assert house.drift() == []


def test_consultations_that_took_place_and_all_that_they_brought_are_counted(house: House) -> None:
    """DI-022: ever, not only this month."""
    house.earn(1000, days_ago=70)
    house.earn(500, days_ago=1)
    seen = house.earnings()
    assert (seen.ever_paid_minor, seen.ever_share_minor) == (750_000, 600_000)
    assert (seen.done_ever, seen.done_month) == (0, 0)
    service = make.make_service(house.tenant, house.expert)
    who = Patient(tenant_id=house.tenant.id, given_name="Amine", family_name="Trabelsi")
    make.save(house.tenant.id, who)
    start = clock.now() - timedelta(days=400)
    rows = [
        Appointment(
            tenant_id=house.tenant.id,
            practitioner_id=house.expert.id,
            service_id=service.id,
            patient_id=who.id,
            status=status,
            mode="video",
            starts_at=start + timedelta(days=days),
            ends_at=start + timedelta(days=days, minutes=45),
            local_start=(start + timedelta(days=days)).replace(tzinfo=None),
            time_zone="Africa/Tunis",
            price_minor=1000,
            currency="TND",
        )
        for status, days in (("fulfilled", 0), ("fulfilled", 5), ("noshow", 9), ("cancelled", 12))
    ]
    make.save(house.tenant.id, *rows)
    assert (house.earnings().done_ever, house.earnings().done_month) == (2, 0)
