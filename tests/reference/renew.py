"""Compute the reference values anew with R: ``python -m tests.reference.renew [TOPIC …]``."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.reference.data import write_all

HERE = Path(__file__).parent
TOPICS = sorted(path.stem for path in HERE.glob("*.R"))


def has_r() -> bool:
    """Tell whether R is here."""
    return shutil.which("Rscript") is not None


def run(topic: str) -> Any:
    """Run a topic's script in a folder with the data sets and return what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        write_all(Path(folder))
        command = ["Rscript", "--vanilla", str(HERE / f"{topic}.R")]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


def values(topic: str) -> Any:
    """Return the values as they were computed last."""
    return json.loads((HERE / f"{topic}.json").read_text(encoding="utf-8"))


def main() -> None:
    """Write the JSON files."""
    for topic in sys.argv[1:] or TOPICS:
        text = json.dumps(run(topic), indent=1, sort_keys=True) + "\n"
        (HERE / f"{topic}.json").write_text(text, encoding="utf-8")
        print(topic)


if __name__ == "__main__":
    main()
