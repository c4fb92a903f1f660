"""Objects, events and answers given, in one file that survives a kill."""

import json
import secrets
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

PREFIXES = {
    "customer": "cus", "checkout.session": "cs_test", "payment_intent": "pi", "setup_intent": "seti", "payment_method": "pm",
    "charge": "ch", "refund": "re", "dispute": "du", "balance_transaction": "txn", "event": "evt", "webhook_endpoint": "we",
    "product": "prod", "price": "price", "subscription": "sub", "invoice": "in", "subscription_item": "si", "coupon": "coupon",
    "account": "acct", "discount": "di", "test_helpers.test_clock": "clock",
}  # fmt: skip
Object = dict[str, Any]


class Missing(Exception):
    """No object of that id in that account."""


class Store:
    """Every object belongs to the account of the key that made it. `lock` is held while an operation reads and writes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self._db = sqlite3.connect(folder / "stripe.db", check_same_thread=False, isolation_level=None)
        self._db.executescript("""
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS object (id TEXT PRIMARY KEY, account TEXT, kind TEXT, seq INTEGER, body TEXT);
            CREATE INDEX IF NOT EXISTS of_kind ON object (account, kind, seq);
            CREATE TABLE IF NOT EXISTS answer (account TEXT, key TEXT, request TEXT, status INTEGER, body TEXT, PRIMARY KEY (account, key));
            CREATE TABLE IF NOT EXISTS told (event TEXT, endpoint TEXT, tries INTEGER, due REAL, done INTEGER);
        """)

    def close(self) -> None:
        self._db.close()

    def make(self, account: str, kind: str, **values: Any) -> Object:
        """A new object with an id and the time."""
        ref = f"{PREFIXES[kind]}_{secrets.token_hex(12)}"
        made = {"id": ref, "object": kind, "created": int(time.time()), "livemode": False, **values}
        self.keep(account, made)
        return made

    def keep(self, account: str, one: Object) -> None:
        with self.lock:
            seq = self._db.execute("SELECT coalesce(max(seq), 0) + 1 FROM object").fetchone()[0]
            self._db.execute(
                "INSERT INTO object VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                (one["id"], account, one["object"], seq, json.dumps(one)),
            )

    def get(self, account: str, kind: str, ref: str) -> Object:
        """Raises Missing."""
        row = self._db.execute(
            "SELECT body FROM object WHERE id = ? AND account = ? AND kind = ?", (ref, account, kind)
        ).fetchone()
        if row is None:
            raise Missing(f"No such {kind}: '{ref}'")
        found: Object = json.loads(row[0])
        return found

    def find(self, ref: str) -> tuple[str, Object] | None:
        """(account, object) of any account: for the hosted pages."""
        row = self._db.execute("SELECT account, body FROM object WHERE id = ?", (ref,)).fetchone()
        return (row[0], json.loads(row[1])) if row else None

    def all(self, account: str, kind: str) -> list[Object]:
        """The newest first."""
        rows = self._db.execute(
            "SELECT body FROM object WHERE account = ? AND kind = ? ORDER BY seq DESC", (account, kind)
        ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def accounts(self) -> list[str]:
        return [row[0] for row in self._db.execute("SELECT DISTINCT account FROM object").fetchall()]

    def drop(self, account: str, ref: str) -> None:
        self._db.execute("DELETE FROM object WHERE id = ? AND account = ?", (ref, account))

    def answered(self, account: str, key: str) -> tuple[str, int, str] | None:
        """(request, status, body) that a key was answered with."""
        row: tuple[str, int, str] | None = self._db.execute(
            "SELECT request, status, body FROM answer WHERE account = ? AND key = ?", (account, key)
        ).fetchone()
        return row

    def answer(self, account: str, key: str, request: str, status: int, body: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)", (account, key, request, status, body))

    def owe(self, event: str, endpoint: str, due: float) -> None:
        self._db.execute("INSERT INTO told VALUES (?, ?, 0, ?, 0)", (event, endpoint, due))

    def owed(self, now: float) -> list[tuple[int, str, str, int]]:
        """(row, event, endpoint, tries) that are due."""
        return self._db.execute(
            "SELECT rowid, event, endpoint, tries FROM told WHERE done = 0 AND due <= ? ORDER BY due LIMIT 50", (now,)
        ).fetchall()

    def settle(self, row: int, *, done: bool, due: float = 0) -> None:
        self._db.execute("UPDATE told SET done = ?, tries = tries + 1, due = ? WHERE rowid = ?", (done, due, row))
