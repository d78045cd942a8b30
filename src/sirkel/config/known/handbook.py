"""The table of settings in the handbook: ``python -m sirkel.config.known.handbook`` writes it anew."""

import sys

from django.utils.translation import override

from sirkel.config.handbook import WrittenList


def rows() -> str:
    """Return the table, a row for each setting in their order, in English."""
    from sirkel.config.known import SETTINGS  # noqa: PLC0415 -- Django is set up when this is run as a command

    with override("en"):
        lines = [
            f"| `{one.variable}` | {one.default_in_words} | {' '.join(filter(None, (str(one.what), one.more)))} |"
            for one in SETTINGS
        ]
    return "\n".join(["| variable | default | what it does |", "|---|---|---|", *lines]) + "\n"


LIST = WrittenList("administrator/settings.md", "sirkel.config.known", rows)

if __name__ == "__main__":
    sys.exit(LIST.write())
