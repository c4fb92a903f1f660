"""A push service and the browsers behind it: takes what RFC 8030 asks for, checks who sends (RFC 8292), decrypts for the browser
(RFC 8291, RFC 8188) with the primitives alone."""

import base64
import json
import secrets
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

CURVE = ec.SECP256R1()


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(words: str) -> bytes:
    return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=salt, info=info).derive(secret)


@dataclass
class Browser:
    """One subscription: its keys, and what it was shown. `answers`: what the service says of it, 201 when it is well."""

    name: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    shown: list[dict[str, Any]] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: int = 201

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def open(self, body: bytes) -> dict[str, Any]:
        """RFC 8188's header, RFC 8291's keys, one record."""
        salt, _size, length = body[:16], *struct.unpack(">IB", body[16:21])
        sender, record = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        ikm = _derive(shared, self.secret, b"WebPush: info\0" + self.point + sender, 32)
        key = _derive(ikm, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derive(ikm, salt, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert plain.endswith(b"\x02")
        found: dict[str, Any] = json.loads(plain[:-1])
        return found


class Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.browsers: dict[str, Browser] = {}

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def browser(self) -> Browser:
        made = Browser(secrets.token_hex(8))
        self.browsers[made.name] = made
        return made

    def subscription(self, one: Browser) -> dict[str, str]:
        """What pushManager.subscribe answers."""
        return {"endpoint": f"{self.origin}/push/{one.name}", "p256dh": text(one.point), "auth": text(one.secret)}


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        one = self.server.browsers.get(self.path.rpartition("/")[2])
        if one is None:
            return self._say(404)
        if not self._is_vapid() or self.headers["content-encoding"] != "aes128gcm" or not self.headers["ttl"].isdigit():
            return self._say(400)
        if one.answers == 201:
            one.shown.append(one.open(body))
            one.topics.append(self.headers["topic"])
            one.headers.append({name.lower(): value for name, value in self.headers.items()})
        return self._say(one.answers)

    def _is_vapid(self) -> bool:
        scheme, _, rest = self.headers["authorization"].partition(" ")
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        point = raw(given["k"])
        key = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": text(point[1:33]), "y": text(point[33:])})
        claims = jwt.decode(given["t"], key, algorithms=["ES256"]).claims
        return scheme == "vapid" and claims["aud"] == self.server.origin and claims["sub"].startswith("mailto:")

    def _say(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_given: Any) -> None: ...


@contextmanager
def running() -> Iterator[Service]:
    made = Service()
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()
