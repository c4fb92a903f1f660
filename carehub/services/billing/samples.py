"""A sample quote or invoice, drawn as its organisation is about to set it: never kept, never numbered (CD-072)."""

from decimal import Decimal
from functools import partial

from sqlalchemy.orm import Session

from carehub.core import clock
from carehub.core.actor import Actor
from carehub.core.i18n import LOCALES, N_, translate
from carehub.core.ids import new_id
from carehub.core.money import digits
from carehub.core.verbs import verb
from carehub.models.billing import BillingDocument, DocumentKind, DocumentState
from carehub.models.tenancy import Tenant
from carehub.services.billing import paper
from carehub.services.billing.appointments import usual_tax
from carehub.services.billing.content import kept_line, set_amounts, set_buyer, tenant_of
from carehub.services.billing.documents import defaults_of
from carehub.services.billing.forms import Buyer, LineForm
from carehub.services.billing.issuing import mentions_of, seller_of
from carehub.services.tenancy.paper_forms import PaperForm, PaperKind
from carehub.services.tenancy.papers import checked
from carehub.services.tenancy.settings import READ
from carehub.services.tenancy.settings_forms import Country

# what, detail, how many, price in whole units of money
_LINES = (
    (N_("First meeting"), N_("One hour, to understand what you need"), "1", 60),
    (N_("Sessions"), N_("Six sessions of an hour"), "6", 75),
    (N_("Written summary"), "", "1", 90),
)
_SAMPLE = {PaperKind.QUOTE: DocumentKind.QUOTE, PaperKind.INVOICE: DocumentKind.INVOICE}


def _document(session: Session, tenant: Tenant, kind: PaperKind, locale: str) -> BillingDocument:
    """Issued today, of no row. Prices as large as the currency makes them usual."""
    say, today = partial(translate, locale=locale), clock.today(tenant.time_zone)
    category, rate = usual_tax(session, tenant)
    made = BillingDocument(
        tenant_id=tenant.id,
        id=new_id(),
        kind=_SAMPLE[kind].value,
        state=DocumentState.ISSUED.value,
        number=say(N_("SAMPLE")),
        currency=tenant.currency,
        locale=locale,
        subject=say(N_("Coaching")),
        deposit=Decimal(30) if kind == PaperKind.QUOTE else Decimal(0),
        issued_on=today,
        due_on=today,
        seller=seller_of(tenant),
        created_at=clock.now(),
    )
    buyer = Buyer.model_construct(
        name=say(N_("Name of your client")), address=say(N_("Street and number")), postcode="75000",
        city=say(N_("City")), country=Country(tenant.country),
    )  # fmt: skip
    set_buyer(made, buyer)
    scale = Decimal(1) if digits(tenant.currency) != 0 else Decimal(100)
    lines = [
        LineForm(
            description=say(what), detail=say(detail) if detail else "", quantity=Decimal(many), price=price * scale,
            rate=rate, category=category,
        )
        for what, detail, many, price in _LINES
    ]  # fmt: skip
    made.lines = [kept_line(one, made.currency) for one in lines]
    set_amounts(made)
    made.mentions = mentions_of(made, tenant, defaults_of(session, tenant.id))
    return made


@verb(READ)
def sample_page(session: Session, actor: Actor, *, kind: PaperKind, form: PaperForm, locale: str) -> bytes:
    """The first page of a sample as a picture (PNG), as `form` would have it. Raises ColumnsNeeded at `columns`."""
    return paper.pages_of(session, _sample(session, actor, kind, form, locale), pay=paper.pay_address("…"))[0]


@verb(READ)
def sample_pdf(session: Session, actor: Actor, *, kind: PaperKind, form: PaperForm, locale: str) -> bytes:
    """The sample as a PDF. Raises ColumnsNeeded at `columns`."""
    return paper.pdf_of(session, _sample(session, actor, kind, form, locale), pay=paper.pay_address("…"))


def _sample(session: Session, actor: Actor, kind: PaperKind, form: PaperForm, locale: str) -> BillingDocument:
    assert actor.tenant_id is not None
    tenant = tenant_of(session, actor.tenant_id)
    made = _document(session, tenant, kind, locale if locale in LOCALES else tenant.locale)
    made.seller = {**made.seller, "paper": checked(kind, form).model_dump(mode="json")}
    return made
