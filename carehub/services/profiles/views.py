"""What the profiles hand out."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Picture:
    """A picture of the gallery. `url` is public on a public page, and for staff only in the editor."""

    id: str
    url: str
    caption: str


@dataclass(frozen=True)
class Video:
    """A presentation at a known host. `frame` is our own page that holds the host's player: nothing is asked of the host before."""

    host: str  # its name: YouTube
    frame: str
    href: str


@dataclass(frozen=True)
class Link:
    """An address elsewhere. `network` names an icon and a word."""

    network: str
    label: str
    href: str


@dataclass(frozen=True)
class Presented:
    """What a profile shows to one audience beyond its entry. An empty part is either unwritten or not for this audience."""

    approach: str = ""
    diplomas: list[str] = field(default_factory=list)
    certifications: list[str] = field(default_factory=list)
    gallery: list[Picture] = field(default_factory=list)
    video: Video | None = None
    links: list[Link] = field(default_factory=list)
    distinctions: list[str] = field(default_factory=list)  # msgids
    report: str = ""  # where the page is reported; a preview has none


@dataclass(frozen=True)
class Step:
    """Something that would make a profile fuller. `label` is a msgid, `part` where on the page it is done."""

    label: str
    part: str
    points: int


@dataclass(frozen=True)
class Progress:
    """How full a profile is, in percent, and what to do next: the steps that count most."""

    percent: int = 0
    next: list[Step] = field(default_factory=list)
