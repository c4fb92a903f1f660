"""The `carehub` command. Modules are imported inside commands, so that a wrong setting is explained, not traced."""

import importlib
import importlib.metadata
import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="CareHub.")
db = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(db, name="db")
audit = typer.Typer(no_args_is_help=True, help="The audit log.")
app.add_typer(audit, name="audit")
admin = typer.Typer(no_args_is_help=True, help="Super-admins of the platform.")
app.add_typer(admin, name="admin")
console = Console(stderr=True, highlight=False, soft_wrap=True)

WRONG_SETTING = 2
FAILED = 1


def _variable(name: str) -> str:
    return name if name.isupper() else f"CAREHUB_{name.upper()}"


@app.callback()
def _settings() -> None:
    try:
        importlib.import_module("carehub.core.settings")
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            name = _variable(str(fault["loc"][0]))
            console.print(f"[red]{name}[/]={escape(repr(fault['input']))}: {escape(fault['msg'])}")
        raise typer.Exit(WRONG_SETTING) from None


@contextmanager
def _plainly() -> Iterator[None]:
    """What an operator can mend is said in one paragraph; anything else is a bug and keeps its traceback."""
    import psycopg
    import sqlalchemy.exc

    from carehub.core.errors import CareHubError
    from carehub.embedded import EmbeddedError
    from carehub.supervisor.prepare import StartError
    from carehub.toolchain import ToolchainError

    try:
        yield
    except (CareHubError, EmbeddedError, StartError, ToolchainError) as error:
        console.print(f"[red]{escape(str(error))}[/]")
        raise typer.Exit(FAILED) from None
    except PermissionError as error:
        console.print(
            f"[red]This user may not write {escape(str(error.filename))}.[/] Give CAREHUB_DATA_DIR another place."
        )
        raise typer.Exit(FAILED) from None
    except (psycopg.OperationalError, sqlalchemy.exc.OperationalError) as error:
        console.print(f"[red]The database cannot be reached:[/] {escape(str(getattr(error, 'orig', error)))}")
        raise typer.Exit(FAILED) from None


def _part(name: str) -> ModuleType:
    """An optional part of the product. Exits with a plain word when this build has none."""
    if importlib.util.find_spec(name) is None:
        console.print(f"[red]This build has no {name}.[/]")
        raise typer.Exit(FAILED)
    return importlib.import_module(name)


def _become(command: list[str], environment: dict[str, str]) -> None:
    from carehub.core.settings import ROOT

    os.chdir(ROOT)
    os.execvpe(command[0], command, environment)  # noqa: S606 - the process manager watches this very process


@app.command()
def up() -> None:
    """Start everything this machine needs and keep it running until Ctrl-C."""
    from carehub.supervisor import up as run

    with _plainly():
        run()


@app.command()
def down() -> None:
    """Stop the `carehub up` of this data directory."""
    from carehub.supervisor import down as stop

    with _plainly():
        typer.echo("Stopped." if stop() else "Nothing was running.")


@app.command()
def migrate() -> None:
    """Bring the database to the present schema."""
    from carehub.core.migrate import upgrade
    from carehub.embedded import running

    with _plainly(), running():
        upgrade()


@app.command()
def seed(
    scale: Annotated[str, typer.Option(help="demo: the five demo tenants; large: 1,000,000 appointments.")] = "demo",
) -> None:
    """Load demo data, or the large data set for measuring."""
    from carehub.embedded import running

    if scale not in ("demo", "large"):
        raise typer.BadParameter("demo or large", param_hint="--scale")
    demo = _part("carehub.services.demo")
    with _plainly(), running():
        demo.seed() if scale == "demo" else demo.seed_large(typer.echo)


@app.command()
def build() -> None:
    """Build the frontend if its inputs changed."""
    from carehub.toolchain import build_frontend

    with _plainly():
        typer.echo("Built." if build_frontend() else "Unchanged.")


@app.command()
def web() -> None:
    """Serve the built frontend and the event socket: one process for operators."""
    from carehub.supervisor.children import web_command, web_environment

    _become(web_command(), web_environment())


@app.command()
def worker() -> None:
    """Run the Celery worker: one process for operators."""
    from carehub.supervisor.children import environment, worker_command

    _become(worker_command(), environment())


@app.command()
def beat() -> None:
    """Run the scheduler: one process for operators, never two."""
    from carehub.supervisor.children import beat_command, environment

    _become(beat_command(), environment())


@app.command()
def doctor() -> None:
    """Say what is wrong here and how to mend it."""
    from carehub.doctor import examine

    raise typer.Exit(0 if examine() else FAILED)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> None:
    """Measure the hot paths beside a raw-SQL floor."""
    from carehub.embedded import running

    measured = _part("carehub.bench")
    with _plainly(), running():
        code = measured.main(context.args)
    raise typer.Exit(code)


@db.command()
def url(admin: Annotated[bool, typer.Option("--admin", help="The administrator's address.")] = False) -> None:
    """Print the address that the web connects with, or the administrator's."""
    from carehub.core.db import login_url
    from carehub.core.settings import settings

    if admin:
        typer.echo(settings.admin_database_url)
    else:
        typer.echo(login_url().set(drivername="postgresql").render_as_string(hide_password=False))


@audit.command()
def verify() -> None:
    """Compute every sealed batch of the audit log again; fails when one was tampered with."""
    from carehub.embedded import running
    from carehub.services.platform.audit import verify as compute

    with _plainly(), running():
        verdict = compute()
    for batch in verdict.broken:
        console.print(f"[red]Batch {batch} is not what was sealed.[/]")
    typer.echo(f"{verdict.batches} batches, {len(verdict.broken)} broken. Last hash: {verdict.last or 'none'}")
    raise typer.Exit(FAILED if verdict.broken else 0)


@admin.command()
def grant(
    email: str,
    role: Annotated[str, typer.Option(help="admin, support (reads only) or auditor (reads only).")] = "admin",
) -> None:
    """Open the console to the account of EMAIL."""
    from carehub.core.permissions import PlatformRole
    from carehub.embedded import running
    from carehub.services.platform import staff

    if role not in [one.value for one in PlatformRole]:
        raise typer.BadParameter("admin, support or auditor", param_hint="--role")
    with _plainly(), running():
        staff.grant(email, PlatformRole(role))
    typer.echo(f"{email} may open /platform as {role}.")


@admin.command()
def revoke(email: str) -> None:
    """Close the console to the account of EMAIL, at once."""
    from carehub.embedded import running
    from carehub.services.platform import staff

    with _plainly(), running():
        done = staff.revoke(email)
    typer.echo(f"{email} no longer enters the console." if done else f"{email} had no access.")


@app.command()
def version() -> None:
    """Print the version."""
    from carehub.core.settings import ROOT

    try:
        typer.echo(importlib.metadata.version("carehub"))
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that is not installed
        import tomllib

        typer.echo(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
