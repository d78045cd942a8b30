"""The researcher's analysis, from file to results: 25 items in five scales with unit, person and wave, in four sizes.

Run: ``./sirkel bench analyse [--size small]``. Measured as a command, from the file of answer sheets to all results. The
growth exponent is the slope of log seconds over log rows between the two largest sizes: at most 1 is linear.
"""

import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
import yaml

from bench.common import options, table, write_result

ROWS = {"small": (10_000, 100_000), "full": (10_000, 100_000, 1_000_000, 10_000_000)}
WAVES, SCALES, ITEMS, PER_UNIT = 4, 5, 5, 50
_PART = 500_000


def instrument() -> dict[str, object]:
    """Return five scales of five items from 1 to 5, one item of each turned around."""
    scales = [
        {
            "id": f"s{scale}",
            "items": [f"s{scale}_{item}" for item in range(ITEMS)],
            "reverse": [f"s{scale}_0"],
            "min": 1,
            "max": 5,
        }
        for scale in range(SCALES)
    ]
    return {"id": "bench", "version": "1", "scales": scales}


def write_sheets(folder: Path, rows: int) -> Path:
    """Invent answer sheets in parts: persons in workplaces who answer four times, a gap in a hundred answers."""
    dice = np.random.default_rng(7)
    path = folder / f"sheets{rows}.csv"
    with path.open("wb") as file:
        for first in range(0, rows, _PART):
            line = np.arange(first, min(first + _PART, rows))
            person = line // WAVES
            levels = dice.normal(0, 0.8, person[-1] - person[0] + 1)[person - person[0]]
            columns: dict[str, object] = {
                "person": person,
                "unit": person // PER_UNIT,
                "wave": line % WAVES + 1,
            }
            for scale in range(SCALES):
                for item in range(ITEMS):
                    raw = np.clip(np.rint(3 + levels + dice.normal(0, 0.9, line.size)), 1, 5)
                    answer = 6 - raw if item == 0 else raw
                    gap = dice.random(line.size) < 0.01
                    columns[f"s{scale}_{item}"] = (
                        pl.Series(np.where(gap, np.nan, answer)).fill_nan(None).cast(pl.Int8)
                    )
            pl.DataFrame(columns).write_csv(file, include_header=first == 0)
    return path


def measure(folder: Path, rows: int) -> tuple[float, float]:
    """Run the command on so many sheets; give its seconds and its largest memory in MB."""
    path, out = write_sheets(folder, rows), folder / f"out{rows}"
    words = [
        path,
        "--instrument",
        folder / "bench.yaml",
        "--out",
        out,
        "--unit",
        "unit",
        "--person",
        "person",
        "--wave",
        "wave",
    ]
    started = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "sirkel.evidence.analyse", *map(str, words)])
    _pid, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"analyse failed at {rows} rows")
    path.unlink()
    return seconds, usage.ru_maxrss / 1024


def main() -> None:
    """Measure, print a short table and write the result."""
    chosen = options("analyse", __doc__)
    found: dict[int, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bench.yaml").write_text(yaml.safe_dump(instrument()))
        for rows in ROWS["small" if chosen.is_small else "full"]:
            found[rows] = measure(folder, rows)
    sizes = list(found)
    last, before = sizes[-1], sizes[-2]
    growth = math.log(found[last][0] / found[before][0]) / math.log(last / before)
    shown = 1_000_000 if 1_000_000 in found else last
    figures = {
        "rows": shown,
        "seconds": found[shown][0],
        "peak_mb": found[shown][1],
        "growth_exponent": growth,
        "sizes": {str(rows): {"seconds": one[0], "peak_mb": one[1]} for rows, one in found.items()},
    }
    table(["rows", "seconds", "peak MB"], [(rows, *one) for rows, one in found.items()])
    print(f"growth exponent {growth:.2f}")
    write_result("analyse", chosen.json, figures)


if __name__ == "__main__":
    main()
