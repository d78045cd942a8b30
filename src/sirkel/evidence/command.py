"""What the researcher's commands are called with: standard library only, so that they explain themselves anywhere."""

import argparse
from pathlib import Path
from typing import NoReturn

PROTECT = """Decide which of the requested numbers may be seen, so that nobody who knows who belongs where can work out
one person's answer from all of them together. FILE holds units, people, scale, cells and earlier releases as JSON;
the answer has the same cells in the same order, each released or hidden, with the reason."""


ANALYSE = """Analyse answer sheets: reliability, agreement within workplaces, change over waves and the gap between
leaders and employees, each with its interval, or with the reason why it cannot be said. DATA is .csv, .parquet, .sav
or .dta with one answer sheet a row; the instrument says which columns make up which scale."""


ENGINES = ("duckdb", "postgres", "spark")


class Parser(argparse.ArgumentParser):
    """A parser that answers wrong use with one line instead of a page, and exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Leave."""
        self.exit(2, f"{self.prog}: {message} (see: {self.prog} --help)\n")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of sheets")
    return int(text)


def add_analyse_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what ``analyse`` is called with."""
    parser.add_argument("data", metavar="DATA", type=Path, help="the answer sheets")
    parser.add_argument(
        "--instrument",
        metavar="FILE",
        type=Path,
        required=True,
        help="what was asked: YAML, an XLSForm (.xlsx), or sirkel-core",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="the folder for the results")
    parser.add_argument("--unit", metavar="COL", help="the column that says where somebody works")
    parser.add_argument("--person", metavar="COL", help="the column that says whose sheet it is")
    parser.add_argument("--wave", metavar="COL", help="the column that says when it was answered")
    parser.add_argument("--role", metavar="COL", help="the column that says who is a leader")
    parser.add_argument(
        "--asked",
        metavar="N",
        type=_count,
        help="how many sheets there would be, had everybody answered each time",
    )
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default=ENGINES[0],
        help="what counts: DuckDB on this machine, the PostgreSQL of SIRKEL_ENGINE_DATABASE_URL, or Spark where installed",
    )
    parser.add_argument(
        "--drop-outside", action="store_true", help="take answers outside an item's range as missing"
    )
    parser.add_argument(
        "--reader",
        choices=("researcher", "circle", "leader", "network"),
        default="researcher",
        help="for whom the report is: all but the researcher see only what betrays nobody",
    )
    parser.add_argument(
        "--language",
        choices=("nb", "nn", "da", "sv", "fi", "en"),
        default="en",
        help="the report's language",
    )
    parser.add_argument(
        "--own", metavar="UNIT", help="the workplace whose circle or leader the report is for"
    )


def add_protect_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what ``protect`` is called with."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the request, as JSON")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="where the answer goes")
