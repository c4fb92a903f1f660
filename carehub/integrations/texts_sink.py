"""The demo's carrier of text messages: speaks Twilio's HTTP API, keeps what it is given in `data_dir/texts`, and sends nothing.

`python -m carehub.integrations.texts_sink PORT`. Numbers that end so behave so, as Twilio's magic numbers do: 0000 is refused as no
number, 1111 is taken and not delivered, 2222 is busy (503), 3333 takes no WhatsApp."""

import base64
import json
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx

from carehub.core.settings import settings
from carehub.integrations import texts

KEPT = 500  # the oldest go first
PAUSE = 0.3  # seconds between two receipts
REFUSED = {"0000": (400, 21211), "2222": (503, 20503)}


def place() -> Path:
    return settings.data_dir / "texts"


@dataclass
class Text:
    """One message as the carrier has it. `token` is the account's, with which receipts are signed."""

    sid: str
    account: str
    token: str
    sender: str
    to: str
    body: str
    callback: str
    at: float
    status: str = "queued"
    code: int = 0
    reply: str = ""

    @property
    def carrier(self) -> str:
        return "whatsapp" if self.to.startswith("whatsapp:") else "sms"

    @property
    def number(self) -> str:
        return self.to.removeprefix("whatsapp:")

    @property
    def carrier_name(self) -> str:
        return {"whatsapp": "WhatsApp"}.get(self.carrier, "SMS")

    @property
    def segments(self) -> int:
        return texts.segments(self.body)

    def told(self) -> dict[str, Any]:
        """As the API answers it."""
        return {
            "sid": self.sid, "account_sid": self.account, "to": self.to, "from": self.sender, "body": self.body,
            "status": self.status, "num_segments": str(self.segments), "error_code": self.code or None,
            "date_created": formatdate(self.at, usegmt=True), "price": None, "price_unit": "USD",
        }  # fmt: skip


class Box:
    """The messages, one file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, one: Text) -> None:
        path = self.folder / f"{one.sid}.json"
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.write_text(json.dumps(asdict(one)))
        fresh.replace(path)

    def find(self, sid: str) -> Text | None:
        path = self.folder / f"{sid}.json"
        return Text(**json.loads(path.read_text())) if sid.isalnum() and path.exists() else None

    def all(self) -> list[Text]:
        """The newest first."""
        found = [Text(**json.loads(path.read_text())) for path in self.folder.glob("SM*.json")]
        return sorted(found, key=lambda one: (one.at, one.sid), reverse=True)

    def trim(self) -> None:
        for one in self.all()[KEPT:]:
            (self.folder / f"{one.sid}.json").unlink(missing_ok=True)


def _ends(number: str) -> str:
    return number[-4:]


def fate(one: Text) -> Iterator[tuple[str, int]]:
    """What becomes of a message, receipt by receipt."""
    yield "queued", 0
    if one.carrier == "whatsapp" and _ends(one.number) == "3333":
        yield "undelivered", 63016
        return
    yield "sent", 0
    yield ("undelivered", 30003) if _ends(one.number) == "1111" else ("delivered", 0)


def hook(url: str, token: str, fields: dict[str, str]) -> int:
    """Post a signed callback, as the carrier does. Answers the status, 0 when nobody answered."""
    headers = {"x-twilio-signature": texts.signature(token, url, fields)}
    try:
        return httpx.post(url, data=fields, headers=headers, timeout=10).status_code
    except httpx.HTTPError:
        return 0


def report(box: Box, one: Text, *, pause: float = PAUSE) -> None:
    """Live through a message's fate, and tell each step."""
    for status, code in fate(one):
        one.status, one.code = status, code
        box.keep(one)
        if one.callback:
            fields = {"MessageSid": one.sid, "MessageStatus": one.status, "To": one.to, "From": one.sender}
            hook(one.callback, one.token, fields | ({"ErrorCode": str(one.code)} if one.code else {}))
        time.sleep(pause)


def answer(box: Box, one: Text, words: str) -> int:
    """The reader replies `words`: the tenant's hook hears it, signed."""
    url = one.callback.rpartition("/")[0]
    fields = {"MessageSid": "SM" + secrets.token_hex(16), "From": one.to, "To": one.sender, "Body": words}
    one.reply = words
    box.keep(one)
    return hook(url, one.token, fields)


class Carrier(BaseHTTPRequestHandler):
    """`server.box` keeps; `server.reports` False leaves receipts to the test."""

    server: "Sink"

    def do_POST(self) -> None:
        sent = dict(parse_qsl(self.rfile.read(int(self.headers.get("content-length", 0))).decode()))
        who = self._account()
        if who is None:
            return self._say(401, {"code": 20003, "message": "Authenticate"})
        refused = REFUSED.get(_ends(sent.get("To", "")))
        if refused:
            return self._say(refused[0], {"code": refused[1], "message": "refused"})
        one = Text(
            sid="SM" + secrets.token_hex(16), account=who[0], token=who[1], sender=sent.get("From", ""),
            to=sent.get("To", ""), body=sent.get("Body", ""), callback=sent.get("StatusCallback", ""), at=time.time(),
        )  # fmt: skip
        self.server.box.keep(one)
        self._say(201, one.told())
        if self.server.reports:
            threading.Thread(target=report, args=(self.server.box, one), daemon=True).start()
        self.server.box.trim()
        return None

    def do_GET(self) -> None:
        who, asked = self._account(), parse_qs(urlsplit(self.path).query)
        if who is None:
            return self._say(401, {"code": 20003, "message": "Authenticate"})
        to = asked.get("To", [""])[0]
        found = [one.told() for one in self.server.box.all() if one.account == who[0] and to in ("", one.to)]
        return self._say(200, {"messages": found[: int(asked.get("PageSize", ["50"])[0])]})

    def _account(self) -> tuple[str, str] | None:
        """(account, token) when the address is the account's own. Any token will do: nothing is kept from anybody here."""
        parts = urlsplit(self.path).path.split("/")
        scheme, _, given = self.headers.get("authorization", "").partition(" ")
        try:
            account, _, token = base64.b64decode(given).decode().partition(":")
        except ValueError:
            return None
        right = len(parts) == 5 and parts[3] == account and parts[4] == "Messages.json"
        return (account, token) if scheme == "Basic" and right and token else None

    def _say(self, status: int, told: dict[str, Any]) -> None:
        content = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_given: Any) -> None:
        """Numbers stay out of the log."""


class Sink(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, folder: Path, *, reports: bool = True) -> None:
        super().__init__(("127.0.0.1", port), Carrier)
        self.box, self.reports = Box(folder), reports


if __name__ == "__main__":
    Sink(int(sys.argv[1]), place()).serve_forever()
