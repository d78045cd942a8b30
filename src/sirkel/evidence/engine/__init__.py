"""Counting by a database: DuckDB on this machine, or the same expressions on PostgreSQL or Spark.

``staging`` brings a file of any kind into one table, in pieces; ``backends`` gives that table to an engine; ``checks``
looks for what must not be in it; ``sums`` and ``people`` are the expressions; ``counter`` hands out the counts. What comes
back to Python is as small as what is asked: sums, never sheets.
"""

from sirkel.evidence.command import ENGINES
from sirkel.evidence.engine.counter import counting

__all__ = ["ENGINES", "counting"]
