"""What every part may know of the platform itself: its name and address, its usual country, who may sign up."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from carehub.core.errors import NotAllowed
from carehub.models.console import PlatformSettings, SignUpMode

ONLY = UUID(int=0)  # the one row's id


class SignUpClosed(NotAllowed):
    key = "New accounts are opened by invitation. Ask your practitioner or CareHub for one"


class ProfessionalsByInvitation(NotAllowed):
    key = "New organisations are opened by invitation. Write to CareHub to have one opened"


@dataclass(frozen=True)
class PlatformFacts:
    """`imprint` is one line: name, legal name, number, address, telephone, e-mail, as far as they are set."""

    country: str
    sign_up: str
    imprint: str


def platform_facts(session: Session) -> PlatformFacts:
    """For any role that reads the platform's settings."""
    row = session.get(PlatformSettings, ONLY) or PlatformSettings()
    told = (row.legal_name, row.registration_number, row.address, row.phone, row.email)
    imprint = " · ".join(filter(None, (row.name, *told))) if any(told) else ""
    return PlatformFacts(row.country, row.sign_up, imprint)


def check_sign_up(session: Session, *, professional: bool) -> None:
    """Raises SignUpClosed or ProfessionalsByInvitation. An invitation's own way in does not come here."""
    mode = platform_facts(session).sign_up
    if mode == SignUpMode.INVITATION:
        raise SignUpClosed
    if mode == SignUpMode.CLIENTS and professional:
        raise ProfessionalsByInvitation
