"""Refusals a person should read. Anything else that is raised is a bug and gets an id."""

from dataclasses import dataclass, field
from types import TracebackType
from typing import ClassVar


@dataclass(frozen=True)
class Wrong:
    """What is wrong with one field: a msgid and its parameters, translated where it is shown."""

    key: str = ""
    params: dict[str, str] = field(default_factory=dict)


class CareHubError(Exception):
    """A refusal. Nothing was changed when it is raised.

    `key` is the English msgid that the reader's catalogue translates; `params` fill it;
    `field` names the form field at fault; `status` is the HTTP answer of the REST API;
    `code` is the stable name of the problem there.
    """

    key: ClassVar[str] = "Something went wrong"
    status: ClassVar[int] = 400

    def __init__(self, *, field: str | None = None, **params: str | int) -> None:
        super().__init__(self.key.format(**params) if params else self.key)
        self.field = field
        self.params = params

    @property
    def fields(self) -> dict[str, Wrong]:
        """Every field at fault with what is wrong there; empty when no field is."""
        if self.field is None:
            return {}
        return {self.field: Wrong(self.key, {name: str(value) for name, value in self.params.items()})}

    @property
    def code(self) -> str:
        name = type(self).__name__
        return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class OperatorError(RuntimeError):
    """What only the command line says, in English: what is wrong and what to do. Nothing was changed, or all can be done again."""


class SignInRequired(CareHubError):
    key = "Sign in to continue"
    status = 401


class NotAllowed(CareHubError):
    key = "You may not do this"
    status = 403


class ModuleOff(CareHubError):
    key = "This module is switched off for this organisation"
    status = 403


class FeatureOff(CareHubError):
    key = "CareHub has not opened this to your organisation"
    status = 403


class NotWhileImpersonating(NotAllowed):
    key = "This is for the organisation's own people: it is closed while you stand in for one of them"


class OnlyAtCareHub(NotAllowed):
    key = "This is at CareHub's own address: open it there"


class TenantSuspended(CareHubError):
    key = "This organisation is suspended. Nothing is lost: write to CareHub to open it again"
    status = 403


class VisitNeeded(CareHubError):
    """A platform's own person whose visit of the console is over, or not begun."""

    key = "Say first why you come: the console opens for half an hour"
    status = 403


class NotFound(CareHubError):
    key = "This no longer exists"
    status = 404


class Taken(CareHubError):
    key = "{value} is already used"
    status = 409


class Invalid(CareHubError):
    key = "This value is not valid"
    status = 422


class SeveralInvalid(Invalid):
    """More than one field is at fault: `fields` tells each, so that a form is mended in one go."""

    key = "Some fields are not valid"

    def __init__(self, wrong: dict[str, Wrong]) -> None:
        super().__init__()
        self._wrong = wrong

    @property
    def fields(self) -> dict[str, Wrong]:
        return self._wrong


class Faults:
    """Gathers refusals at fields: `with faults: check_email(...)` for each rule, then `faults.check()`.

    A refusal without a field passes through. At each field the first one stays.
    """

    def __init__(self) -> None:
        self.fields: dict[str, Wrong] = {}
        self._refusals: list[CareHubError] = []

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: TracebackType | None) -> bool:
        if not isinstance(error, CareHubError) or not error.fields:
            return False
        self._refusals.append(error)
        self.add(error.fields)
        return True

    def add(self, wrong: dict[str, Wrong]) -> None:
        self.fields = {**wrong, **self.fields}

    def check(self) -> None:
        """Raises the one refusal that was gathered, or SeveralInvalid."""
        if len(self.fields) == len(self._refusals) == 1:
            raise self._refusals[0]
        if self.fields:
            raise SeveralInvalid(self.fields)


class TooMany(CareHubError):
    """Come back in `seconds`."""

    key = "Too many attempts. Try again in {seconds} seconds"
    status = 429


class ChangedMeanwhile(CareHubError):
    """Someone else wrote first: the caller reads again and decides again."""

    key = "Someone changed this meanwhile. Look again before you save"
    status = 409
