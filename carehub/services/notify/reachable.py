"""Whether a channel leads to someone, as the tenant and the person stand now."""

from sqlalchemy.orm import Session

from carehub.models.notify import Channel
from carehub.services.notify import gateways, suppression
from carehub.services.notify.precedence import Reach
from carehub.services.notify.recipients import Recipient


def address_of(channel: str, to: Recipient) -> str:
    """What a message by `channel` is addressed to: empty where it is the person, or nothing is known."""
    return {Channel.EMAIL: to.email, Channel.SMS: to.phone}.get(Channel(channel), "")


def reach_of(session: Session, channel: str, to: Recipient, address: str) -> Reach:
    """The session stands in the tenant. `address`: the mail address or number that the message has, or would have."""
    if channel == Channel.IN_APP:
        return Reach(to.person_id is not None)
    if channel == Channel.PUSH:
        return Reach(to.pushes)
    tenant_id = gateways.tenant_of(session)
    if not address or (channel == Channel.SMS and gateways.find_gateway(session, tenant_id) is None):
        return Reach(False)
    return Reach(True, suppression.state_of(session, tenant_id, address))
