"""What crawlers read of the directory: profiles, organisations, searches and the landing as plain HTML with JSON-LD. DI-153."""

import re
from html import escape
from typing import Any

from carehub.api.seo import Document, document, query
from carehub.core.actor import VISITOR
from carehub.core.db import perform
from carehub.core.errors import NotFound
from carehub.core.i18n import N_, translate
from carehub.core.money import Money, digits
from carehub.core.settings import settings
from carehub.services import directory
from carehub.services.directory.criteria import Criteria, address_of, parse
from carehub.services.directory.specialities import SPECIALITIES, msgid
from carehub.services.directory.views import Hit, Place, Profile, ServiceView, TenantHome
from carehub.services.profiles.views import Presented
from carehub.services.tenancy.places import tenant_url

SLUG = r"[a-z0-9-]+"
LONGEST_DESCRIPTION = 160
WELCOME = N_("Psychologists, doctors, coaches and experts, in person or by video: see their free hours and book.")


def _link(path: str, text: str) -> str:
    return f'<a href="{escape(path)}">{escape(text)}</a>'


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_DESCRIPTION else flat[: LONGEST_DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"


def _people(hits: list[Hit], locale: str) -> str:
    items = (
        f"<li>{_link(hit.href, hit.name)}, {escape(hit.headline or translate(hit.speciality, locale))}, {escape(hit.city)}</li>"
        for hit in hits
    )
    return f"<ul>{''.join(items)}</ul>"


def _services(services: list[ServiceView], currency: str, locale: str) -> str:
    rows = (
        f"<li>{escape(one.names.get(locale, one.name))}: {one.minutes} min, {escape(Money(one.price_minor, currency).text(locale))}</li>"
        for one in services
    )
    return f"<ul>{''.join(rows)}</ul>"


def _offers(services: list[ServiceView], currency: str) -> list[dict[str, Any]]:
    return [
        {
            "@type": "Offer",
            "price": f"{one.price_minor / 10 ** digits(currency):.{digits(currency)}f}",
            "priceCurrency": currency,
            "itemOffered": {"@type": "Service", "name": one.name, "description": one.description or one.name},
        }
        for one in services
    ]


def _address(place: Place) -> dict[str, Any]:
    return {
        "@type": "PostalAddress",
        "streetAddress": place.address,
        "postalCode": place.postcode,
        "addressLocality": place.city,
        "addressCountry": place.country,
    }


def _located(place: Place) -> dict[str, Any]:
    said: dict[str, Any] = {"address": _address(place)}
    if place.latitude is not None and place.longitude is not None:
        said["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return said


@document(rf"/t/({SLUG})/p/({SLUG})/?")
def profile_document(match: re.Match[str], locale: str) -> Document | None:
    try:
        found = perform(directory.profile, VISITOR, tenant=match[1], slug=match[2])
    except NotFound:
        return None
    hit = found.hit
    speciality = translate(found.specialities[0], locale) if found.specialities else ""
    title = (
        translate(
            "{name}, {speciality} in {city}",
            locale,
            name=hit.name,
            speciality=speciality,
            city=translate(hit.city, locale),
        )
        if speciality
        else translate("{name} in {city}", locale, name=hit.name, city=translate(hit.city, locale))
    )
    fallback = translate("Book with {name}: services, prices, languages and next free hours.", locale, name=hit.name)
    body = (
        f"<main><h1>{escape(hit.name)}</h1><p>{escape(hit.headline or speciality)}</p><p>{escape(found.biography)}</p>"
        f"{_presented(found.more or Presented(), locale)}"
        f"<h2>{escape(translate('Services and prices', locale))}</h2>{_services(found.services, hit.currency, locale)}"
        f"<p>{escape(hit.address)}, {escape(hit.city)}</p><p>{_link(f'/t/{hit.tenant}', hit.tenant_name)}</p></main>"
    )
    return Document(
        title=f"{title} · CareHub",
        description=_short(found.biography) or fallback,
        canonical=tenant_url(hit.tenant) + hit.href,
        body_html=body,
        jsonld=_person_data(found),
        image=tenant_url(hit.tenant) + hit.photo if hit.photo else "",
    )


def _presented(more: Presented, locale: str) -> str:
    """Approach, training, pictures and links; a video by the address of its page."""
    held = [translate(one, locale) for one in more.distinctions]
    lists = ((N_("Distinctions"), held), (N_("Diplomas"), more.diplomas), (N_("Certifications"), more.certifications))
    parts = [f"<h2>{escape(translate('Approach', locale))}</h2><p>{escape(more.approach)}</p>"] if more.approach else []
    parts += [
        f"<h2>{escape(translate(title, locale))}</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
        for title, lines in lists
        if lines
    ]
    parts += [f'<img src="{escape(one.url)}" alt="{escape(one.caption)}" loading="lazy"/>' for one in more.gallery]
    away = [(one.label, one.href) for one in more.links]
    away += [(translate("Video at {host}", locale, host=more.video.host), more.video.href)] if more.video else []
    parts += [
        f'<p><a rel="nofollow noopener" href="{escape(href)}">{escape(translate(label, locale))}</a></p>'
        for label, href in away
    ]
    return "".join(parts)


def _person_data(found: Profile) -> dict[str, Any]:
    """Physician for medicine, else the person with what they offer. A rating only when someone rated."""
    hit = found.hit
    known = [SPECIALITIES[code] for code in found.speciality_codes if code in SPECIALITIES]
    is_physician = bool(known) and known[0].schema_type == "Physician"
    works_for = {"@type": "Organization", "name": hit.tenant_name, "url": f"{tenant_url(hit.tenant)}/t/{hit.tenant}"}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Physician" if is_physician else ["Person", "LocalBusiness"],
        "name": hit.name,
        "url": tenant_url(hit.tenant) + hit.href,
        "description": hit.headline or _short(found.biography),
        "knowsLanguage": hit.languages,
        "parentOrganization" if is_physician else "worksFor": works_for,
        "makesOffer": _offers(found.services, hit.currency),
    }
    for place in found.places:
        data |= _located(place)
    more = found.more or Presented()
    pictures = [hit.photo, *(one.url for one in more.gallery)]
    if any(pictures):
        data["image"] = [tenant_url(hit.tenant) + one for one in pictures if one]
    if more.links:
        data["sameAs"] = [one.href for one in more.links]
    if not is_physician:
        data |= _training(more)
    if is_physician:
        data["medicalSpecialty"] = [one.label for one in known]
    if hit.rating_count and hit.rating is not None:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": hit.rating,
            "reviewCount": hit.rating_count,
        }
    return data


def _training(more: Presented) -> dict[str, Any]:
    """What schema.org knows of a person, not of a practice."""
    kinds = (("degree", more.diplomas), ("certification", more.certifications))
    credentials = [
        {"@type": "EducationalOccupationalCredential", "credentialCategory": kind, "name": line}
        for kind, lines in kinds
        for line in lines
    ]
    return {"hasCredential": credentials} if credentials else {}


@document(rf"/t/({SLUG})/?")
def tenant_document(match: re.Match[str], locale: str) -> Document | None:
    try:
        home = perform(directory.tenant_home, VISITOR, slug=match[1])
    except NotFound:
        return None
    fallback = translate("{name}: practitioners, services and free hours.", locale, name=home.name)
    return Document(
        title=f"{home.name} · CareHub",
        description=_short(home.tagline or home.about) or fallback,
        canonical=f"{tenant_url(home.slug)}/t/{home.slug}",
        body_html=f"<main><h1>{escape(home.name)}</h1><p>{escape(home.tagline)}</p>{_blocks(home, locale)}</main>",
        jsonld=_organisation_data(home),
        image=tenant_url(home.slug) + home.logo if home.logo else "",
    )


def _blocks(home: TenantHome, locale: str) -> str:
    drawn = {
        "practitioners": _people(home.practitioners, locale),
        "services": _services(home.services, home.currency, locale),
        "about": f"<p>{escape(home.about)}</p>",
    }
    return "".join(
        f"<h2>{escape(one.title)}</h2><p>{escape(one.text)}</p>" if one.kind == "text" else drawn.get(one.kind, "")
        for one in home.blocks
    )


def _organisation_data(home: TenantHome) -> dict[str, Any]:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    hours = [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": days[one.weekday], "opens": span[:5], "closes": span[-5:]}
        for one in home.openings
        for span in one.spans
    ]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalClinic" if home.kind == "clinic" else "LocalBusiness",
        "name": home.name,
        "url": f"{tenant_url(home.slug)}/t/{home.slug}",
        "description": _short(home.tagline or home.about),
        "openingHoursSpecification": hours,
        "makesOffer": _offers(home.services, home.currency),
        "employee": [
            {"@type": "Person", "name": hit.name, "url": tenant_url(hit.tenant) + hit.href}
            for hit in home.practitioners
        ],
    }
    if home.phone:
        data["telephone"] = home.phone
    for place in home.places[:1]:
        data |= _located(place)
    return data


@document("/search/?")
def search_document(_match: re.Match[str], locale: str) -> Document:
    """The canonical address keeps what names a page worth finding (speciality, city) and drops the reader's own wishes."""
    asked = parse(query.get())
    found = perform(directory.search, VISITOR, asked=asked)
    what = translate(msgid(asked.speciality) if asked.speciality else "Find a practitioner", locale)
    named = translate("{what} in {city}", locale, what=what, city=translate(asked.city, locale)) if asked.city else what
    items = [
        {"@type": "ListItem", "position": hit.number, "url": settings.url + hit.href, "name": hit.name}
        for hit in found.hits
    ]
    return Document(
        title=f"{named} · CareHub",
        description=translate("{what}: free hours and prices. Book online.", locale, what=named),
        canonical=settings.url + address_of(Criteria(speciality=asked.speciality, city=asked.city)),
        body_html=f"<main><h1>{escape(named)}</h1>{_people(found.hits, locale)}</main>",
        jsonld={
            "@context": "https://schema.org",
            "@type": "ItemList",
            "numberOfItems": found.total,
            "itemListElement": items,
        },
    )


@document("/")
def landing_document(_match: re.Match[str], locale: str) -> Document:
    shown = perform(directory.landing, VISITOR)
    entries = [(translate(one.label, locale), one.href) for group in shown.groups for one in group.links]
    entries += [(one.label, one.href) for one in shown.cities]
    links = "".join(f"<li>{_link(href, label)}</li>" for label, href in entries)
    site = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "CareHub",
        "url": settings.url,
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{settings.url}/search?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }
    title = translate("The right practitioner, at the next free hour", locale)
    return Document(
        title=f"{title} · CareHub",
        description=translate(WELCOME, locale),
        canonical=settings.url + "/",
        body_html=f"<main><h1>{escape(title)}</h1><p>{escape(translate(WELCOME, locale))}</p><ul>{links}</ul></main>",
        jsonld=site,
    )
