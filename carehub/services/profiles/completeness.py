"""How full a profile is, and what to do next. Pure."""

from dataclasses import dataclass

from carehub.core.i18n import N_
from carehub.services.profiles.parts import Said, lines_of
from carehub.services.profiles.views import Progress, Step

ENOUGH_WORDS = 150  # characters of a presentation that says something
SHOWN = 4  # steps at once


@dataclass(frozen=True)
class Standing:
    """What else counts besides the words."""

    headline: str
    specialities: int
    services: int
    is_published: bool
    is_verified: bool


def progress_of(said: Said, now: Standing) -> Progress:
    """Percent of the points, and the next steps by what they bring."""
    steps = [(done, Step(label, part, points)) for done, label, part, points in _steps(said, now)]
    total = sum(step.points for _done, step in steps)
    reached = sum(step.points for done, step in steps if done)
    left = sorted((step for done, step in steps if not done), key=lambda step: -step.points)
    return Progress(100 * reached // total, left[:SHOWN])


def _steps(said: Said, now: Standing) -> list[tuple[bool, str, str, int]]:
    return [
        (bool(said.photo), N_("Add a portrait"), "pictures", 15),
        (len(said.biography) >= ENOUGH_WORDS, N_("Say in a few sentences whom you help and how"), "about", 15),
        (now.is_verified, N_("Have your number or identity checked"), "verification", 15),
        (now.services > 0, N_("Offer a service that can be booked"), "services", 10),
        (now.is_published, N_("Publish the profile"), "visibility", 10),
        (bool(now.headline), N_("Write the line under your name"), "about", 5),
        (now.specialities > 0, N_("Choose your specialities"), "about", 5),
        (bool(said.approach), N_("Describe your approach"), "about", 5),
        (bool(lines_of(said.diplomas + "\n" + said.certifications)), N_("List your diplomas"), "training", 5),
        (bool(said.languages), N_("Say which languages you speak"), "training", 5),
        (said.practising_since is not None, N_("Say since when you practise"), "training", 3),
        (bool(said.gallery), N_("Show the place where you receive"), "pictures", 4),
        (bool(said.video or said.links), N_("Add a video or a link"), "elsewhere", 3),
    ]
