"""The command: which lines, and what it prints."""

import argparse
import os
from collections.abc import Sequence

import psycopg
import typer

from carehub.bench import socket_trip, storm
from carehub.bench.measure import Line, report
from carehub.bench.pages import page_lines
from carehub.core import clock
from carehub.core.db import admin_url

PARTS = ("booking", "pages", "socket")


def main(argv: Sequence[str] = ()) -> int:
    """Measure and print. 0; 1 when the large set is missing or a slot was booked twice."""
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
    typer.echo(report(lines))
    if "booking" in asked.only:
        typer.echo(f"double bookings: {doubles}")
    return 1 if doubles else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="carehub bench")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--each", type=int, default=20, help="slots that each of the 64 clients wants")
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
    try:
        plans = {
            kind: storm.wanted(connection, each=asked.each, residue=n)
            for n, kind in enumerate(("verbs", "insert", "writes"))
        }
        done = {kind: storm.storm(kind, plan, processes=asked.processes, url=url) for kind, plan in plans.items()}
        doubles = storm.double_bookings(connection, plans.values())
    finally:
        storm.clean(connection, since)
    for kind, one in done.items():
        typer.echo(f"64 clients, {kind}: {len(one.timings.calls)} booked, {one.lost} lost to another client", err=True)
    ours = done["verbs"].timings
    return [
        Line("hold + book, 64 clients; floor: one INSERT", ours, done["insert"].timings, by_rate=True),
        Line("the same; floor: the same rows", ours, done["writes"].timings, by_rate=True),
    ], doubles
