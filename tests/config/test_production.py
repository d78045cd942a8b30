"""SEC-23: a copy that others can reach does not start while something about it is weak."""

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from bench.servers import free_port, prepared

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SIRKEL_SECRET_KEY": secrets.token_urlsafe(48),
    "SIRKEL_SITE_URL": "https://sirkel.example.org",
    "SIRKEL_BEHIND_PROXY": "1",
    "SIRKEL_SMTP_HOST": "mail.example.org",
}


def environment(data, **other):
    """Give a service that is set up well, but for what a test changes."""
    # What a test with a browser in the same process sets for itself is not what an operator starts with.
    foreign = ("SIRKEL_", "DJANGO_ALLOW_ASYNC_UNSAFE")
    env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    env |= {
        "SIRKEL_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "sirkel.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "PYTHONUNBUFFERED": "1",
    }
    return {name: value for name, value in {**env, **GOOD, **other}.items() if value is not None}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return shutil.copytree(prepared(), tmp_path_factory.mktemp("production"), dirs_exist_ok=True)


def start(data, *words, **other):
    """Start the real server; give its exit code and words, or None and nothing when it answers."""
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "sirkel.config.serve", "--port", str(port), *words],
        env=environment(data, **other),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            while process.poll() is None:
                try:
                    answer = httpx.get(
                        f"http://127.0.0.1:{port}/healthz", headers={"Host": "sirkel.example.org"}, timeout=10
                    )
                except (OSError, httpx.TransportError):
                    continue
                return None, answer.status_code
            return process.returncode, process.communicate()[1]
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=40)


def test_a_service_that_is_set_up_well_starts(data):
    assert start(data) == (None, 200)


@pytest.mark.requirement("SEC-23")
@pytest.mark.parametrize(
    ("weak", "name"),
    [
        ({"SIRKEL_SECRET_KEY": None}, "SIRKEL_SECRET_KEY_FILE"),
        ({"SIRKEL_SECRET_KEY": "k3yOf16SignsOnly"}, "SIRKEL_SECRET_KEY is shorter than 50 signs"),
        ({"SIRKEL_SECRET_KEY": "x" * 60}, "SIRKEL_SECRET_KEY can be guessed"),
        (
            {"SIRKEL_SECRET_KEY": "django-insecure-" + GOOD["SIRKEL_SECRET_KEY"]},
            "SIRKEL_SECRET_KEY can be guessed",
        ),
        ({"SIRKEL_SECRET_KEY_FALLBACKS": "short"}, "SIRKEL_SECRET_KEY_FALLBACKS is shorter"),
        ({"SIRKEL_PRIVATE_LOG_KEY": "short"}, "SIRKEL_PRIVATE_LOG_KEY is shorter"),
        ({"SIRKEL_DEBUG": "1"}, "SIRKEL_DEBUG is on"),
        ({"SIRKEL_SITE_URL": "http://sirkel.example.org"}, "SIRKEL_SITE_URL does not begin with https://"),
        ({"SIRKEL_ALLOWED_HOSTS": "*"}, "SIRKEL_ALLOWED_HOSTS answers to any name"),
        ({"SIRKEL_ALLOWED_HOSTS": "*", "SIRKEL_DEMO": "1"}, "SIRKEL_ALLOWED_HOSTS answers to any name"),
        ({"SIRKEL_ALLOWED_HOSTS": ".example.org"}, "SIRKEL_ALLOWED_HOSTS answers to any name"),
        ({"SIRKEL_SMTP_HOST": None}, "SIRKEL_SMTP_HOST is not set"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_weak_is_named_in_one_plain_line_and_nothing_starts(data, weak, name):
    code, said = start(data, **weak)
    assert code == 1
    lines = said.splitlines()
    assert len(lines) == 1
    assert name in lines[0]
    assert "Traceback" not in said
    for secret in (weak.get("SIRKEL_SECRET_KEY"), "k3yOf16", GOOD["SIRKEL_SECRET_KEY"]):
        assert not secret or secret not in said


def test_a_weak_copy_gets_no_databases_either(data, tmp_path):
    def prepare(folder, **other):
        return subprocess.run(
            [sys.executable, "-m", "sirkel.config.prepare", "--no-demo"],
            env=environment(folder, **other),
            capture_output=True,
            text=True,
            check=False,
        )

    weak = prepare(tmp_path, SIRKEL_SITE_URL="http://sirkel.example.org")
    assert weak.returncode == 1
    assert weak.stderr.count("\n") == 1
    assert "SIRKEL_SITE_URL does not begin with https://" in weak.stderr
    assert not list(tmp_path.glob("*.sqlite3"))
    assert prepare(data).returncode == 0


def test_the_streams_alone_are_held_to_the_same(data):
    code, said = start(data, "--part", "live", SIRKEL_DEBUG="1")
    assert (code, "SIRKEL_DEBUG" in said) == (1, True)
    assert start(data, "--part", "live") == (None, 404)  # it answers, and has no pages


def test_a_copy_for_this_machine_or_a_public_demo_may_keep_its_mail(data):
    at_home = {"SIRKEL_SITE_URL": None, "SIRKEL_BEHIND_PROXY": None, "SIRKEL_SMTP_HOST": None}
    assert start(data, **at_home) == (None, 400)  # it answers, to its own name alone
    assert start(data, SIRKEL_DEMO="1", SIRKEL_SMTP_HOST=None) == (None, 200)


def check(data, **other):
    return subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment(data, **other),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.requirement("SEC-23")
def test_djangos_own_deployment_checks_are_clean_and_say_what_the_start_says(data):
    done = check(data)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    weak = check(data, SIRKEL_SMTP_HOST=None)
    assert weak.returncode == 1
    assert "SIRKEL_SMTP_HOST is not set" in weak.stderr
