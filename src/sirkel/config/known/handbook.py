"""The table of settings in the handbook: ``python -m sirkel.config.known.handbook`` writes it anew."""

import sys
from pathlib import Path

import django
from django.utils.translation import override

PAGE = Path(__file__).resolve().parents[4] / "docs/handbook/administrator/settings.md"
BEGINS = "<!-- The rows from here on are written from sirkel.config.known; change them there. -->\n"
ENDS = "<!-- Up to here. -->\n"


def rows() -> str:
    """Return the table, a row for each setting in their order, in English."""
    from sirkel.config.known import SETTINGS  # noqa: PLC0415 -- Django is set up when this is run as a command

    with override("en"):
        lines = [
            f"| `{one.variable}` | {one.default_in_words} | {' '.join(filter(None, (str(one.what), one.more)))} |"
            for one in SETTINGS
        ]
    return "\n".join(["| variable | default | what it does |", "|---|---|---|", *lines]) + "\n"


def with_rows(page: str) -> str:
    """Return the handbook's page with the table as it must be.

    Raises:
        ValueError: the page has lost one of the two lines between which the table stands.

    """
    return between(page, begins=BEGINS, ends=ENDS, rows=rows())


def between(page: str, *, begins: str, ends: str, rows: str) -> str:
    """Return a page with rows put between two lines of it, in place of what stood there.

    Raises:
        ValueError: the page has lost one of the two lines.

    """
    before, begun, rest = page.partition(begins)
    _old, ended, after = rest.partition(ends)
    if not begun or not ended:
        raise ValueError(f"the page has no place for what stands between {begins} and {ends}")
    return f"{before}{begins}\n{rows}\n{ends}{after}"


def main() -> int:
    """Write the table into the handbook."""
    django.setup()
    PAGE.write_text(with_rows(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
