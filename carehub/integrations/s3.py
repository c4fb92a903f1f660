"""Files in a bucket that speaks S3: AWS, MinIO, Garage, Scaleway, OVH. Requests are signed by AWS Signature Version 4."""

import hashlib
import hmac
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

import httpx

from carehub.core import clock

PATIENCE = 15.0  # seconds, for each step of one request
EMPTY = hashlib.sha256(b"").hexdigest()
_KEY = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)
_NEXT = re.compile(r"<NextContinuationToken>(.*?)</NextContinuationToken>", re.DOTALL)


class StorageError(OSError):
    """The bucket did not do what was asked. Its text names no key and no secret."""


@dataclass(frozen=True)
class Bucket:
    """`endpoint` without a path, e.g. https://s3.eu-west-3.amazonaws.com; the bucket's name goes into the path."""

    endpoint: str
    name: str
    region: str
    access_key: str
    secret: str = field(repr=False)


def bucket_of(url: str) -> Bucket:
    """`https://KEY:SECRET@endpoint/bucket?region`, the secret percent-encoded. Raises ValueError."""
    parts = urlsplit(url)
    name, region = parts.path.strip("/"), parts.query or "us-east-1"
    if parts.scheme not in ("http", "https") or not parts.hostname or not name or "/" in name or not parts.username:
        raise ValueError("a bucket is written https://KEY:SECRET@endpoint/bucket?region")
    port = f":{parts.port}" if parts.port else ""
    endpoint = f"{parts.scheme}://{parts.hostname}{port}"
    return Bucket(endpoint, name, region, unquote(parts.username), unquote(parts.password or ""))


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), hashlib.sha256)


def sign(
    bucket: Bucket, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], at: datetime
) -> str:
    """The Authorization header. `headers` must hold host, x-amz-date and x-amz-content-sha256; `path` is encoded already."""
    names = sorted(name.lower() for name in headers)
    lower = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    listed = "&".join(f"{quote(key, safe='')}={quote(query[key], safe='')}" for key in sorted(query))
    told = "".join(f"{name}:{lower[name]}\n" for name in names)
    request = "\n".join((method, path, listed, told, ";".join(names), lower["x-amz-content-sha256"]))
    day = at.strftime("%Y%m%d")
    scope = f"{day}/{bucket.region}/s3/aws4_request"
    wanted = f"AWS4-HMAC-SHA256\n{lower['x-amz-date']}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{bucket.secret}".encode()
    for part in (day, bucket.region, "s3", "aws4_request"):
        key = _hmac(key, part)
    signature = _hmac(key, wanted).hex()
    credential = f"Credential={bucket.access_key}/{scope}"
    return f"AWS4-HMAC-SHA256 {credential},SignedHeaders={';'.join(names)},Signature={signature}"


class BucketStorage:
    """`integrations.storage.Storage` in a bucket. A put that was answered is durable."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket

    def _ask(
        self, method: str, key: str = "", content: bytes = b"", query: Mapping[str, str] | None = None
    ) -> httpx.Response:
        at = clock.now()
        path = quote(f"/{self.bucket.name}/{key}" if key else f"/{self.bucket.name}/", safe="/-_.~")
        headers = {
            "host": urlsplit(self.bucket.endpoint).netloc,
            "x-amz-date": at.strftime("%Y%m%dT%H%M%SZ"),
            "x-amz-content-sha256": hashlib.sha256(content).hexdigest(),
        }
        headers["authorization"] = sign(self.bucket, method, path, query or {}, headers, at)
        try:
            url = httpx.URL(self.bucket.endpoint + path, params=query or None)
            return httpx.request(method, url, content=content, headers=headers, timeout=PATIENCE)
        except httpx.HTTPError as error:
            raise StorageError(type(error).__name__) from error

    @staticmethod
    def _check(answer: httpx.Response) -> httpx.Response:
        if not answer.is_success:
            raise StorageError(f"the storage answered {answer.status_code}")
        return answer

    def put(self, key: str, content: bytes) -> None:
        self._check(self._ask("PUT", key, content))

    def get(self, key: str) -> bytes:
        """Raises FileNotFoundError, StorageError."""
        answer = self._ask("GET", key)
        if answer.status_code == 404:
            raise FileNotFoundError("no such key")
        return self._check(answer).content

    def delete(self, key: str) -> None:
        answer = self._ask("DELETE", key)
        if answer.status_code != 404:
            self._check(answer)

    def list_keys(self, prefix: str = "") -> Iterator[str]:
        more = ""
        while True:
            asked = {"list-type": "2", "prefix": prefix} | ({"continuation-token": more} if more else {})
            text = self._check(self._ask("GET", query=asked)).text
            yield from (html.unescape(one) for one in _KEY.findall(text))
            found = _NEXT.search(text)
            if found is None:
                return
            more = html.unescape(found[1])
