"""Who else may say who someone is: Google and LinkedIn for all, a tenant's own OpenID provider for those who connected it."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field as Shown
from pydantic import StringConstraints
from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.crypto import decrypt, encrypt
from carehub.core.errors import NotFound
from carehub.core.features import Feature
from carehub.core.i18n import N_
from carehub.core.ids import new_id
from carehub.core.permissions import PUBLIC, SIGNED_IN
from carehub.core.roles import Role
from carehub.core.settings import settings
from carehub.core.site import here
from carehub.core.verbs import verb
from carehub.integrations.outbound import may_open
from carehub.models.access import LoginProvider
from carehub.models.tenancy import Tenant, TenantStatus
from carehub.services.identity.errors import IssuerNotValid, SecretNeeded
from carehub.services.identity.forms import Form, Secret
from carehub.services.identity.step_up import check_recent_proof

SECRET = "login_provider.secret"  # noqa: S105
OWN = "t:"  # before a tenant's slug
HOUSE = "ch_house"  # the cookie that names the tenant by whose provider this browser last signed in


@dataclass(frozen=True)
class Provider:
    """`vouches`: its word about an e-mail address is enough to find an account. A tenant's own never is."""

    ref: str
    name: str
    issuer: str
    client_id: str
    secret: str
    vouches: bool = False
    echoes_nonce: bool = True


def platform_providers() -> list[Provider]:
    """Those that the operator configured."""
    google = Provider(
        "google",
        "Google",
        "https://accounts.google.com",
        settings.google_client_id,
        settings.google_client_secret,
        True,
    )
    linkedin = Provider(
        "linkedin",
        "LinkedIn",
        "https://www.linkedin.com/oauth",
        settings.linkedin_client_id,
        settings.linkedin_client_secret,
        vouches=True,
        echoes_nonce=False,
    )
    return [one for one in (google, linkedin) if one.client_id]


def find_provider(session: Session, ref: str) -> Provider:
    """The session is in ch_auth. Raises NotFound."""
    if not ref.startswith(OWN):
        found = next((one for one in platform_providers() if one.ref == ref), None)
        if found is None:
            raise NotFound
        return found
    query = (
        select(LoginProvider)
        .join(Tenant, col(Tenant.id) == col(LoginProvider.tenant_id))
        .where(col(Tenant.slug) == ref.removeprefix(OWN), col(Tenant.status) == TenantStatus.ACTIVE.value)
    )
    row = session.scalar(query)
    if row is None:
        raise NotFound
    return Provider(ref, row.name, row.issuer, row.client_id, decrypt(row.tenant_id, SECRET, row.secret))


def check_address(address: str) -> None:
    """A tenant names the address, and our server opens it. Raises IssuerNotValid for one that it should not."""
    if not may_open(address):
        raise IssuerNotValid(field="issuer")


@dataclass(frozen=True)
class ProviderChoice:
    """What a button needs."""

    ref: str
    name: str


_OF_TENANT = text("""
    SELECT t.slug, l.name FROM login_provider l JOIN tenant t ON t.id = l.tenant_id
    WHERE t.slug = :tenant AND t.status = 'active'""")


@verb(PUBLIC, role=Role.AUTH)
def sign_in_choices(session: Session, _actor: Actor, *, tenant: str = "") -> list[ProviderChoice]:
    """The providers that everyone may sign in with, and first the own one of the tenant whose slug the page names.

    At CareHub's own address only, which is the one that they know.
    """
    if here().tenant:
        return []
    own = [ProviderChoice(OWN + row.slug, row.name) for row in session.execute(_OF_TENANT, {"tenant": tenant})]
    return own + [ProviderChoice(one.ref, one.name) for one in platform_providers()]


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class ProviderForm(Form):
    """A tenant's own OpenID provider. The secret is written, never read back."""

    name: Line = Shown(title=N_("Name on the button"))
    issuer: Line = Shown(
        title=N_("Issuer"), description=N_("https:// address under which the provider describes itself")
    )
    client_id: Line = Shown(title=N_("Client id"))
    secret: Secret = Shown(
        "",
        title=N_("Client secret"),
        description=N_("Needed the first time; later, leave it empty to keep it"),
        json_schema_extra={"widget": "password"},
    )


@verb("settings.manage")
def read_provider(session: Session, actor: Actor) -> ProviderForm:
    """The tenant's provider without its secret; an empty form when there is none."""
    row = _own(session, actor)
    if row is None:
        return ProviderForm.model_construct(name="", issuer="", client_id="", secret="")
    return ProviderForm.model_construct(name=row.name, issuer=row.issuer, client_id=row.client_id, secret="")


def _own(session: Session, actor: Actor) -> LoginProvider | None:
    return session.scalar(select(LoginProvider).where(col(LoginProvider.tenant_id) == actor.tenant_id))


@verb("settings.manage")
def save_provider(session: Session, actor: Actor, *, form: ProviderForm) -> None:
    """Keep the tenant's provider. Raises ProofNeeded, FeatureOff, IssuerNotValid or SecretNeeded at the field."""
    check_recent_proof(session, actor)
    actor.check_feature(Feature.OWN_SIGN_IN)
    assert actor.tenant_id is not None
    issuer = form.issuer.rstrip("/")
    check_address(issuer)
    before = _own(session, actor)
    if not form.secret and (before is None or before.issuer != issuer):
        raise SecretNeeded(field="secret")  # a stored secret is never sent to another issuer
    kept = before.secret if before is not None and not form.secret else encrypt(actor.tenant_id, SECRET, form.secret)
    values = {"name": form.name, "issuer": issuer, "client_id": form.client_id, "secret": kept}
    made = insert(LoginProvider).values(tenant_id=actor.tenant_id, id=new_id(), created_at=clock.now(), **values)
    session.execute(made.on_conflict_do_update(index_elements=["tenant_id"], set_=values))


@verb("settings.manage")
def remove_provider(session: Session, actor: Actor) -> None:
    """Nobody signs in through it any more. Raises ProofNeeded."""
    check_recent_proof(session, actor)
    session.execute(delete(LoginProvider).where(col(LoginProvider.tenant_id) == actor.tenant_id))


_MINE = text("""
    SELECT t.slug, l.name FROM login_provider l JOIN tenant t ON t.id = l.tenant_id
    JOIN membership m ON m.tenant_id = t.id AND m.person_id = :person AND m.active
    WHERE t.status = 'active' ORDER BY l.name LIMIT 50""")


@verb(SIGNED_IN, role=Role.AUTH)
def my_choices(session: Session, actor: Actor) -> list[ProviderChoice]:
    """What one may connect to one's account: the platform's, and those of the tenants one works for."""
    own = [ProviderChoice(OWN + row.slug, row.name) for row in session.execute(_MINE, {"person": actor.person_id})]
    return [ProviderChoice(one.ref, one.name) for one in platform_providers()] + own
