"""What verification hands out. Numbers are hidden but for their last characters, except to the reviewer."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class DocumentView:
    """`size` in bytes, `at` ISO. `href` is empty for who may not open it; `reads` is how often it was opened."""

    id: str
    name: str
    size: int
    at: str
    href: str
    reads: int


@dataclass(frozen=True)
class ClaimView:
    """One thing that can be verified, and where it stands. `status` empty: nothing was begun. Labels are msgids.

    `connected`: the network's own word is at hand. `expires_on` is the last day of an approval, ISO.
    """

    kind: str
    label: str
    help: str
    number_label: str
    options: list[dict[str, str]]
    needs_document: bool
    gives_badge: bool
    network: str
    connected: bool
    status: str = ""
    approved: bool = False
    number: str = ""
    reason: str = ""
    expires_on: str = ""
    submitted_at: str = ""
    documents: list[DocumentView] = field(default_factory=list)


@dataclass(frozen=True)
class ReadView:
    """Who opened a document, when, as what: owner or reviewer."""

    name: str
    at: str
    by: str


@dataclass(frozen=True)
class ReviewView:
    """A claim as the reviewer needs it. `until` is the day that is proposed as the last one, ISO."""

    id: str = ""
    tenant_id: str = ""
    tenant: str = ""
    practitioner: str = ""
    href: str = ""
    country: str = ""
    label: str = ""
    number_label: str = ""
    number: str = ""
    option: str = ""
    declared: str = ""
    statement: str = ""
    status: str = ""
    approved: bool = False
    reason: str = ""
    submitted_at: str = ""
    submitted_by: str = ""
    expires_on: str = ""
    until: str = ""
    documents: list[DocumentView] = field(default_factory=list)
    reads: list[ReadView] = field(default_factory=list)
