"""What the domain name system says, asked from the resolvers that the operator named, else from the machine's own."""

from functools import cache

from dns.exception import DNSException
from dns.nameserver import Do53Nameserver
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from carehub.core.settings import settings

PATIENCE = 5.0  # seconds for an answer, all tries together


class DnsSilent(Exception):
    """No resolver answered, or none that knows: nothing is known of the name."""


@cache
def _resolver(servers: str) -> Resolver:
    made = Resolver(configure=not servers)
    if servers:
        made.nameservers = [_server(one.strip()) for one in servers.split(",") if one.strip()]
    made.lifetime = PATIENCE
    return made


def _server(address: str) -> Do53Nameserver:
    host, _colon, port = address.rpartition(":") if address.count(":") == 1 else (address, "", "")
    return Do53Nameserver(host, int(port or 53))


def texts_of(name: str) -> list[str]:
    """The TXT records of `name`, none when there is no such name. Raises DnsSilent."""
    try:
        answer = _resolver(settings.dns_servers).resolve(name, "TXT")
    except (NXDOMAIN, NoAnswer):
        return []
    except (DNSException, OSError) as error:
        raise DnsSilent(type(error).__name__) from error
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
