"""What the outbox tells the organisation's own settings."""

from sqlalchemy.orm import Session

from carehub.core.i18n import N_
from carehub.core.outbox import Event, handles
from carehub.services.notify.facts import read_tenant
from carehub.services.privacy.letters import tell_desk
from carehub.services.tenancy.hosts import LOST


@handles(LOST)
def tell_of_lost_host(session: Session, event: Event) -> None:
    """A mail to each owner and administrator, once."""
    assert event.tenant_id is not None
    tell_desk(
        session,
        event.tenant_id,
        key=str(event.id),
        subject=N_("{host} no longer leads to your pages"),
        lead=N_(
            "The record that proves {host} has been gone for a day, so this address is no longer served."
            " Your pages are at CareHub's own address again, and links in messages lead there."
        ),
        action=N_("See the record"),
        path=f"/w/{read_tenant(session, event.tenant_id).slug}/settings/integrations",
        host=event.payload["host"],
    )
