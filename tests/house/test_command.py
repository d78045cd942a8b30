"""The front door before anything is installed: help, wrong use, and refusals in one line."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERBS = ["up", "test", "bench", "analyse", "protect", "backup", "restore", "audit", "manage"]


def sirkel(*words, **env):
    """Run the command as a newcomer does: the system's Python, no environment, no packages."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "sirkel"), *words],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], **env},
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("words", [[], *([verb] for verb in VERBS), ["audit", "verify"]], ids=" ".join)
def test_every_verb_explains_itself_without_anything_installed(words):
    done = sirkel(*words, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: ./sirkel" + "".join(f" {word}" for word in words))


def test_help_offers_exactly_the_verbs_that_work():
    offered = re.findall(r"^    (\w+) ", sirkel("--help").stdout, re.MULTILINE)
    assert offered == VERBS


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["bogus"],
        ["up", "--port", "99999"],
        ["up", "--port", "http"],
        ["up", "--bogus"],
        ["audit"],
        ["audit", "bogus"],
        ["bench"],
        ["bench", "bogus"],
        ["bench", "bogus", "--size", "huge"],
        ["analyse", "data.csv"],
        ["protect"],
        ["protect", "request.json"],
        ["backup"],
        ["backup", "backups", "--data", "nowhere"],
        ["restore", "a.tar"],
        ["restore", "nowhere.tar", "--data", "new"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_answered_with_one_line_and_exit_code_2(words):
    done = sirkel(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_one_line_before_anything_is_made(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = sirkel("up", "--port", str(port), "--data", str(tmp_path / "data"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"Port {port} is in use. Choose another: ./sirkel up --port {port + 1}"
    ]
    assert not (tmp_path / "data").exists()


def test_an_address_of_another_machine_is_one_line(tmp_path):
    done = sirkel("up", "--host", "192.0.2.1", "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["The address 192.0.2.1 is not one of this machine's."]


def test_an_old_python_is_told_so_in_one_line():
    source = (ROOT / "sirkel").read_text()
    pretend = "import sys; sys.version_info = (3, 9, 2)\n" + source
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "sirkel: Python 3.11 or newer is needed and this is 3.9; try: python3.11 ./sirkel up"
    ]


def test_the_command_needs_nothing_but_python():
    """Every module under cli/ imports the standard library and its own neighbours alone."""
    allowed = set(sys.stdlib_module_names) | {"sirkel"}
    for path in [ROOT / "sirkel", *(ROOT / "src/sirkel/config/cli").glob("*.py")]:
        imported = re.findall(r"^\s*(?:from|import) ([A-Za-z]\w*)", path.read_text(), re.MULTILINE)
        assert set(imported) <= allowed, path.name


def test_it_reads_as_python_of_long_ago():
    """The root file must reach its version check on an old Python: no syntax newer than 3.6."""
    import ast

    ast.parse((ROOT / "sirkel").read_text(), feature_version=(3, 7))
