"""Lists of the handbook that are written from the code, so that they cannot say something else."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

HANDBOOK = Path(__file__).resolve().parents[3] / "docs/handbook"
ENDS = "<!-- Up to here. -->\n"


@dataclass(frozen=True)
class WrittenList:
    """One list and its place: the page's path within the handbook, what the rows are written from, and the rows."""

    path: str
    source: str
    rows: Callable[[], str]

    @property
    def page(self) -> Path:
        """Where the page lies."""
        return HANDBOOK / self.path

    @property
    def begins(self) -> str:
        """The line of the page behind which the rows stand."""
        return f"<!-- The rows from here on are written from {self.source}; change them there. -->\n"

    def with_rows(self, page: str) -> str:
        """Return the page's text with the rows as they must be.

        Raises:
            ValueError: the text has lost one of the two lines between which the rows stand.

        """
        before, begun, rest = page.partition(self.begins)
        _old, ended, after = rest.partition(ENDS)
        if not begun or not ended:
            raise ValueError(f"{self.path} has no place for what stands between {self.begins} and {ENDS}")
        return f"{before}{self.begins}\n{self.rows()}\n{ENDS}{after}"

    def write(self) -> int:
        """Write the rows into the page, as a program of its own; return its exit code."""
        django.setup()
        self.page.write_text(self.with_rows(self.page.read_text(encoding="utf-8")), encoding="utf-8")
        return 0
