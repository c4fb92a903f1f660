"""Text messages through whatever speaks Twilio's HTTP API: basic auth, form fields, signed callbacks."""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from carehub.core.settings import settings

TIMEOUT = 10.0  # seconds; shorter than a sender's lease
STOPPED = 21610  # the reader has replied STOP to this sender
NO_SUCH_NUMBER = frozenset({21211, 21214, 21217, 21614, 30005, 30006})
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u202f": " "}
)


class TextError(Exception):
    """The message was not taken. `final`: trying again cannot help. `unsure`: it may have been, its yes was lost."""

    def __init__(self, told: str, *, final: bool = False, unsure: bool = False, code: int = 0) -> None:
        super().__init__(told)
        self.final, self.unsure, self.code = final, unsure, code


@dataclass(frozen=True)
class Accepted:
    """The carrier's name of the message, what it said of it, and how many segments it counted (0: not said)."""

    sid: str
    status: str
    segments: int


def plain(body: str) -> str:
    """Latin letters as every telephone has them: one é more or less must not double the price. Other scripts stay."""
    body = body.translate(_PLAIN)
    if any(one.isalpha() and ord(one) > 0x24F for one in body):
        return body
    return "".join(one if one in _GSM or one in _GSM_TWICE else _bare(one) for one in body)


def _bare(letter: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", letter) if one in _GSM) or "?"


def segments(body: str) -> int:
    """How many messages a carrier counts: 160 letters of GSM-7 (153 each when several), 70 of anything else (67)."""
    if all(one in _GSM or one in _GSM_TWICE for one in body):
        length = sum(2 if one in _GSM_TWICE else 1 for one in body)
        return 1 if length <= 160 else -(-length // 153)
    length = len(body.encode("utf-16-be")) // 2
    return 1 if length <= 70 else -(-length // 67)


def _number(number: str, carrier: str) -> str:
    return f"whatsapp:{number}" if carrier == "whatsapp" else number


def post(account: str, token: str, *, carrier: str, sender: str, to: str, body: str, callback: str) -> Accepted:
    """Hand a message over; receipts come to `callback`. Raises TextError."""
    sent = {"To": _number(to, carrier), "From": _number(sender, carrier), "Body": body, "StatusCallback": callback}
    return _accepted(_ask("POST", account, token, data=sent).json())


def find(account: str, token: str, *, carrier: str, to: str, digest: str, since: datetime) -> Accepted | None:
    """The message to `to` of at least `since` whose body has `digest`: what was taken although its yes was lost."""
    found = _ask("GET", account, token, params={"To": _number(to, carrier), "PageSize": "50"}).json()
    for one in found.get("messages", ()):
        made = parsedate_to_datetime(one["date_created"])
        if digest_of(one.get("body", "")) == digest and made >= since.replace(microsecond=0):
            return _accepted(one)
    return None


def digest_of(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:32]


def _accepted(told: Mapping[str, Any]) -> Accepted:
    return Accepted(str(told["sid"]), str(told.get("status", "")), int(told.get("num_segments") or 0))


def _ask(method: str, account: str, token: str, **sent: Any) -> httpx.Response:
    address = f"{settings.sms_url.rstrip('/')}/2010-04-01/Accounts/{account}/Messages.json"
    try:
        answer = httpx.request(method, address, auth=(account, token), timeout=TIMEOUT, **sent)
    except httpx.ConnectError as error:
        raise TextError("the carrier cannot be reached") from error
    except httpx.HTTPError as error:
        raise TextError(type(error).__name__, unsure=True) from error
    if answer.is_success:
        return answer
    code = _code(answer)
    told = (
        f"the carrier refused ({answer.status_code}, {code})" if code else f"the carrier refused ({answer.status_code})"
    )
    again = answer.status_code == 429 or answer.status_code >= 500
    raise TextError(told, final=not again and answer.status_code != 401, unsure=answer.status_code >= 500, code=code)


def _code(answer: httpx.Response) -> int:
    try:
        return int(answer.json().get("code", 0))
    except (ValueError, TypeError, AttributeError):
        return 0


def signature(token: str, url: str, fields: Mapping[str, str]) -> str:
    """X-Twilio-Signature of a callback: HMAC-SHA1 of the whole address and the sorted fields."""
    said = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.digest(token.encode(), said.encode(), hashlib.sha1)).decode()


def is_signed(token: str, url: str, fields: Mapping[str, str], given: str) -> bool:
    return hmac.compare_digest(signature(token, url, fields).encode(), given.encode())
