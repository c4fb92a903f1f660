"""The `carehub` command. Modules are imported inside commands, so that a wrong setting is explained, not traced."""

import importlib
import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
ledger = typer.Typer(no_args_is_help=True, help="The books.")
app.add_typer(ledger, name="ledger")
payments = typer.Typer(no_args_is_help=True, help="Payments by card.")
app.add_typer(payments, name="payments")
keys = typer.Typer(no_args_is_help=True, help="Encryption keys.")
app.add_typer(keys, name="keys")
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

    from carehub.core.errors import CareHubError, OperatorError
    from carehub.embedded import EmbeddedError
    from carehub.supervisor.prepare import StartError
    from carehub.toolchain import ToolchainError

    try:
        yield
    except (CareHubError, OperatorError, EmbeddedError, StartError, ToolchainError) as error:
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
def backup(
    to: Annotated[Path | None, typer.Argument(help="A file or a directory; else CAREHUB_BACKUP_DIR.")] = None,
    tenant: Annotated[str, typer.Option(help="Only this organisation's, by its address.")] = "",
    verify: Annotated[bool, typer.Option(help="Restore it into a scratch database and compare every table.")] = True,
    scheduled: Annotated[
        bool, typer.Option("--scheduled", help="Only when one is due; old ones are taken away.")
    ] = False,
) -> None:
    """Back up everything, or one organisation, while people work. The secret key is never inside: keep it apart."""
    from carehub.backup.keeping import back_up_if_due
    from carehub.backup.run import make
    from carehub.embedded import running

    if scheduled:
        with _plainly(), running():
            path = back_up_if_due()
        typer.echo(f"Backed up to {path}." if path else "No backup is due, or CAREHUB_BACKUP_DIR is not given.")
        return
    with _plainly(), running():
        made = make(to, slug=tenant, prove=verify, say=typer.echo)
    typer.echo(f"{made.path} ({made.path.stat().st_size / 1e6:.1f} MB)")
    typer.echo("The secret key is not in it, and without it nobody can read it: keep a copy of the key apart.")


@app.command()
def restore(
    file: Path,
    secret_file: Annotated[Path | None, typer.Option(help="The secret it was made with, if not this one's.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of what stands here.")] = False,
) -> None:
    """Put a backup back: proved in a scratch database first, then all of it at once or nothing."""
    from carehub.backup.run import take_back
    from carehub.embedded import running

    secret = secret_file.read_text().strip().encode() if secret_file else b""
    with _plainly(), running():
        take_back(file, secret=secret, replace=replace, say=typer.echo)


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


@ledger.command("verify")
def verify_ledger(
    tenant: Annotated[str, typer.Option(help="One organisation's address; all of them otherwise.")] = "",
) -> None:
    """Prove that every posting sums to zero and every balance is the sum of its entries; fails and names what drifted."""
    from carehub.embedded import running
    from carehub.services.ledger import verify_all

    with _plainly(), running():
        found = verify_all(tenant)
    if tenant and not found:
        console.print(f"[red]No organisation has the address {escape(tenant)}.[/]")
        raise typer.Exit(WRONG_SETTING)
    for slug, drifts in found.items():
        for drift in drifts:
            console.print(f"[red]{slug}: {drift.what} {drift.subject} is off by {drift.by}.[/]")
    wrong = sum(len(drifts) for drifts in found.values())
    typer.echo(f"{len(found)} organisations, {wrong} differences.")
    raise typer.Exit(FAILED if wrong else 0)


@payments.command("replay")
def replay_payment_event(
    event: Annotated[str, typer.Argument(help="Stripe's name of it: evt_…, as its dashboard shows it.")],
) -> None:
    """Handle a webhook of Stripe's again that was kept (90 days): the payment is looked at anew, nothing happens twice."""
    from carehub.embedded import running
    from carehub.services.payments.webhooks import replay_webhook

    with _plainly(), running():
        found = replay_webhook(event.strip())
    if not found:
        console.print(f"[red]No event {escape(event)} is kept: Stripe has not told it, or it is older than 90 days.[/]")
        raise typer.Exit(WRONG_SETTING)
    typer.echo(f"{found} to be handled again by the worker.")


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


@keys.command("rotate")
def rotate_keys(
    tenant: Annotated[str, typer.Option(help="Only this organisation's, by its address.")] = "",
) -> None:
    """Give every organisation a new data key and write what the older one sealed anew. People may go on working."""
    from carehub.embedded import running
    from carehub.services.platform.keys import rotate

    with _plainly(), running():
        done = rotate(tenant=tenant, say=typer.echo)
    typer.echo(f"{done.scopes} keys rotated, {done.values} values written anew, {done.unreadable} cannot be opened.")
    raise typer.Exit(FAILED if done.unreadable else 0)


@keys.command()
def rewrap(
    former: Annotated[
        str, typer.Option(help="A file with the secret that was; CAREHUB_SECRET_KEY is the new one.")
    ] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="Make a new secret in the data directory.")] = False,
) -> None:
    """After a change of the secret: wrap every data key with the new one. Stop web, worker and beat before."""
    from carehub.embedded import running
    from carehub.services.platform.keys import change_secret, rewrap_all

    if bool(former) == fresh:
        raise typer.BadParameter("give one of the two", param_hint="--former or --fresh")
    if _is_up():
        console.print("[red]CareHub is up: `carehub down` first.[/]")
        raise typer.Exit(FAILED)
    with _plainly(), running():
        count = change_secret() if fresh else rewrap_all(Path(former).read_text().strip().encode())
    typer.echo(f"{count} data keys are wrapped with the new secret. Run `carehub migrate`, then start CareHub again.")
    typer.echo("Links in mails sent before no longer open. Keep the former secret as long as backups made with it.")


def _is_up() -> bool:
    from carehub.doctor import is_up

    return is_up()


@app.command()
def version() -> None:
    """Print the version."""
    from carehub.core.release import release

    typer.echo(release())
