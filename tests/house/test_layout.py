"""The shape of the house: layers, file sizes, and the little that must not be found in any file."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sirkel"
LOCKS = ["run", "dev", "node"]


def tracked():
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def test_rooms_import_one_way_only():
    lint = Path(sys.executable).parent / "lint-imports"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("kind", ["py", "js"])
def test_every_file_can_be_read_in_one_sitting(kind):
    files = [path for path in SOURCE.rglob(f"*.{kind}") if not {"migrations", "vendor"} & set(path.parts)]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


@pytest.mark.requirement("SEC-28")
@pytest.mark.threat(row="T24")
@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_and_hashes_everything_and_says_nothing_of_where_from(name):
    text = (ROOT / "requirements" / f"{name}.lock").read_text()
    requirements = [line for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    assert requirements
    assert all(re.fullmatch(r"[\w.\-]+==[\w.]+( ; .+)? \\", line) for line in requirements)
    assert len(re.findall(r"\\\n +--hash=sha256:", text)) >= len(requirements)
    assert re.findall(r"://|--\S*(?:index|find-links|host)|\s/\S+", text) == []


def test_what_is_developed_with_runs_the_versions_that_are_run():
    def pins(name):
        return set(
            re.findall(
                r"^([\w.\-]+==[\w.]+)", (ROOT / "requirements" / f"{name}.lock").read_text(), re.MULTILINE
            )
        )

    assert pins("run") <= pins("dev")


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_requirement_is_in_its_lock(name):
    def plain(word):
        return re.sub(r"[-_.]+", "-", word).lower()

    wanted = re.findall(
        r"^([A-Za-z][\w.\-]*)", (ROOT / "requirements" / f"{name}.in").read_text(), re.MULTILINE
    )
    locked = re.findall(r"^([\w.\-]+)==", (ROOT / "requirements" / f"{name}.lock").read_text(), re.MULTILINE)
    assert {plain(word) for word in wanted} - {plain(word) for word in locked} == set()


@pytest.mark.threat(row="T24")
def test_the_npm_lock_hashes_everything_and_names_no_address():
    lock = ROOT / "package-lock.json"
    text = lock.read_text()
    assert "://registry" not in text
    assert '"resolved"' not in text
    assert '"integrity"' in text


def test_no_file_names_a_folder_of_one_machine():
    found = {
        str(path.relative_to(ROOT)): match.group()
        for path in tracked()
        if path.suffix
        in {
            ".py",
            ".html",
            ".js",
            ".css",
            ".md",
            ".toml",
            ".yaml",
            ".yml",
            ".json",
            ".po",
            ".in",
            ".lock",
            ".sh",
            "",
        }
        if (match := re.search(r"(?<![\w.}])/(?:root|home/\w+|work)/\w+", path.read_text(errors="replace")))
    }
    assert found == {}


def test_templates_keep_script_and_style_out_and_nothing_is_marked_safe():
    bad = re.compile(r"<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|\|\s*safe\b|autoescape off")
    found = [str(path) for path in SOURCE.rglob("templates/**/*.html") if bad.search(path.read_text())]
    found += [str(path) for path in SOURCE.rglob("*.py") if re.search(r"\bmark_safe\b", path.read_text())]
    assert found == []


def test_every_static_file_a_template_names_is_there():
    """Our own files always; built ones where the assets have been built."""
    named = {
        name
        for path in SOURCE.rglob("templates/**/*.html")
        for name in re.findall(r"{% static [\'\"]([^\'\"]+)[\'\"] %}", path.read_text())
    }
    own = {name for name in named if name.startswith(("css/", "js/", "img/"))}
    assert own
    assert sorted(name for name in own if not list(SOURCE.glob(f"*/static/{name}"))) == []
