"""A dump as an operator would make it: every column of every table, and what the database adds by itself."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections


@dataclass
class Row:
    """One row with all its columns and the hidden ones: place in the table and writing transaction."""

    table: str
    values: dict[str, object]
    place: int
    written_by: int | None = None


@dataclass
class Dump:
    """All rows of all databases, and the raw bytes of their files where there are files."""

    rows: list[Row] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def of(self, table: str) -> list[Row]:
        return [row for row in self.rows if row.table == table]


def _place(ctid: str) -> int:
    block, _, offset = ctid.strip("()").partition(",")
    return int(block) * 10_000 + int(offset)


def take_dump() -> Dump:
    """Read everything from the three databases."""
    dump = Dump()
    for alias in connections:
        connection = connections[alias]
        is_sqlite = connection.vendor == "sqlite"
        hidden = "rowid, NULL" if is_sqlite else "ctid::text, xmin::text"
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                if table.startswith("sqlite_"):
                    continue
                cursor.execute(f'SELECT {hidden}, * FROM "{table}"')
                names = [column[0] for column in cursor.description][2:]
                for place, written_by, *values in cursor.fetchall():
                    dump.rows.append(
                        Row(
                            table=table,
                            values=dict(zip(names, values, strict=True)),
                            place=place if is_sqlite else _place(place),
                            written_by=int(written_by) if written_by else None,
                        )
                    )
            name = connection.settings_dict["NAME"]
            if is_sqlite and Path(str(name)).is_file():
                for path in Path(str(name)).parent.glob(Path(str(name)).name + "*"):
                    dump.files[f"{alias}:{path.name}"] = path.read_bytes()
    return dump


def features(row: Row) -> dict[str, float]:
    """Return everything about a row that has an order, as numbers."""
    found = {"place": float(row.place)}
    if row.written_by is not None:
        found["written_by"] = float(row.written_by)
    for name, value in row.values.items():
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int | float):
            found[name] = float(value)
        elif isinstance(value, bytes | memoryview):
            found[name] = float(int.from_bytes(bytes(value)[:6], "big"))
        elif hasattr(value, "int"):
            found[name] = float(value.int >> 80)
        elif hasattr(value, "timestamp"):
            found[name] = value.timestamp()
        elif isinstance(value, str) and name in {"id", "client_id"}:
            found[name] = float(int(value.replace("-", "")[:12], 16))
    return found


def auc(scores_if_true: list[float], scores_if_false: list[float]) -> float:
    """Return how often a true case scores higher than a false one; half a point for a tie (Mann-Whitney)."""
    merged = sorted([(score, 1) for score in scores_if_true] + [(score, 0) for score in scores_if_false])
    rank_sum, index = 0.0, 0
    while index < len(merged):
        end = index
        while end < len(merged) and merged[end][0] == merged[index][0]:
            end += 1
        middle = (index + 1 + end) / 2
        rank_sum += middle * sum(is_true for _score, is_true in merged[index:end])
        index = end
    true, false = len(scores_if_true), len(scores_if_false)
    return (rank_sum - true * (true + 1) / 2) / (true * false)
