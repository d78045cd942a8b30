"""The engines: how each gets the table, keeps what is asked for several times, and what it asks for to be installed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import polars as pl
import psycopg
import pyarrow.parquet as pq
from ibis.expr.types import Table

from sirkel.evidence.engine.staging import KEYS, LINE, Staged
from sirkel.evidence.tables import DataError

ADDRESS = "SIRKEL_ENGINE_DATABASE_URL"
MASTER = "SIRKEL_SPARK_MASTER"
_BATCH = 65_536


@dataclass
class Engine:
    """An engine with the sheets as its ``table``."""

    name: str
    connection: Any
    table: Table

    def __post_init__(self) -> None:
        self._numbers = count()

    def fetch(self, asked: Table) -> pl.DataFrame:
        """Run an expression and return its rows."""
        found = pl.from_arrow(asked.to_pyarrow())
        return found if isinstance(found, pl.DataFrame) else found.to_frame()

    @contextmanager
    def keeping(self, asked: Table) -> Iterator[Table]:
        """Give an expression's rows as a table that lies in the engine, until the end."""
        name = f"kept_{next(self._numbers)}"
        if self.name == "spark":
            kept = self.connection.create_view(name, asked)
            self.connection.raw_sql(f"CACHE TABLE {name}")
            yield kept
            self.connection.raw_sql(f"UNCACHE TABLE {name}")
            self.connection.raw_sql(f"DROP VIEW {name}")
            return
        yield self.connection.create_table(name, asked, temp=True)
        cursor = self.connection.raw_sql(f"DROP TABLE {name}")
        if self.name == "postgres":  # DuckDB gives the connection itself
            cursor.close()


@contextmanager
def engine_with(name: str, staged: Staged, folder: Path) -> Iterator[Engine]:
    """Give an engine that has the staged sheets.

    Raises:
        DataError: the engine is not there, or cannot be reached.

    """
    opened = {"duckdb": _duckdb, "postgres": _postgres, "spark": _spark}[name]
    with opened(staged, folder) as engine:
        yield engine


@contextmanager
def _duckdb(staged: Staged, folder: Path) -> Iterator[Engine]:
    connection = ibis.duckdb.connect(folder / "counting.duckdb", temp_directory=str(folder))
    try:
        yield Engine("duckdb", connection, connection.read_parquet(staged.path, table_name="sheets"))
    finally:
        connection.disconnect()


@contextmanager
def _postgres(staged: Staged, _folder: Path) -> Iterator[Engine]:
    """Load the sheets into a table that only this connection sees and that ends with it."""
    address = os.environ.get(ADDRESS, "")
    if not address:
        raise DataError(
            f"set {ADDRESS} to the database that is to count: postgresql://user:password@host/name"
        )
    try:
        raw = psycopg.connect(address)
    except psycopg.Error as error:
        said = str(error).strip().splitlines()
        raise DataError(
            f"the database of {ADDRESS} does not answer: {said[0] if said else 'no reason given'}"
        ) from None
    try:
        _load(raw, staged)
        connection = ibis.postgres.from_connection(raw)
        yield Engine("postgres", connection, connection.table("sirkel_sheets"))
    finally:
        raw.close()


def _load(raw: psycopg.Connection[Any], staged: Staged) -> None:
    kinds = {LINE: "bigint"} | dict.fromkeys(KEYS, "text")
    file = pq.ParquetFile(staged.path)
    names = file.schema_arrow.names
    columns = ", ".join(f"{name} {kinds.get(name, 'double precision')}" for name in names)
    with raw.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE sirkel_sheets ({columns})".encode())
        with cursor.copy("COPY sirkel_sheets FROM STDIN (FORMAT csv)") as copy:
            for batch in file.iter_batches(batch_size=_BATCH):
                frame = pl.DataFrame(pl.from_arrow(batch))
                copy.write(frame.write_csv(include_header=False, quote_style="non_numeric").encode())
        cursor.execute("ANALYZE sirkel_sheets")


@contextmanager
def _spark(staged: Staged, _folder: Path) -> Iterator[Engine]:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 -- an extra that few have
    except ImportError:
        raise DataError(
            "Spark is not installed: pip install -r requirements/spark.lock, and Java 17"
        ) from None
    master = os.environ.get(MASTER) or "local[*]"
    builder = SparkSession.builder.appName("sirkel").master(master).config("spark.ui.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    if master.startswith("local"):  # nobody else on the network is to reach it
        for end in ("spark.driver.host", "spark.driver.bindAddress"):
            builder = builder.config(end, "127.0.0.1")
        builder = builder.config("spark.sql.shuffle.partitions", "8")
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        connection = ibis.pyspark.connect(session)
        yield Engine("spark", connection, connection.read_parquet(staged.path, table_name="sheets"))
    finally:
        session.stop()
