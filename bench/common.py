"""What every benchmark shares: its arguments, the machine it ran on, and the shape of its result."""

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line: the file for the result, and whether a minute must be enough."""

    json: Path
    is_small: bool


def options(name: str, description: str | None) -> Options:
    """Read `--json FILE` and `--size small|full`; the result goes to bench/results/<name>.json unless said otherwise."""
    parser = argparse.ArgumentParser(prog=f"./sirkel bench {name}", description=description)
    parser.add_argument(
        "--json", type=Path, default=ROOT / "bench" / "results" / f"{name}.json", metavar="FILE"
    )
    parser.add_argument("--size", choices=["small", "full"], default="full")
    parsed = parser.parse_args()
    return Options(json=parsed.json, is_small=parsed.size == "small")


def machine() -> dict[str, Any]:
    """Describe the machine as far as it explains a figure, and never by name."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "python": platform.python_version(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def commit() -> str | None:
    """Give the commit that is measured, with `+` when files differ from it; None outside a checkout."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        return git("rev-parse", "HEAD") + (
            "+" if git("status", "--porcelain", "--untracked-files=no") else ""
        )
    except (OSError, subprocess.CalledProcessError):
        return None


def ratio(ours: float | None, peer: float | None, *, is_time: bool) -> float | None:
    """Say how many times better ours is than the other side of the same run: above 1 is ahead.

    `is_time` tells seconds (less is better) from a throughput (more is better). None when one side was not measured.
    """
    if ours is None or peer is None:
        return None
    better, worse = (peer, ours) if is_time else (ours, peer)
    return better / worse if worse else None


def write_result(
    name: str, path: Path, figures: Mapping[str, Any], *, peer: Mapping[str, str] | None = None
) -> None:
    """Write machine, commit, figures and the other side (`{"name", "version"}`, or None) as JSON, numbers unrounded."""
    result = {"bench": name, "commit": commit(), "machine": machine(), "figures": dict(figures), "peer": peer}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8"
    )
    print(f"Written to {path}")


def missing_peer(name: str, install: str) -> None:
    """Say loudly that the other side is not here, so that nobody takes a lone figure for a comparison."""
    print(f"SKIPPED: {name} is not installed, so nothing is compared. Install it with: {install}")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a short table: the first column to the left, the rest to the right."""
    lines = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        first, *rest = (
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join([first, *rest]).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
