"""Why a backup is not made, or not taken back, in an operator's words. Nothing was changed when one is raised."""

from carehub.core.errors import OperatorError


class BackupError(OperatorError):
    """The message says what is wrong and what to do."""


class Damaged(BackupError):
    """The file is not what was written, or was never a backup."""


class Foreign(BackupError):
    """Another installation's secret closed it."""


class Newer(BackupError):
    """A later CareHub made it."""


class Collides(BackupError):
    """What it holds stands here already, and differs."""
