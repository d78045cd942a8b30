"""`sirkel bench`: run one benchmark of bench/. Standard library only."""

import argparse
from pathlib import Path
from typing import Any

from .install import install
from .place import Place, Trouble, call

DESCRIPTION = """Run one benchmark, both sides in one run where another system is meant. Prints a short table and writes
machine, commit, figures and ratios as JSON. Without a name it lists the benchmarks."""


def add_to(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Describe the verb."""
    parser = verbs.add_parser("bench", help="run one benchmark", description=DESCRIPTION)
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="which benchmark: " + (", ".join(names(Place.find())) or "none yet"),
    )
    parser.add_argument(
        "--json", metavar="FILE", help="where to write the result (default: bench/results/NAME.json)"
    )
    parser.add_argument(
        "--size", choices=["small", "full"], default="full", help="small takes about a minute on two cores"
    )
    parser.set_defaults(act=bench)


def names(place: Place) -> list[str]:
    """List the benchmarks: one per file of bench/, but for what they share."""
    files = (place.root / "bench").glob("*.py") if place.is_checkout else []
    return sorted(
        file.stem.replace("_", "-")
        for file in files
        if file.stem != "common" and not file.stem.startswith("_")
    )


def bench(parsed: argparse.Namespace) -> int:
    """Run the benchmark and give its exit code."""
    place = Place.find()
    place.need_checkout("bench")
    known = names(place)
    parsed.name = parsed.name and parsed.name.replace("_", "-")
    if parsed.name not in known:
        asked = f"there is no benchmark {parsed.name!r}" if parsed.name else "name a benchmark"
        raise Trouble(f"./sirkel bench: {asked}; there are: {', '.join(known) or 'none yet'}", code=2)
    target = (
        Path(parsed.json).resolve()
        if parsed.json
        else place.root / "bench" / "results" / f"{parsed.name}.json"
    )
    install(place, "dev")
    return call(
        [
            place.python,
            "-m",
            f"bench.{parsed.name.replace('-', '_')}",
            "--json",
            target,
            "--size",
            parsed.size,
        ],
        place=place,
    )
