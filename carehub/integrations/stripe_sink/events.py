"""What the account's endpoints are told: signed, in the order it happened, again until they answer 2xx."""

import hashlib
import hmac
import json
import threading
import time

import httpx

from carehub.integrations.stripe_sink.store import Object, Store

TRIES = 12
PAUSE = 0.2  # seconds between two looks
HIDDEN = ("fresh", "wanted", "secret_kept")


def shown(one: Object) -> Object:
    """As the API answers it: without what only the bank and we know."""
    hidden = (*HIDDEN, "number") if one.get("object") == "payment_method" else HIDDEN
    return {name: value for name, value in one.items() if name not in hidden}


def signature(secret: str, body: str, at: int) -> str:
    """Stripe-Signature: HMAC-SHA256 of time and body."""
    proof = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={proof}"


class Events:
    """`fixed` are endpoints that nobody registered: account -> (address, secret). `open` False keeps events back."""

    def __init__(self, store: Store, fixed: dict[str, tuple[str, str]]) -> None:
        self.store, self.fixed, self.open = store, fixed, True
        self._over = threading.Event()

    def tell(self, account: str, kind: str, subject: Object) -> None:
        event = self.store.make(
            account, "event", type=kind, data={"object": shown(subject)}, api_version="2026-10-28.endive"
        )
        for endpoint in self._endpoints(account):
            self.store.owe(event["id"], endpoint, time.time())

    def _endpoints(self, account: str) -> list[str]:
        made = [one["id"] for one in self.store.all(account, "webhook_endpoint")]
        return made + ([f"fixed:{account}"] if account in self.fixed else [])

    def _address(self, endpoint: str) -> tuple[str, str] | None:
        if endpoint.startswith("fixed:"):
            return self.fixed.get(endpoint.removeprefix("fixed:"))
        found = self.store.find(endpoint)
        return (found[1]["url"], found[1]["secret_kept"]) if found else None

    def send(self, event: str, endpoint: str) -> bool:
        """One delivery. False when nobody took it."""
        target, found = self._address(endpoint), self.store.find(event)
        if target is None or found is None:
            return True
        body = json.dumps(found[1])
        headers = {"stripe-signature": signature(target[1], body, int(time.time())), "content-type": "application/json"}
        try:
            return httpx.post(target[0], content=body, headers=headers, timeout=10).is_success
        except httpx.HTTPError:
            return False

    def deliver(self) -> int:
        """All that is due. Answers how many were taken."""
        done = 0
        for row, event, endpoint, tries in self.store.owed(time.time()) if self.open else ():
            taken = self.send(event, endpoint)
            done += taken
            self.store.settle(row, done=taken or tries + 1 >= TRIES, due=time.time() + min(2**tries, 60))
        return done

    def run(self) -> None:
        while not self._over.wait(PAUSE):
            self.deliver()

    def over(self, seconds: float) -> bool:
        """Wait, and say whether it was stopped meanwhile."""
        return self._over.wait(seconds)

    def stop(self) -> None:
        self._over.set()
