"""The HTTP side: keys, form fields, idempotency, faults that tests ask for."""

import base64
import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from carehub.integrations.stripe_sink.api import Api
from carehub.integrations.stripe_sink.errors import Refusal, invalid
from carehub.integrations.stripe_sink.events import Events, shown
from carehub.integrations.stripe_sink.store import Store

Fault = Callable[
    [str, str], str
]  # (method, path) -> "", "down" (nothing is done), "lost" (done, the answer is lost), "error", "slow"
KEPT = 20.0  # seconds between two looks at what became due
_PART = re.compile(r"\[([^\]]*)\]")


def nested(sent: list[tuple[str, str]]) -> dict[str, Any]:
    """Stripe's form fields (`a[b][0][c]=1`) as dicts and lists."""
    found: dict[str, Any] = {}
    for name, value in sent:
        first = name.partition("[")[0]
        keys, place = [first, *_PART.findall(name)], found
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1] or str(len(place))] = value
    return {name: _listed(value) for name, value in found.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    return list(inner.values()) if inner and all(name.isdigit() for name in inner) else inner


class Handler(BaseHTTPRequestHandler):
    server: "Sink"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve("GET", urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._serve("POST", self.rfile.read(int(self.headers.get("content-length") or 0)).decode())

    def do_DELETE(self) -> None:
        self._serve("DELETE", urlsplit(self.path).query)

    def _serve(self, method: str, sent: str) -> None:
        path = urlsplit(self.path).path
        fault = self.server.fault(method, path)
        if fault == "down":
            self.close_connection = True
            return None
        if fault == "slow":
            time.sleep(self.server.slowness)
        if fault == "error":
            return self._say(500, json.dumps({"error": {"type": "api_error", "message": "try again"}}))
        account = self._account()
        if not account:
            status, body = 401, json.dumps(invalid("You did not provide an API key.").body)
        else:
            status, body = self.server.once(account, method, path, sent, self.headers.get("idempotency-key", ""))
        if fault == "lost":
            self.close_connection = True
            return None
        return self._say(status, body)

    def _account(self) -> str:
        scheme, _, given = self.headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            given = base64.b64decode(given).decode().partition(":")[0]
        return given if given.startswith(("sk_", "rk_")) else ""

    def _say(self, status: int, body: str) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("request-id", "req_demo")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_given: Any) -> None:
        """Cards stay out of the log."""


class Sink(ThreadingHTTPServer):
    """`fault` is asked before each call; `calls` remembers what was done: (method, path)."""

    daemon_threads = True

    def __init__(
        self, port: int, folder: Path, *, pages: str, endpoints: dict[str, tuple[str, str]] | None = None
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.store = Store(folder)
        self.events = Events(self.store, endpoints or {})
        self.api = Api(self.store, self.events, pages)
        self.fault: Fault = lambda _method, _path: ""
        self.slowness = 1.0
        self.calls: list[tuple[str, str]] = []

    def once(self, account: str, method: str, path: str, sent: str, key: str) -> tuple[int, str]:
        """The answer; for a key that was answered before, that answer again. Server errors are not kept."""
        request = f"{method} {path} {sent}"
        with self.store.lock:
            known = self.store.answered(account, key) if key else None
            if known is not None:
                if known[0] == request:
                    return known[1], known[2]
                told = (
                    "Keys for idempotent requests can only be used with the same parameters they were first used with."
                )
                return 400, json.dumps({"error": {"type": "idempotency_error", "message": told}})
            status, body = self._done(account, method, path, sent)
            if key and method == "POST":
                self.store.answer(account, key, request, status, body)
        return status, body

    def _done(self, account: str, method: str, path: str, sent: str) -> tuple[int, str]:
        self.calls.append((method, path))
        told = nested(parse_qsl(sent, keep_blank_values=True))
        try:
            if path.startswith("/demo/"):
                return 200, json.dumps(self.page(path, told))
            return 200, json.dumps(_clean(self.api.answer(account, method, path, told)))
        except Refusal as refusal:
            return refusal.status, json.dumps(_clean(refusal.body))

    def page(self, path: str, told: dict[str, Any]) -> dict[str, Any]:
        """What the hosted pages ask: /demo/look, /demo/pay, /demo/leave, /demo/confirm, /demo/dispute of one object."""
        found = self.store.find(str(told.get("id", "")))
        if found is None:
            raise invalid("No such page", "resource_missing", status=404)
        account, one = found
        match path.removeprefix("/demo/"):
            case "look":
                return shown(one)
            case "pay":
                number = re.sub(r"\D", "", str(told.get("number", "")))
                month, year = int(told.get("month") or 12), int(told.get("year") or 2034)
                return {"next": self.api.sessions.pay(account, one, number, month, year)}
            case "confirm":
                return {"next": self.api.sessions.confirmed(account, one, agree=told.get("agree") == "yes")}
            case "dispute":
                charge = self.store.get(account, "charge", one["latest_charge"])
                return shown(self.api.payments.dispute(account, charge))
            case "close":
                return shown(self.api.payments.close_dispute(account, one, won=told.get("won") == "yes"))
        raise invalid("No such page", "resource_missing", status=404)

    def keep_time(self) -> None:
        """Renew what is due, for as long as it runs: no demo moves a clock by hand."""
        while not self.events.over(KEPT):
            with self.store.lock:
                for account in self.store.accounts():
                    self.api.subscriptions.keep_time(account, int(time.time()))

    def start(self, *, deliver: bool = True) -> None:
        """Answer, and deliver events, on threads of their own."""
        threading.Thread(target=self.serve_forever, daemon=True).start()
        if deliver:
            threading.Thread(target=self.events.run, daemon=True).start()
            threading.Thread(target=self.keep_time, daemon=True).start()


def _clean(one: Any) -> Any:
    if isinstance(one, dict):
        return {name: _clean(value) for name, value in shown(one).items()}
    return [_clean(value) for value in one] if isinstance(one, list) else one
