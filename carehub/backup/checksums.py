"""One checksum over each table: the same rows give the same, in whatever order they are stored and on whatever server."""

from sqlalchemy import Connection, text

from carehub.backup.archive import TableSum

_PLAIN = (  # how values are written, whatever the server's own settings
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)
_COLUMNS = text("""
    SELECT c.relname, array_agg(quote_ident(a.attname) ORDER BY a.attname)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = '' GROUP BY c.relname ORDER BY c.relname""")
_SUM = """
    SELECT count(*) AS rows, coalesce(sum(('x' || left(h, 16))::bit(64)::bigint::numeric), 0) AS one,
           coalesce(sum(('x' || right(h, 16))::bit(64)::bigint::numeric), 0) AS two
    FROM (SELECT md5(ROW({columns})::text) AS h FROM "{table}") AS hashed"""


def table_sums(connection: Connection) -> dict[str, TableSum]:
    """Every table's rows and checksum, in the present transaction. Columns that PostgreSQL computes do not count."""
    for statement in _PLAIN:
        connection.execute(text(statement))
    found = {}
    for table, columns in connection.execute(_COLUMNS).all():
        row = connection.execute(text(_SUM.format(columns=", ".join(columns), table=table))).one()
        found[table] = TableSum(row.rows, f"{row.one}:{row.two}")
    return found


def differences(wanted: dict[str, TableSum], found: dict[str, TableSum]) -> list[str]:
    """What is not the same, a line a table; empty when all is."""
    lines = []
    for name in sorted({*wanted, *found}):
        if wanted.get(name) != found.get(name):
            had, has = wanted.get(name), found.get(name)
            lines.append(
                f"{name}: {had.rows if had else 'no table'} rows were kept, {has.rows if has else 'no table'} came"
            )
    return lines
