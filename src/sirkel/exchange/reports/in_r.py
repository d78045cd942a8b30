"""The analysis as an R script: the instrument and the columns as R data, in front of a script that never changes."""

from collections.abc import Sequence
from pathlib import Path

from sirkel.evidence.instruments import Instrument, Scale
from sirkel.evidence.reading import Columns
from sirkel.evidence.scoring import items_needed

_SCRIPT = Path(__file__).parent / "report.R"
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def r_script(
    instrument: Instrument, columns: Columns, *, data_name: str, sha256: str, drops_outside: bool = False
) -> str:
    """Return the script that computes an analysis anew from its data file.

    Args:
        instrument: what was asked.
        columns: which columns say where, who, when and in which role.
        data_name: the data file's name, read where the script is given none.
        sha256: the data file's hash.
        drops_outside: whether answers outside an item's range are missing.

    """
    keys = [
        f"  {name} = {_text(column)}"
        for name, column in (
            ("unit", columns.unit),
            ("person", columns.person),
            ("wave", columns.wave),
            ("role", columns.role),
        )
        if column is not None
    ]
    scales = ",\n".join(f"    {_text(scale.id)} = {_scale(scale)}" for scale in instrument.scales)
    config = ",\n".join(
        [
            f"  data = {_text(data_name)}",
            f"  sha256 = {_text(sha256)}",
            f"  instrument = {_text(instrument.id)}",
            f"  version = {_text(instrument.version)}",
            *keys,
            f"  missing = c({', '.join(repr(code) for code in sorted(instrument.missing_codes))})",
            f"  drop_outside = {'TRUE' if drops_outside else 'FALSE'}",
            f"  scales = list(\n{scales}\n  )",
        ]
    )
    return _SCRIPT.read_text(encoding="utf-8").replace("@@CONFIG@@", f"config <- list(\n{config}\n)", 1)


def _scale(scale: Scale) -> str:
    return (
        f"list(items = {_texts(scale.items)}, reverse = {_texts(sorted(scale.reverse))}, min = {scale.minimum!r}, "
        f"max = {scale.maximum!r}, needed = {items_needed(scale.missing, len(scale.items))}, "
        f"family = {_text(scale.family)}, primary = {'TRUE' if scale.is_primary else 'FALSE'})"
    )


def _texts(values: Sequence[str]) -> str:
    return f"c({', '.join(map(_text, values))})"


def _text(value: str) -> str:
    """Return words as an R string; no sign in them ends it, and R knows no NUL."""
    return '"' + "".join(_ESCAPED.get(sign, sign) for sign in value if sign >= " " or sign in _ESCAPED) + '"'
