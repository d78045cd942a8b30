"""``sirkel analyse DATA --instrument FILE --out DIR``: the researcher's analysis of any data set."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sirkel.evidence.analysis import analyse
from sirkel.evidence.command import ANALYSE, Parser, add_analyse_arguments
from sirkel.evidence.counting import About
from sirkel.evidence.engine import counting
from sirkel.evidence.instruments import Instrument, InstrumentError, load
from sirkel.evidence.reading import Columns
from sirkel.evidence.tables import DataError

Beside = Callable[[argparse.Namespace, About, Instrument, dict[str, Any]], dict[str, str | bytes]]


def main(words: list[str] | None = None, *, beside: Beside | None = None) -> int:
    """Run the command; give the exit code: 2 for what cannot be analysed, with nothing written.

    ``beside`` makes the files that are written with the results, from what was chosen, what the data set is, the
    instrument and the results.
    """
    parser = Parser(prog="sirkel analyse", description=ANALYSE)
    add_analyse_arguments(parser)
    chosen = parser.parse_args(words)
    columns = Columns(unit=chosen.unit, person=chosen.person, wave=chosen.wave, role=chosen.role)
    try:
        instrument = load(chosen.instrument)
        with counting(
            chosen.data, instrument, columns, engine=chosen.engine, drops_outside=chosen.drop_outside
        ) as counter:
            _must_reach(chosen.asked, counter.about.answered)
            results = analyse(counter, instrument, asked=chosen.asked, progress=_progress)
    except (InstrumentError, DataError) as refused:
        sys.stderr.write(f"sirkel analyse: {refused}\n")
        return 2
    files: dict[str, str | bytes] = {}
    if (
        chosen.reader == "researcher"
    ):  # everybody else gets what passed disclosure control, and nothing beside it
        files["results.json"] = json.dumps(results, ensure_ascii=False, indent=1) + "\n"
    try:
        if beside is not None:
            _progress("Report")
            files |= beside(chosen, counter.about, instrument, results)
        write_all(chosen.out, files)
    except DataError as refused:
        sys.stderr.write(f"sirkel analyse: {refused}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"sirkel analyse: {chosen.out} cannot be written: {error.strerror}\n")
        return 2
    sys.stdout.write(
        f"{results['dataset']['rows']} sheets, {len(results['scales'])} scales: {chosen.out / next(iter(files), '')}\n"
    )
    return 0


def _must_reach(asked: int | None, answered: int) -> None:
    if asked is not None and asked < answered:
        raise DataError(f"{answered} sheets are answered, so more than {asked} were asked for")


def write_all(folder: Path, files: dict[str, str | bytes]) -> None:
    """Write files into a folder, each whole or not at all; the folder is made where it is missing.

    Raises:
        OSError: the folder or a file cannot be written.

    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as aside:
        for name, content in files.items():
            path = Path(aside) / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        for name in files:
            os.replace(Path(aside) / name, folder / name)  # noqa: PTH105 -- replaces what an earlier run wrote


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{text} …\n")


if __name__ == "__main__":
    sys.exit(main())
