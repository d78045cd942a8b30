"""What an operator copies: units, container and configuration, held to the code they start.

The files are read here, and the commands in them are run. That systemd runs the units and an engine the image is shown by
test_machine.py and test_container.py, every night.
"""

import configparser
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import time

import pytest
import yaml
from bench.servers import ROOT, free_port

KIT = ROOT / "deploy"
SERVICES = ["sirkel-web", "sirkel-live", "sirkel-worker", "sirkel-backup"]
SITE = (KIT / "nginx/sirkel/site.conf").read_text()


class Many(dict):
    """A unit may say one thing several times: all of it is kept."""

    def __setitem__(self, key, value):
        if key in self and isinstance(value, list):
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


def unit(name):
    """Read a unit; every setting becomes the list of what was said."""
    parser = configparser.RawConfigParser(
        dict_type=Many, strict=False, delimiters=("=",), comment_prefixes=("#",), interpolation=None
    )
    parser.optionxform = str
    parser.read(KIT / "systemd" / name)
    return {part: {key: value.split("\n") for key, value in parser.items(part)} for part in parser.sections()}


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_may_touch_its_own_folder_and_the_network_and_nothing_else(name):
    service = unit(f"{name}.service")["Service"]
    assert service["User"] == ["sirkel"]
    assert service["CapabilityBoundingSet"] == service["AmbientCapabilities"] == [""]
    assert service["ProtectSystem"] == ["strict"]
    assert service["UMask"] == ["0077"]
    assert service["StateDirectoryMode"] == ["0700"]
    assert service["RestrictAddressFamilies"] == ["AF_INET AF_INET6 AF_UNIX"]
    for closed in (
        *("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectKernelTunables"),
        *(
            "ProtectKernelModules",
            "ProtectKernelLogs",
            "ProtectControlGroups",
            "ProtectClock",
            "RestrictNamespaces",
        ),
        *("RestrictSUIDSGID", "RestrictRealtime", "LockPersonality"),
    ):
        assert service[closed] == ["yes"], closed


@pytest.mark.requirement("SEC-23")
@pytest.mark.parametrize("name", SERVICES)
def test_no_unit_holds_a_secret_and_the_keys_come_from_outside_the_data_folder(name):
    """SEC-23."""
    service = unit(f"{name}.service")["Service"]
    assert service["LoadCredential"] == [
        "secret_key:/etc/sirkel/secret_key",
        "private_log_key:/etc/sirkel/private_log_key",
    ]
    variables = dict(line.split("=", 1) for line in service["Environment"])
    assert variables["SIRKEL_SECRET_KEY_FILE"] == "%d/secret_key"
    assert variables["SIRKEL_PRIVATE_LOG_KEY_FILE"] == "%d/private_log_key"
    assert not {"SIRKEL_SECRET_KEY", "SIRKEL_PRIVATE_LOG_KEY", "SIRKEL_DEMO", "SIRKEL_DEBUG"} & set(variables)
    example = (KIT / "systemd/sirkel.env").read_text()
    assert re.findall(r"^\w+=.+$", example, re.MULTILINE) == []


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="SKIPPED: no systemd-analyze found (apt install systemd)"
)
@pytest.mark.parametrize("name", SERVICES)
def test_systemd_itself_calls_the_units_sound_and_little_exposed(name):
    path = KIT / "systemd" / f"{name}.service"
    sound = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", path],
        capture_output=True,
        text=True,
        check=False,
        cwd=path.parent,
    )
    complaints = [line for line in sound.stderr.splitlines() if "is not executable" not in line]
    assert complaints == []
    exposed = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert exposed.returncode == 0, exposed.stdout.splitlines()[-1]


def test_nginx_and_the_units_mean_the_same_ports():
    web = unit("sirkel-web.service")["Service"]["ExecStart"][0]
    live = unit("sirkel-live.service")["Service"]["ExecStart"][0]
    assert "--host 127.0.0.1 --port 8000" in web
    assert "--host 127.0.0.1 --port 8001 --part live" in live
    assert SITE.count("server 127.0.0.1:8000;") == 2
    assert "127.0.0.1:8001 where sirkel-live.service runs" in SITE


def test_the_timer_calls_the_backup_and_nothing_keeps_a_body_or_an_answer_in_a_file():
    assert unit("sirkel-backup.timer")["Timer"]["Persistent"] == ["true"]
    assert " backup /var/backups/sirkel" in unit("sirkel-backup.service")["Service"]["ExecStart"][0]
    limits = (KIT / "nginx/sirkel/limits.conf").read_text()
    most = re.search(r"client_max_body_size (\w+);", limits)[1]
    assert most == "1m"
    assert f"client_body_buffer_size {most};" in limits  # a body that fits is never written to a file
    assert "proxy_max_temp_file_size 0;" in SITE


def words_of(command, port):
    """Give a unit's command as words that run here: this Python, and a port that is free."""
    words = shlex.split(re.sub(r"--port \d+", f"--port {port}", command))
    assert words[0] == "/opt/sirkel/.venv/bin/python"
    return [sys.executable, *words[1:]]


@pytest.mark.slow
def test_what_the_units_start_answers_works_and_ends(tmp_path):
    """The commands of web, live and worker, with the environment of their units, and the container's health check."""
    for name in ("secret_key", "private_log_key"):
        (tmp_path / name).write_text(secrets.token_urlsafe(48) + "\n")
    service = unit("sirkel-web.service")["Service"]
    variables = dict(line.split("=", 1) for line in service["Environment"])
    env = {name: value for name, value in os.environ.items() if not name.startswith(("SIRKEL_", "DJANGO_"))}
    env |= {
        name: value.replace("%d", str(tmp_path)).replace("/opt/sirkel", str(ROOT))
        for name, value in variables.items()
    }
    env |= {
        "SIRKEL_DATA": str(tmp_path / "data"),
        "SIRKEL_SITE_URL": "https://sirkel.example",
        "SIRKEL_SMTP_HOST": "mail.example",
    }
    (tmp_path / "data").mkdir()
    ports = {"sirkel-web": free_port(), "sirkel-live": free_port(), "sirkel-worker": 0}
    before, told = service["ExecStartPre"]
    subprocess.run(words_of(before, 0), env=env, check=True, capture_output=True)
    told = subprocess.run(
        words_of(told.removeprefix("-"), 0), env=env, capture_output=True, text=True, check=True
    )
    assert "https://sirkel.example/" in told.stdout  # where the set-up code is typed in
    started = {}
    try:
        for name, port in ports.items():
            command = words_of(unit(f"{name}.service")["Service"]["ExecStart"][0], port)
            started[name] = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
        health = [sys.executable, str(KIT / "container/healthy.py")]
        deadline = time.monotonic() + 60
        codes = {}
        while time.monotonic() < deadline and codes.get("sirkel-web") != 0:
            time.sleep(0.3)
            codes = {
                name: subprocess.run(
                    health, env={**env, "PORT": str(ports[name])}, check=False, capture_output=True
                )
                for name in ("sirkel-web", "sirkel-live")
            }
            codes = {name: done.returncode for name, done in codes.items()}
        assert codes == {"sirkel-web": 0, "sirkel-live": 1}  # the streams have no health page: 404
        assert {name: process.poll() for name, process in started.items()} == dict.fromkeys(ports)
    finally:
        for process in started.values():
            process.terminate()
        said = {name: process.communicate(timeout=40)[1] for name, process in started.items()}
    assert {name: process.returncode for name, process in started.items()} == {
        "sirkel-web": 0,
        "sirkel-live": 0,
        "sirkel-worker": 0,
    }, said


def test_installing_alone_starts_nothing_and_makes_no_data_folder(tmp_path):
    data = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, ROOT / "sirkel", "up", "--install-only", "--data", data],
        env={**os.environ, "SIRKEL_VENV": sys.prefix},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Everything is installed.")
    assert not data.exists()


class TestContainer:
    """Read, not built."""

    FILE = (KIT / "container/Containerfile").read_text()
    COMPOSE = yaml.safe_load((KIT / "container/compose.yaml").read_text())["services"]["sirkel"]

    def final(self):
        return self.FILE.rpartition("\nFROM ")[2]

    def test_it_runs_under_an_init_and_without_root(self):
        assert re.search(
            r'^ENTRYPOINT \["/usr/bin/tini", "--", "/opt/sirkel/deploy/container/start"\]$',
            self.FILE,
            re.MULTILINE,
        )
        assert re.search(r"^USER 10001:10001$", self.final(), re.MULTILINE)
        assert re.search(r"install [^\n]* tini", self.final())
        start = KIT / "container/start"
        assert os.access(start, os.X_OK)
        assert start.read_text().rstrip().splitlines()[-1].startswith("exec python -m sirkel.config.serve")

    def test_it_says_how_it_is_and_holds_no_secret(self):
        assert re.search(
            r"^HEALTHCHECK .*\\\n +CMD \[\"python\", \"/opt/sirkel/deploy/container/healthy.py\"\]$",
            self.FILE,
            re.MULTILINE,
        )
        assert not re.search(r"SECRET_KEY=|PASSWORD=|LOG_KEY=", self.FILE)
        kept_out = (ROOT / ".containerignore").read_text().split()
        assert {".git", "data", "**/sirkel.env", "deploy/container/secret_key"} <= set(kept_out)
        assert (ROOT / ".dockerignore").read_text().split() == kept_out

    def test_its_root_is_only_read_and_it_has_no_powers(self):
        assert self.COMPOSE["read_only"] is True
        assert self.COMPOSE["cap_drop"] == ["ALL"]
        assert self.COMPOSE["security_opt"] == ["no-new-privileges:true"]
        assert self.COMPOSE["user"] == "10001:10001"
        assert self.COMPOSE["ports"] == ["127.0.0.1:8000:8000"]
        assert self.COMPOSE["volumes"] == ["data:/data"]
        assert [place.partition(":")[0] for place in self.COMPOSE["tmpfs"]] == ["/tmp"]  # noqa: S108 -- the name of a mount
