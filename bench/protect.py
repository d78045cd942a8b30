"""Disclosure control for a nation: 20,000 wards in four levels, two roles and all together, two waves.

Run: ``./sirkel bench protect [--size small]``. Measured as a command, from the request's file to the answer's.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.common import options, table, write_result

WARDS = {"small": 2_000, "full": 20_000}
PER_UNIT = (
    25,
    20,
    2,
)  # wards in a municipality's area, areas in a region, regions in the country at the least


def nation(wards: int) -> dict[str, Any]:
    """Invent a country: every ward with 6 to 30 employees and one leader, seven in ten answering each wave."""
    dice = random.Random(11)  # noqa: S311 -- a load, no secret
    units: dict[str, dict[str, str | None]] = {"": {"parent": None}}
    people: list[dict[str, Any]] = []
    for ward in range(wards):
        area, region = ward // PER_UNIT[0], ward // (PER_UNIT[0] * PER_UNIT[1])
        units.setdefault(f"r{region}", {"parent": ""})
        units.setdefault(f"r{region}/a{area}", {"parent": f"r{region}"})
        name = f"r{region}/a{area}/w{ward}"
        units[name] = {"parent": f"r{region}/a{area}"}
        for role, many in (("employee", dice.randint(6, 30)), ("leader", 1)):
            for number in range(many):
                waves = {
                    wave: dice.choice([2, 2.33, 2.67, 3, 3.33, 3.67, 4, 4.33])
                    if dice.random() < 0.7
                    else None
                    for wave in ("1", "2")
                }
                people.append({"id": f"{name}/{role}{number}", "unit": name, "role": role, "waves": waves})
    cells = [
        {"unit": unit, "role": role, "wave": wave}
        for unit in units
        for role in (None, "employee", "leader")
        for wave in ("1", "2")
    ]
    scale = {"min": 1, "max": 5, "items": 3, "sensitive": False, "rates_leader": False}
    return {"units": units, "people": people, "scale": scale, "cells": cells}


def main() -> None:
    """Measure, print a short table and write the result."""
    chosen = options("protect", __doc__)
    request = nation(WARDS["small" if chosen.is_small else "full"])
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "request.json", Path(folder) / "answer.json"
        source.write_text(json.dumps(request))
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "sirkel.evidence.disclosure", source, "--out", target], check=True
        )
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        cells = json.loads(target.read_text())
    statuses = [cell["status"] for cell in cells]
    figures = {
        "seconds": seconds,
        "peak_mb": peak,
        "wards": WARDS["small" if chosen.is_small else "full"],
        "people": len(request["people"]),
        "cells": len(cells),
        **{status: statuses.count(status) for status in ("released", "primary", "complementary")},
    }
    table(["figure", "value"], figures.items())
    write_result("protect", chosen.json, figures)


if __name__ == "__main__":
    main()
