"""What identity hands out."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Workplace:
    """A tenant that the person works for, for the switcher."""

    slug: str
    name: str
    accent: str
    role: str
    initials: str


@dataclass(frozen=True)
class News:
    """What the platform tells the reader, by language; `kind` is news, terms, promotion or incident."""

    id: str
    kind: str
    titles: dict[str, str]
    bodies: dict[str, str]


@dataclass(frozen=True)
class ShellView:
    """What the frame of a page shows: who reads it, in which tenant, what is open to them."""

    signed_in: bool = False
    name: str = ""
    initials: str = ""
    role: str = ""
    title: str = ""  # the name of the tenant's own role
    tenant: str = ""  # slug; empty outside a workspace
    tenant_name: str = ""
    tenant_initials: str = ""
    tenant_logo: str = ""  # its address
    accent: str = ""
    words: dict[str, str] = field(default_factory=dict)
    permissions: list[str] = field(default_factory=list)
    workplaces: list[Workplace] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    suspended: bool = False  # the page's tenant, of which the person is a member
    platform: str = ""  # the role of a super-admin
    acting_until: str = ""  # an ISO moment while the reader stands in for a member
    visit_until: str = ""  # an ISO moment while a visit of the console is open
