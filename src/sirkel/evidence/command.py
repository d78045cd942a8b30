"""What the researcher's commands are called with: standard library only, so that they explain themselves anywhere."""

import argparse
from pathlib import Path
from typing import NoReturn

PROTECT = """Decide which of the requested numbers may be seen, so that nobody who knows who belongs where can work out
one person's answer from all of them together. FILE holds units, people, scale, cells and earlier releases as JSON;
the answer has the same cells in the same order, each released or hidden, with the reason."""


class Parser(argparse.ArgumentParser):
    """A parser that answers wrong use with one line instead of a page, and exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Leave."""
        self.exit(2, f"{self.prog}: {message} (see: {self.prog} --help)\n")


def add_protect_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what ``protect`` is called with."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the request, as JSON")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="where the answer goes")
