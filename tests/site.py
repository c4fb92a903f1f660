"""The whole product, started by `carehub up` with the demo's tenants, for journeys and for attacks from outside."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
BROWSERS = (
    os.environ.get("CAREHUB_BROWSER", ""),
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
START_SECONDS = 600  # the first one builds the frontend


@dataclass
class Site:
    """A running CareHub of its own: address, data directory, database."""

    url: str
    data_dir: Path
    database: str
    output: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    @property
    def mail(self) -> Path:
        """The maildir that holds all that was sent."""
        return self.data_dir / "mail"

    def connect(self) -> psycopg.Connection:
        """An administrator's connection that commits at once."""
        return psycopg.connect(self.database, autocommit=True)

    def carehub(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line, in this site's environment."""
        command = [sys.executable, "-m", "carehub", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_site(place: Path, name: str, database: str) -> Site:
    """`carehub up` with demo data, up and answering. Fails with what it printed when it does not come up."""
    from carehub.embedded.process import wait_until

    port, data_dir, output = free_port(), place / name, place / f"{name}.out"
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "CAREHUB_DATA_DIR": str(data_dir),
        "CAREHUB_PORT": str(port),
        "CAREHUB_DEMO": "1",
        "CAREHUB_STRIPE_TEST_CLOCKS": "1",
    }
    with output.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "carehub", "up"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    wait_until(lambda: process.poll() is not None or "Ctrl-C" in output.read_text(), seconds=START_SECONDS)
    site = Site(f"http://127.0.0.1:{port}", data_dir, database, output, environment, process)
    if process.poll() is not None or "Ctrl-C" not in output.read_text():
        process.kill()
        pytest.fail(output.read_text(), pytrace=False)
    return site


@pytest.fixture(scope="session")
def site(template: str) -> Iterator[Site]:
    """One running CareHub for every test that wants one; such tests share a pytest worker."""
    from tests.conftest import PLACE, SERVER, WORKER, clone

    name = f"site_{WORKER}"
    clone(name)
    running = start_site(PLACE, name, SERVER.url(name))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    found = next((path for name in BROWSERS if name and (path := shutil.which(name))), None)
    assert found, "no browser: make browser"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A tab of a new person at the running site; `page.goto("/search")` is enough."""
    context = browser.new_context(base_url=site.url, locale="en-GB")
    yield context.new_page()
    context.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("site"))
            item.add_marker(pytest.mark.browser if "page" in item.fixturenames else pytest.mark.site)
