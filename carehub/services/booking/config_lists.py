"""The lists of services and practitioners that staff configures."""

from sqlalchemy import func, select
from sqlmodel import col

from carehub.core.i18n import N_
from carehub.models.practice import Practitioner, Service, ServicePractitioner
from carehub.models.tenancy import Site, Tenant
from carehub.services.booking.config_forms import CONFIRMATION_LABELS, VISIBILITY_LABELS
from carehub.services.listing import Column, Filter, ListSpec, list_verb

YES_NO_LABELS = {"True": N_("Yes"), "False": N_("No")}
FLAGS = {"yes": N_("Yes"), "no": N_("No")}

_currency = select(col(Tenant.currency)).where(col(Tenant.id) == col(Service.tenant_id)).scalar_subquery()
_offered = (
    select(func.count())
    .where(
        col(ServicePractitioner.tenant_id) == col(Service.tenant_id),
        col(ServicePractitioner.service_id) == col(Service.id),
    )
    .correlate(Service)
    .scalar_subquery()
)

SERVICES = ListSpec(
    name="services",
    title=N_("Services"),
    permission="directory.manage",
    key=col(Service.id),
    columns={
        "name": Column(N_("Name"), col(Service.name), "person", second=col(Service.description)),
        "price": Column(N_("Price"), col(Service.price_minor), "money", second=_currency),
        "minutes": Column(N_("Minutes"), col(Service.duration_minutes), "number"),
        "offered": Column(N_("Offered by"), _offered, "number", sortable=False),
        "public": Column(
            N_("Bookable online"), col(Service.is_public), "badge", labels=YES_NO_LABELS, tones={"True": "ok"}
        ),
        "active": Column(N_("In use"), col(Service.active), "badge", labels=YES_NO_LABELS, tones={"True": "ok"}),
        "position": Column(N_("Place in lists"), col(Service.position), "number", on_phone=False),
    },
    search=(col(Service.name), col(Service.description)),
    sort="position",
    filters={
        "active": Filter(N_("In use"), FLAGS, where=lambda value: col(Service.active) == (value == "yes")),
        "public": Filter(N_("Bookable online"), FLAGS, where=lambda value: col(Service.is_public) == (value == "yes")),
    },
    link="/w/{tenant}/services/{id}",
    search_label=N_("Find a service"),
    empty=N_("Describe what can be booked: its length, its price, who offers it."),
)
list_services = list_verb(SERVICES)

_name = func.trim(
    func.concat_ws(" ", col(Practitioner.honorific), col(Practitioner.given_name), col(Practitioner.family_name))
)
_site = (
    select(col(Site.name))
    .where(col(Site.tenant_id) == col(Practitioner.tenant_id), col(Site.id) == col(Practitioner.site_id))
    .correlate(Practitioner)
    .scalar_subquery()
)

PRACTITIONERS = ListSpec(
    name="practitioners",
    title=N_("{Practitioners}"),
    permission="directory.manage",
    key=col(Practitioner.id),
    columns={
        "name": Column(N_("Name"), _name, "person", second=col(Practitioner.headline)),
        "confirmation": Column(
            N_("Confirmed"), col(Practitioner.confirmation), "badge", labels=CONFIRMATION_LABELS, on_phone=False
        ),
        "visibility": Column(
            N_("Public profile"),
            col(Practitioner.visibility),
            "badge",
            labels=VISIBILITY_LABELS,
            tones={"published": "ok", "hidden": "out"},
        ),
        "site": Column(N_("Place"), _site, sortable=False, on_phone=False),
        "active": Column(
            N_("Works here"), col(Practitioner.active), "badge", labels=YES_NO_LABELS, tones={"True": "ok"}
        ),
        "position": Column(N_("Place in lists"), col(Practitioner.position), "number", on_phone=False),
    },
    search=(_name, col(Practitioner.headline)),
    sort="position",
    filters={
        "visibility": Filter(N_("Public profile"), VISIBILITY_LABELS, col(Practitioner.visibility)),
        "active": Filter(N_("Works here"), FLAGS, where=lambda value: col(Practitioner.active) == (value == "yes")),
    },
    link="/w/{tenant}/practitioners/{id}",
    search_label=N_("Find someone"),
    empty=N_("Add those who receive people here."),
)
list_practitioners = list_verb(PRACTITIONERS)
