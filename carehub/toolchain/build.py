"""One production build for whatever address it is served from, made again only when its inputs changed."""

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from carehub.core.settings import ROOT
from carehub.embedded.errors import tail
from carehub.embedded.process import file_lock
from carehub.toolchain.tools import TOOLS, ToolchainError, environment, prepare_tools, run_logged

WEB = ROOT / ".web"
CLIENT = WEB / "build" / "client"
STAMP = WEB / "carehub-build"
CONFIG_STAMP = WEB / "carehub-config"
LOG = TOOLS / "build.log"
BUILD_SECONDS = 900
PLACEHOLDER = "http://carehub.invalid"  # the build's address, replaced by the browser's own
INPUTS = ("carehub", "assets", "rxconfig.py", "reflex.lock")
GENERATED = ("assets/locales", "assets/external")


def _inputs() -> Iterator[Path]:
    generated = tuple(ROOT / name for name in GENERATED)
    for name in INPUTS:
        start = ROOT / name
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            hidden = "__pycache__" in path.parts or any(path.is_relative_to(place) for place in generated)
            if path.is_file() and not hidden:
                yield path


def build_key() -> str:
    """A digest of all that goes into the build."""
    return _digest(_inputs())


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256(f"{platform.python_version()} {importlib.metadata.version('reflex')}".encode())
    for path in paths:
        content = path.read_bytes()
        digest.update(f"\0{path.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def is_built() -> bool:
    """Whether the build on disk is that of the present sources."""
    return STAMP.exists() and (CLIENT / "index.html").exists() and STAMP.read_text() == build_key()


def build_frontend() -> bool:
    """Make the production build. False when it was there. Raises ToolchainError with the log's end."""
    with file_lock(TOOLS / "build.lock", seconds=BUILD_SECONDS):
        if is_built():
            return False
        prepare_tools()
        STAMP.unlink(missing_ok=True)
        _forget_other_configuration()
        _export()
        _free_of_address()
        _slim_manifest()
        STAMP.write_text(build_key())  # after: a first build may complete reflex.lock
    return True


def _forget_other_configuration() -> None:
    """Reflex leaves a removed plugin's files behind: another configuration starts from nothing."""
    wanted = _digest([ROOT / "rxconfig.py"])
    if not CONFIG_STAMP.exists() or CONFIG_STAMP.read_text() != wanted:
        shutil.rmtree(WEB, ignore_errors=True)
        WEB.mkdir()
        CONFIG_STAMP.write_text(wanted)


def _export() -> None:
    command = [sys.executable, "-m", "reflex", "export", "--no-zip", "--frontend-only"]
    env = {**environment(), "CAREHUB_PUBLIC_URL": PLACEHOLDER, "PYTHONPATH": _with_root()}
    failed = run_logged(command, cwd=ROOT, env=env, log=LOG, seconds=BUILD_SECONDS)
    if failed or not (CLIENT / "index.html").exists():
        raise ToolchainError(f"The frontend does not build. The end of {LOG}:\n{tail(LOG, lines=25)}")


def _with_root() -> str:
    return os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))


def _free_of_address() -> None:
    """Take the placeholder out, so that one build serves any host and port: scripts ask the browser, pages go relative."""
    host = PLACEHOLDER.removeprefix("http")
    for path in (path for kind in ("*.js", "*.html", "*.xml", "*.txt", "*.json") for path in CLIENT.rglob(kind)):
        text = path.read_text()
        if host not in text:
            continue
        path.write_text(_at_own_origin(text, host) if path.suffix == ".js" else text.replace(PLACEHOLDER, ""))
        if host in path.read_text():
            raise ToolchainError(f"The build's placeholder address is still in {path}.")
        _forget_compressed(path)


def _forget_compressed(path: Path) -> None:
    """What was compressed before `path` was changed."""
    for suffix in (".gz", ".br"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


# Makes of [names of style sheets, sets of them, columns, everything else] what React Router expects. The columns: routes, the hashes
# of their scripts in one piece, a letter for each one's set. Columns weigh less than rows: what differs is not parted by what is alike.
_UNFOLD = """(([c,l,[r,h,s],m])=>{r.split(" ").forEach((n,i,{length:z})=>{const id=`routes/${n}._index`,w=h.length/z;\
m.routes[id]={id,parentId:"root",\
path:n.replace(/\\$\\[/g,"[:").replace(/[[\\]]/g,"").replaceAll(".","/"),index:true,hasDefaultExport:true,\
module:`/assets/${n.replace(/[[\\]$]/g,"_")}._index-${h.substr(i*w,w)}.js`,\
imports:[],css:l[s.charCodeAt(i)-65].map(j=>c[j])}});return m})"""
HASH = 8  # letters in the name of a script


def _slim_manifest() -> None:
    """Every page carries the list of all routes. Which chunks each of them will import is told by the chunks themselves, and
    what follows from a route's name need not be said: the list grows with the product, its weight hardly."""
    head, tail_ = "window.__reactRouterManifest=", ";"
    for path in (CLIENT / "assets").glob("manifest-*.js"):
        text = path.read_text()
        if not text.startswith(head):
            raise ToolchainError(f"{path.name} is not the list of routes that was expected.")
        manifest = json.loads(text.removeprefix(head).rstrip().removesuffix(tail_))
        folded = json.dumps(_folded(manifest), separators=(",", ":"))
        path.write_text(f"{head}{_UNFOLD}({folded}){tail_}")
        _forget_compressed(path)


def _folded(manifest: dict[str, Any]) -> list[Any]:
    """What _UNFOLD takes. A route that it would not make as it was stays as it is."""
    sheets: dict[str, int] = {}
    sets: dict[tuple[int, ...], int] = {}
    rows: list[tuple[str, str, str]] = []
    whole = {}
    for name, told in sorted(manifest["routes"].items()):
        route = {key: value for key, value in told.items() if value is not False}
        if name != "root":
            route["imports"] = []
        short = name.removeprefix("routes/").removesuffix("._index")
        module = "/assets/" + re.sub(r"[\[\]$]", "_", short) + "._index-"
        script_hash = route["module"].removeprefix(module).removesuffix(".js")
        place = re.sub(r"[\[\]]", "", short.replace("$[", "[:")).replace(".", "/")
        usual = {
            "id": f"routes/{short}._index",
            "parentId": "root",
            "path": place,
            "index": True,
            "hasDefaultExport": True,
            "imports": [],
        }
        told_short = route == {**usual, "module": f"{module}{script_hash}.js", "css": route["css"]}
        if told_short and len(script_hash) == HASH and " " not in short:
            css = tuple(sheets.setdefault(one, len(sheets)) for one in route["css"])
            rows.append((short, script_hash, chr(ord("A") + sets.setdefault(css, len(sets)))))
        else:
            whole[name] = route
    names, hashes, letters = zip(*rows, strict=True)
    columns = [" ".join(names), "".join(hashes), "".join(letters)]
    return [list(sheets), [list(one) for one in sets], columns, {**manifest, "routes": whole}]


def _at_own_origin(script: str, host: str) -> str:
    for quote in "\"'`":
        script = script.replace(f"{quote}http{host}/", f"location.origin+{quote}/")
        script = script.replace(f"{quote}ws{host}/", f"location.origin.replace(/^http/,{quote}ws{quote})+{quote}/")
    return script
