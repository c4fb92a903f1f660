"""The command: which lines, and what it prints."""

import argparse
import os
from collections.abc import Sequence

import psycopg
import typer

from carehub.bench import plan, socket_trip, storm
from carehub.bench.by_hand import FLOORS
from carehub.bench.invoices import invoice_lines
from carehub.bench.measure import Line, report
from carehub.bench.money import money_lines
from carehub.bench.pages import page_lines
from carehub.core import clock, memory
from carehub.core.db import admin_url

PARTS = ("booking", "pages", "socket", "money", "invoices")


def main(argv: Sequence[str] = ()) -> int:
    """Measure and print. 0; 1 when the large set is missing or a slot was booked twice."""
    memory.settle()
    asked = _parser().parse_args(list(argv))
    url = admin_url().set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM tenant WHERE slug = 'large-001'").fetchone() is None:
            typer.echo("There is no large data set yet: run `carehub seed --scale large` first.", err=True)
            return 1
        lines: list[Line] = []
        doubles = 0
        if "booking" in asked.only:
            storms, doubles = _booking(connection, url, asked)
            lines += storms
        if "pages" in asked.only:
            lines += page_lines(connection, times=asked.times)
        if "socket" in asked.only:
            lines.append(socket_trip.line(connection, asked.url, times=asked.times))
        if "money" in asked.only:
            lines += money_lines(connection, url, each=asked.each, times=asked.times, processes=asked.processes)
        if "invoices" in asked.only:
            lines += invoice_lines(connection, processes=asked.processes)
    typer.echo(report(lines))
    if "booking" in asked.only:
        typer.echo(f"double bookings: {doubles}")
    return 1 if doubles else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="carehub bench")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--each", type=int, default=40, help="slots that each of the 64 clients wants")
    parser.add_argument("--times", type=int, default=200, help="calls a line")
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="processes that the 64 clients share"
    )
    parser.add_argument("--url", default="", help="a running web, for the socket; none: one is started")
    return parser


def _booking(
    connection: psycopg.Connection[tuple[object, ...]], url: str, asked: argparse.Namespace
) -> tuple[list[Line], int]:
    since = clock.now()
    kinds = (*storm.VERBS, *FLOORS)
    try:
        plans = {kind: plan.wanted(connection, each=asked.each, residue=n) for n, kind in enumerate(kinds)}
        done = {kind: storm.book_all(kind, plans[kind], processes=asked.processes, url=url) for kind in kinds}
        doubles = plan.double_bookings(connection, plans.values())
    finally:
        plan.clean(connection, since)
    for kind, one in done.items():
        typer.echo(f"64 clients, {kind}: {len(one.timings.calls)} booked, {one.lost} lost to another client", err=True)
    return [
        Line(f"{ours}, 64 clients; floor: {floor}", done[ours].timings, done[floor].timings, by_rate=True)
        for ours in storm.VERBS
        for floor in (f"{ours} by hand", "rows", "insert")
    ], doubles
