"""Whose address counts behind proxies."""

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from carehub.api.proxy import client_address, trusted_proxies
from carehub.core.settings import settings


@pytest.mark.parametrize(
    ("header", "hops", "address"),
    [
        ("203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),  # what the client wrote itself is not believed
        ("203.0.113.9, 10.0.0.2", 2, "203.0.113.9"),
        ("2001:db8::1", 1, "2001:db8::1"),
        ("203.0.113.9", 2, ""),
        ("nonsense", 1, ""),
        ("", 1, ""),
        ("203.0.113.9", 0, ""),
    ],
)
def test_the_address_is_what_the_outermost_trusted_proxy_saw(header: str, hops: int, address: str) -> None:
    assert client_address(header, hops) == address


async def _tell(scope: object, receive: object, send: object) -> None:
    request = Request(scope)  # type: ignore[arg-type]
    answer: Response = PlainTextResponse(request.client.host if request.client else "")
    await answer(scope, receive, send)  # type: ignore[arg-type]


@pytest.mark.parametrize(("hops", "seen"), [(0, "testclient"), (1, "203.0.113.9")])
def test_without_trusted_proxies_the_header_is_ignored(monkeypatch: pytest.MonkeyPatch, hops: int, seen: str) -> None:
    monkeypatch.setitem(settings.__dict__, "trusted_hops", hops)
    client = TestClient(trusted_proxies(_tell))
    assert client.get("/", headers={"x-forwarded-for": "203.0.113.9"}).text == seen
