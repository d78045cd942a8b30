"""Verbs of a researcher who never starts the server. Standard library only; the work is done by `sirkel.evidence`."""

import argparse
from pathlib import Path
from typing import Any

from sirkel.evidence import command

from .install import install
from .place import Place, call


def add_to(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Describe the verbs."""
    analyse = verbs.add_parser(
        "analyse", help="the researcher's analysis of a data set", description=command.ANALYSE
    )
    command.add_analyse_arguments(analyse)
    analyse.set_defaults(act=_analyse)
    protect = verbs.add_parser(
        "protect", help="disclosure control of a set of requested cells", description=command.PROTECT
    )
    command.add_protect_arguments(protect)
    protect.set_defaults(act=_protect)


def _analyse(parsed: argparse.Namespace) -> int:
    words: list[str | Path] = [parsed.data, "--instrument", parsed.instrument, "--out", parsed.out]
    for name in ("unit", "person", "wave", "role", "engine", "reader", "language", "own"):
        if getattr(parsed, name) is not None:
            words += [f"--{name}", getattr(parsed, name)]
    return _run("sirkel.exchange.reports", [*words, *(["--drop-outside"] if parsed.drop_outside else [])])


def _protect(parsed: argparse.Namespace) -> int:
    return _run("sirkel.evidence.disclosure", [parsed.file, "--out", parsed.out])


def _run(module: str, words: list[str | Path]) -> int:
    place = Place.find()
    install(place, "run")
    return call([place.python, "-m", module, *words], place=place, cwd=Path.cwd())
