"""What a log line holds, and what it never holds."""

import json
import logging

from carehub.core import logs
from carehub.core.actor import system
from carehub.core.ids import new_id


def line(message: str, *args: object) -> dict[str, str]:
    record = logging.LogRecord("carehub.x", logging.WARNING, __file__, 1, message, args, None)
    told: dict[str, str] = json.loads(logs.formatter("web").format(record))
    return told


def test_ids_of_the_work_are_told() -> None:
    tenant_id = new_id()
    with logs.acting(system(tenant_id), request_id="abc"):
        told = line("done")
    assert (told["tenant_id"], told["request_id"], told["process"]) == (str(tenant_id), "abc", "web")


def test_addresses_and_telephone_numbers_are_not() -> None:
    told = line("mail to %s, call %s or %s", "julie.moreau@example.com", "+33 6 12 34 56 78", "0612345678")
    assert told["event"] == "mail to <e-mail>, call <phone> or <phone>"


def test_ids_and_times_survive() -> None:
    kept = f"{new_id()} 2026-11-20T10:00:00+00:00 127.0.0.1"
    assert line(kept)["event"] == kept
