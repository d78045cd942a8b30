"""`sirkel test`: the whole quality gate, stage by stage. Standard library only."""

import argparse
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .install import build_assets, install
from .place import Place, Trouble, call, call_quietly, note, say

DESCRIPTION = """Run the whole quality gate: ruff, mypy, the import contracts, templates, missing migrations, then pytest.
Anything but --all and --nightly is handed to pytest: ./sirkel test tests/kernel -k clock"""
NO_TESTS = 5
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def add_to(verbs: "argparse._SubParsersAction[Any]") -> None:
    """Describe the verb; `sirkel.config.cli` hands the words over as they are."""
    parser = verbs.add_parser("test", help="run the whole quality gate", description=DESCRIPTION)
    parser.add_argument(
        "--all",
        action="store_true",
        help="everything, and all below the pages on PostgreSQL too: a missing Chromium, PostgreSQL, R or nginx is an error, not a skip",
    )
    parser.add_argument(
        "--nightly",
        action="store_true",
        help="as --all, and pages on PostgreSQL, more looks and the long tests",
    )
    parser.add_argument("pytest_arguments", nargs="*", help="handed to pytest")


def test(place: Place, words: list[str]) -> int:
    """Run the gate; give the exit code."""
    place.need_checkout("test")
    is_nightly = "--nightly" in words
    is_all = is_nightly or "--all" in words
    words = [word for word in words if word not in {"--all", "--nightly"}]
    install(place, "dev")
    build_assets(place, is_developing=True)
    here = _what_is_here(is_all=is_all)
    stages = list(_stages(place))
    with ThreadPoolExecutor(max_workers=2) as pool:  # mypy takes as long as all others together
        passed = list(pool.map(lambda stage: _passes(place, *stage), stages))
    failed = [name for (name, _command), is_good in zip(stages, passed, strict=True) if not is_good]
    if failed:
        raise Trouble(f"FAILED: {', '.join(failed)}. The tests were not run.")
    os.environ["TEST_NIGHTLY"] = "1" if is_nightly else "0"
    return _pytest(place, words, chosen=_chosen(here, is_all=is_all, is_nightly=is_nightly), here=here)


def _stages(place: Place) -> Iterator[tuple[str, list[str]]]:
    """Name the stages before pytest, each with its command; all of them look at the whole tree."""
    ruff, python = place.tool("ruff"), str(place.python)
    yield "ruff", [ruff, "check", "."]
    yield "ruff format", [ruff, "format", "--check", "--quiet", "."]
    yield "mypy", [python, "-m", "mypy"]
    yield "import contracts", [place.tool("lint-imports"), "--no-cache"]
    yield "bandit", [place.tool("bandit"), "--quiet", "--recursive", "-ll", "src"]
    semgrep = ["scan", "--config", "tests/house/semgrep.yaml", "--error", "--quiet", "--metrics", "off"]
    yield "own rules", [place.tool("semgrep"), *semgrep, "--disable-version-check", "src"]
    templates = sorted(
        str(path.relative_to(place.root)) for path in (place.root / "src").rglob("templates/**/*.html")
    )
    if templates:
        yield "templates", [place.tool("djade"), "--check", "--target-version", "3.0", *templates]
    yield "migrations", [python, "-m", "django", "makemigrations", "--check", "--dry-run"]
    yield "translations", [python, "-m", "sirkel.config.translations", "check"]


def _passes(place: Place, name: str, command: list[str]) -> bool:
    started = time.monotonic()
    code, output = call_quietly(command, place=place)
    if code:
        say(output.rstrip())
    say(f"{name:.<20} {'ok' if code == 0 else 'FAILED'} {time.monotonic() - started:.1f} s")
    return code == 0


def _what_is_here(*, is_all: bool) -> frozenset[str]:
    """Look for Chromium, PostgreSQL, R and nginx; say loudly, or refuse, when one is missing. Give the suites that can run."""
    browser = os.environ.get("SIRKEL_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    server = shutil.which("initdb") or next(Path("/usr/lib/postgresql").glob("*/bin/initdb"), None)
    if browser:
        os.environ["SIRKEL_CHROMIUM"] = browser
    missing = []
    if not browser:
        missing.append("browser tests: no Chromium found (apt install chromium)")
    if not server:
        missing.append("PostgreSQL tests: no server found (apt install postgresql)")
    has_r = shutil.which("Rscript") is not None
    if not has_r:
        missing.append("tests with R: no Rscript found (tests/reference/README.md names the packages)")
    has_nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin") is not None
    if not has_nginx:
        missing.append("tests behind the proxy: no nginx found (apt install nginx-light)")
    if missing and is_all:
        raise Trouble("--all was asked for. " + "; ".join(missing))
    if not shutil.which("soffice") and not shutil.which("libreoffice"):
        missing.append("Word files in LibreOffice: none found (apt install libreoffice-writer-nogui)")
    if not shutil.which("age"):
        missing.append("backups closed with age: not found (apt install age)")
    for line in missing:
        note(f"SKIPPED: {line}")
    found = {"browser": bool(browser), "postgres": bool(server), "r": has_r, "nginx": has_nginx}
    return frozenset(name for name, is_here in found.items() if is_here)


def _chosen(here: frozenset[str], *, is_all: bool, is_nightly: bool) -> dict[str, str]:
    """Return which tests run on which database, by their markers as pytest's -m takes them."""
    on_sqlite = [
        "not postgres",
        *(f"not {suite}" for suite in ("browser", "r", "nginx") if suite not in here),
    ]
    on_postgres = ["not browser", "not r", "not pure"] if is_all else ["postgres"]
    if not is_nightly:
        on_sqlite += ["not nightly", "not machine"]
        on_postgres += ["not nightly", *(["not pages"] if is_all else [])]
    return {"SQLite": " and ".join(on_sqlite), "PostgreSQL": " and ".join(on_postgres)}


def _pytest(place: Place, words: list[str], *, chosen: dict[str, str], here: frozenset[str]) -> int:
    """Run pytest on each of our databases with the tests that are ``chosen`` by their markers, or as the caller says."""
    # A worker takes whole runs of tests and steals what the other has left: what a module sets up is set up once.
    side_by_side = [] if _says(words, "-n") else ["-n", "2", "--dist", "worksteal"]
    pytest = [str(place.python), "-m", "pytest", *side_by_side]
    with_server = [str(place.python), "-m", "tests.postgres_server", *pytest]
    code = 0
    for database, command in (("SQLite", pytest), ("PostgreSQL", with_server)):
        if code not in {0, NO_TESTS} or (database == "PostgreSQL" and "postgres" not in here):
            break
        say(f"pytest on {database}")
        ended = call(
            [*command, *([] if _says(words, "-m") else ["-m", chosen[database]]), *words], place=place
        )
        code = code if ended == NO_TESTS and database == "PostgreSQL" else ended
    return code


def _says(words: list[str], option: str) -> bool:
    """Tell whether the caller has set a short pytest option already, as `-m x` or `-mx`."""
    return any(word.startswith(option) and not word.startswith("--") for word in words)
