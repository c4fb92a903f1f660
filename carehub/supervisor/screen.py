"""What the operator sees: one line a step with its seconds, then where to go and as whom."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

console = Console(highlight=False)


class Step:
    """One line in the making; `note` is written behind its name."""

    def __init__(self) -> None:
        self.note = ""


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Say that `title` is going on, then that it is done or failed, and after how long."""
    current, began = Step(), time.monotonic()
    try:
        with console.status(f"{title} …"):
            yield current
    except BaseException:
        console.print(f"[red]✗[/] {title}  [dim]{time.monotonic() - began:.1f} s[/]")
        raise
    note = f" [dim]({escape(current.note)})[/]" if current.note else ""
    console.print(f"[green]✓[/] {title}{note}  [dim]{time.monotonic() - began:.1f} s[/]")


def say(text: str) -> None:
    console.print(f"[dim]{time.strftime('%H:%M:%S')}[/] {escape(text)}")


def welcome(url: str, *, seconds: float, sign_ins: Sequence[Sequence[str]], mailbox: bool) -> None:
    """The address and, in the demo, the people to sign in as."""
    console.print()
    console.print(Panel.fit(f"CareHub runs at [bold link={url}]{url}[/]   [dim]ready in {seconds:.1f} s[/]"))
    if sign_ins:
        table = Table(title="Demo sign-ins", title_justify="left", box=None, pad_edge=False)
        for name in ("Who", "E-mail", "Password"):
            table.add_column(name, overflow="fold")
        for row in sign_ins:
            table.add_row(*(escape(str(cell)) for cell in row))
        console.print(table)
    if mailbox:
        console.print(f"Outgoing mail is kept at {url}/demo/mailbox")
    console.print("[dim]Ctrl-C stops everything.[/]")
