"""The frontend: its tools, and its production build. Both belong to the checkout and are shared by data directories."""

from carehub.toolchain.build import build_frontend, build_key, is_built
from carehub.toolchain.tools import ToolchainError, environment, prepare_tools

__all__ = ["ToolchainError", "build_frontend", "build_key", "environment", "is_built", "prepare_tools"]
