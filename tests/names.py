"""A small name server on loopback: what a domain says in a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from dnslib import QTYPE, RCODE, RR, TXT, DNSRecord
from dnslib.server import BaseResolver, DNSServer

from carehub.core.settings import settings


class Names(BaseResolver):  # type: ignore[misc]
    """Answers TXT from `records`; knows no other name; says nothing sensible while `broken`."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.broken = False

    def resolve(self, request: DNSRecord, handler: object) -> DNSRecord:
        reply = request.reply()
        name = str(request.q.qname).rstrip(".")
        if self.broken:
            reply.header.rcode = RCODE.SERVFAIL
        elif name not in self.records:
            reply.header.rcode = RCODE.NXDOMAIN
        elif request.q.qtype == QTYPE.TXT:
            for text in self.records[name]:
                reply.add_answer(RR(name, QTYPE.TXT, rdata=TXT(text), ttl=1))
        return reply


@contextmanager
def name_server() -> Iterator[Names]:
    """The server of `settings.dns_servers` meanwhile."""
    names = Names()
    server = DNSServer(names, address="127.0.0.1", port=0, logger=None)
    server.start_thread()
    before, port = settings.dns_servers, server.server.server_address[1]
    settings.__dict__["dns_servers"] = f"127.0.0.1:{port}"
    try:
        yield names
    finally:
        settings.__dict__["dns_servers"] = before
        server.stop()
        server.server.server_close()
