"""What moderation hands out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportedPage:
    """The page that someone is about to report. `waits`: their report about it is still open."""

    name: str
    house: str
    href: str
    waits: bool


@dataclass(frozen=True)
class PartView:
    """One part of a page in its author's words; `label` is a msgid."""

    label: str
    text: str


@dataclass(frozen=True)
class ReportView:
    """One report as the reviewer reads it; labels are msgids, `at` is an ISO moment.

    `name` empty: the practitioner is not there any more. `profile`: it is about a practitioner, who can be hidden.
    """

    id: str
    tenant_id: str
    tenant: str
    name: str
    href: str
    profile: bool
    kind: str
    words: str
    found: list[PartView]
    reporter: str
    state: str
    told: str
    at: str
    others: int
    parts: list[PartView]
