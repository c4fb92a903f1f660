"""All tables. Importing this package fills `metadata`."""

from sqlmodel import SQLModel

from carehub.models import booking, console, directory, identity, notify, platform, practice, tenancy

metadata = SQLModel.metadata

__all__ = ["booking", "console", "directory", "identity", "metadata", "notify", "platform", "practice", "tenancy"]
