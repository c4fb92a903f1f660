"""All tables. Importing this package fills `metadata`."""

from sqlmodel import SQLModel

from carehub.models import access, booking, console, custom, directory, identity, notify, platform, practice, tenancy

metadata = SQLModel.metadata

__all__ = [
    "access",
    "booking",
    "console",
    "custom",
    "directory",
    "identity",
    "metadata",
    "notify",
    "platform",
    "practice",
    "tenancy",
]
