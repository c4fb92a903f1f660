"""Web push: RFC 8030 over HTTP, encrypted for one browser (RFC 8291), signed for its push service (RFC 8292)."""

import base64
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import http_ece
import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc import jwt
from joserfc.jwk import ECKey

from carehub.integrations.outbound import may_open

TIMEOUT = 10.0  # seconds
LIVES = 24 * 3600  # how long a push service keeps a message for a browser that is away
TOKEN_LIVES = 12 * 3600
MOST_BYTES = 3000  # of a payload; push services take 4096 with its envelope


class PushError(Exception):
    """Not taken. `gone`: the browser unsubscribed, or its subscription lapsed; otherwise it may be tried again."""

    def __init__(self, told: str, *, gone: bool = False, final: bool = False) -> None:
        super().__init__(told)
        self.gone, self.final = gone, final


@dataclass(frozen=True)
class Target:
    """One browser: the address of its push service, its public key and its secret, both base64url."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class Keys:
    """Our own pair: PEM, and the point that browsers are given."""

    private: str
    public: str


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_keys() -> Keys:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Keys(pem, _text(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)))


def is_target(target: Target) -> bool:
    """Whether a browser could have said this: a key on the curve, a secret of 16 bytes, an address that we may open."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(target.p256dh))
        return len(_bytes(target.auth)) == 16 and may_open(target.endpoint)
    except ValueError:
        return False


def send(target: Target, keys: Keys, *, payload: dict[str, str], topic: str, urgent: bool, contact: str) -> None:
    """Hand one message to the browser's push service. The same `topic` replaces what still waits there. Raises PushError."""
    if not may_open(target.endpoint):
        raise PushError("the address of the push service is not one", gone=True)
    content = json.dumps(payload, ensure_ascii=False).encode()
    assert len(content) <= MOST_BYTES
    headers = {
        "authorization": _vapid(target.endpoint, keys, contact),
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(LIVES),
        "urgency": "high" if urgent else "normal",
        "topic": topic[:32],
    }
    sealed = http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_bytes(target.p256dh),
        auth_secret=_bytes(target.auth),
        version="aes128gcm",
    )
    try:
        answer = httpx.post(target.endpoint, content=sealed, headers=headers, timeout=TIMEOUT, follow_redirects=False)
    except httpx.HTTPError as error:
        raise PushError(type(error).__name__) from error
    if answer.is_success:
        return
    told = f"the push service refused ({answer.status_code})"
    raise PushError(told, gone=answer.status_code in (404, 410), final=answer.status_code in (400, 401, 403, 413))


def _vapid(endpoint: str, keys: Keys, contact: str) -> str:
    """Who sends, for this push service only, for half a day."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + TOKEN_LIVES,
        "sub": f"mailto:{contact}",
    }
    token = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, ECKey.import_key(keys.private))
    return f"vapid t={token}, k={keys.public}"
