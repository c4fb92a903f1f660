"""How quotes and invoices look, chosen for each kind and kept for what is issued from now on (CD-072)."""

from sqlalchemy.orm import Session

from carehub.core.actor import Actor
from carehub.core.errors import Invalid
from carehub.core.verbs import verb
from carehub.services.tenancy.paper_forms import LAWFUL, PaperColumn, PaperForm, PaperKind, PapersForm
from carehub.services.tenancy.settings import MANAGE, READ, change_tenant, own_tenant


class ColumnsNeeded(Invalid):
    key = "An invoice must show quantity, unit price and VAT rate"


def checked(kind: PaperKind, form: PaperForm) -> PaperForm:
    """With its columns in their order. Raises ColumnsNeeded at `columns`: what tax law wants of each line."""
    if kind == PaperKind.INVOICE and not set(form.columns) >= LAWFUL:
        raise ColumnsNeeded(field="columns")
    ordered = [one for one in PaperColumn if one in form.columns]
    return form.model_copy(update={"columns": ordered, "colour": form.colour.lower()})


@verb(READ)
def read_papers(session: Session, actor: Actor) -> PapersForm:
    """Both kinds, as they are chosen."""
    return PapersForm.model_validate(own_tenant(session, actor).papers)


@verb(MANAGE)
def save_papers(session: Session, actor: Actor, *, form: PapersForm) -> PapersForm:
    """Keep how both kinds look. What was issued stays as it was. Raises ColumnsNeeded at `columns`."""
    kept = PapersForm(quote=checked(PaperKind.QUOTE, form.quote), invoice=checked(PaperKind.INVOICE, form.invoice))
    change_tenant(session, actor, {"papers": kept.model_dump(mode="json")})
    return kept


@verb(READ)
def read_paper(session: Session, actor: Actor, *, kind: PaperKind) -> PaperForm:
    """One kind; where another colour was never chosen it begins with the brand's."""
    tenant = own_tenant(session, actor)
    found: PaperForm = getattr(PapersForm.model_validate(tenant.papers), kind.value)
    return found.model_copy(update={"colour": tenant.accent}) if found.brand_colour else found


@verb(MANAGE)
def save_paper(session: Session, actor: Actor, *, kind: PaperKind, form: PaperForm) -> PaperForm:
    """Keep how one kind looks. Raises ColumnsNeeded at `columns`."""
    kept = checked(kind, form)
    both = PapersForm.model_validate(own_tenant(session, actor).papers).model_copy(update={kind.value: kept})
    change_tenant(session, actor, {"papers": both.model_dump(mode="json")})
    return kept
