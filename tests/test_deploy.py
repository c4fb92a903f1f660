"""What deploy/ holds is what the product reads: files are well formed, name settings and addresses that exist, run as nobody."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import AliasChoices
from starlette.routing import Route
from typer.main import get_command

from carehub.api.routes import ROUTES
from carehub.cli import app
from carehub.core.settings import ROOT, Settings

DEPLOY = ROOT / "deploy"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
UNITS = sorted((DEPLOY / "systemd").iterdir())
VARIABLE = re.compile(r"\b(CAREHUB_[A-Z_]+|DATABASE_URL|REDIS_URL)\b")
COMMAND = re.compile(r"python -m carehub ([a-z]+)")


def variables() -> set[str]:
    names = {f"CAREHUB_{name.upper()}" for name in Settings.model_fields}
    for one in Settings.model_fields.values():
        if isinstance(one.validation_alias, AliasChoices):
            names |= {str(choice) for choice in one.validation_alias.choices}
    return names


def documents(*files: Path) -> Iterator[dict[str, Any]]:
    for file in files:
        yield from yaml.safe_load_all(file.read_text())


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """The pod of everything that runs on Kubernetes."""
    for one in documents(*KUBERNETES):
        spec = one.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template:
            yield one["metadata"]["name"], template["spec"]


@pytest.mark.parametrize("file", [one for one in DEPLOY.rglob("*") if one.is_file()], ids=lambda one: one.name)
def test_every_variable_that_is_set_exists(file: Path) -> None:
    assert set(VARIABLE.findall(file.read_text())) <= variables()


def test_every_command_exists() -> None:
    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    asked = {name for unit in UNITS for name in COMMAND.findall(unit.read_text())}
    asked |= {pod["containers"][0]["args"][0] for _, pod in pods()}
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    asked |= {one["command"][0] for one in services.values() if one.get("image", "").startswith("carehub")}
    assert asked == {"web", "worker", "beat", "migrate", "backup"}
    assert asked <= known


def test_probes_and_balancers_ask_what_is_served() -> None:
    served = {one.path for one in ROUTES if isinstance(one, Route)} | {"/ping"}  # Reflex's own
    asked = {
        probe["httpGet"]["path"]
        for _, pod in pods()
        for name, probe in pod["containers"][0].items()
        if name.endswith("Probe")
    }
    asked |= set(re.findall(r"health_uri (\S+)", (DEPLOY / "Caddyfile").read_text()))
    assert asked == {"/ping", "/readyz"}
    assert asked <= served


@pytest.mark.parametrize(("name", "pod"), list(pods()), ids=lambda one: one if isinstance(one, str) else "")
def test_nothing_runs_as_root_or_may_become_it(name: str, pod: dict[str, Any]) -> None:
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        assert container["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
        assert "memory" in container["resources"]["limits"]


def test_the_image_ends_as_nobody_in_particular() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")][-1] == "USER 10001:10001"
    copied = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    assert all((ROOT / name).exists() for name in copied)


def test_there_is_exactly_one_scheduler() -> None:
    beat = next(one for one in documents(DEPLOY / "kubernetes" / "beat.yaml"))
    assert (beat["spec"]["replicas"], beat["spec"]["strategy"]["type"]) == (1, "Recreate")


def test_the_database_and_the_broker_are_not_reached_from_outside() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    assert compose["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "valkey"):
        assert compose["services"][name]["networks"] == ["inside"]
    assert [name for name, one in compose["services"].items() if "ports" in one] == ["proxy"]


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_proxies_limit_bodies_and_hide_what_is_inside(name: str) -> None:
    said = (DEPLOY / name).read_text()
    assert "/metrics" in said
    assert "/healthz" in said
    sizes = [int(size) for size in re.findall(r"(?:max_size|client_max_body_size) (\d+)", said, re.IGNORECASE)]
    assert max(sizes) * 1_000_000 > Settings.model_fields["upload_max_bytes"].default
    assert said.count("{") == said.count("}")


def test_the_backup_of_the_clock_is_the_commands_own() -> None:
    unit = (DEPLOY / "systemd" / "carehub-backup.service").read_text()
    job = next(documents(DEPLOY / "kubernetes" / "backup.yaml"))
    assert "backup --scheduled" in unit
    assert job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["args"] == ["backup", "--scheduled"]
    assert job["spec"]["concurrencyPolicy"] == "Forbid"


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="no kubectl here")
def test_kustomize_builds_the_manifests() -> None:
    command = ["kubectl", "kustomize", str(DEPLOY / "kubernetes")]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    kinds = [one["kind"] for one in yaml.safe_load_all(built.stdout)]
    assert kinds.count("Deployment") == 3
    assert "CronJob" in kinds


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = (
            unit.read_text().replace("/opt/carehub/.venv/bin/python", "/bin/true").replace("User=carehub", "User=root")
        )
        (tmp_path / unit.name).write_text(text.replace("Group=carehub", "Group=root"))
    command = ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
