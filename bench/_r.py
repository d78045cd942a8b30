"""The other side of the statistics' benchmarks: R, started once per script, timing itself."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

INSTALL = "apt-get install r-base-core r-cran-jsonlite r-cran-psych r-cran-lme4 r-cran-lmertest"
HEAD = """suppressMessages({library(jsonlite); library(PACKAGE)})
options(digits = 17, warn = -1)
read <- function(name, n) { f <- file(name, "rb"); on.exit(close(f)); readBin(f, "double", n) }
took <- function(code) unname(system.time(code)[["elapsed"]])
"""


def has(package: str) -> bool:
    """Tell whether R and one of its packages are here."""
    if not shutil.which("Rscript"):
        return False
    asked = f'quit(status = !requireNamespace("{package}", quietly = TRUE) || !requireNamespace("jsonlite", quietly = TRUE))'
    done = subprocess.run(["Rscript", "--vanilla", "-e", asked], capture_output=True, check=False)
    return done.returncode == 0


def run(package: str, script: str, columns: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Run a script in a folder with the columns as files of doubles; return what it printed and who the peer is.

    The script's last words are ``out <- list(...)``; missing values are R's NaN.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, values in columns.items():
            np.asarray(values, dtype=float).tofile(Path(folder) / name)
        text = HEAD.replace("PACKAGE", package) + script
        text += f"""
out$version <- as.character(packageVersion("{package}"))
out$r <- as.character(getRversion())
cat("\\n@", toJSON(out, digits = NA, auto_unbox = TRUE), "\\n", sep = "")
"""
        (Path(folder) / "side.R").write_text(text, encoding="utf-8")
        done = subprocess.run(
            ["Rscript", "--vanilla", "side.R"], cwd=folder, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.rpartition("\n@")[2])
    return found, {"name": package, "version": f"{found.pop('version')} (R {found.pop('r')})"}
