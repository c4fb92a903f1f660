"""Which CareHub this is."""

import importlib.metadata
import tomllib
from functools import cache

from carehub.core.settings import ROOT


@cache
def release() -> str:
    """The version, also from a checkout that is not installed."""
    try:
        return importlib.metadata.version("carehub")
    except importlib.metadata.PackageNotFoundError:
        return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
