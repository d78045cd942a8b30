"""A Debian that is installed, upgraded, set back and backed up by typing what the administrator's handbook says, and nothing else.

Its own systemd runs the units, its own nginx stands in front. Only with --nightly, as root: it takes some minutes.
"""

import re
import shlex
import shutil
import subprocess

import pytest
from bench._nginx import NAME, certificate
from bench.servers import ROOT

from tests.deploy import debian
from tests.deploy.debian import Machine, typed

pytestmark = [
    pytest.mark.machine,
    pytest.mark.skipif(bool(debian.missing()), reason=debian.missing()),
]
SERVICES = ("sirkel-web", "sirkel-live", "sirkel-worker")
HEALTH = f"curl --silent --show-error --fail --cacert /etc/ssl/sirkel/fullchain.pem --resolve {NAME}:443:127.0.0.1 https://{NAME}/healthz"


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """What lies in this checkout, committed or not, and one commit after it that changes the databases: the next version."""
    folder = tmp_path_factory.mktemp("repository")
    git = ["git", "-c", "user.name=N", "-c", "user.email=n@example.org", "-C", str(folder / "work")]
    changed = subprocess.run(
        ["git", "-C", ROOT, "-c", "user.name=N", "-c", "user.email=n@example.org", "stash", "create"],
        capture_output=True,
        text=True,
        check=True,
    )
    subprocess.run(["git", "clone", "--quiet", ROOT, folder / "work"], check=True)
    subprocess.run([*git, "reset", "--quiet", "--hard", changed.stdout.strip() or "HEAD"], check=True)
    migrations = folder / "work/src/sirkel/people/migrations"
    newest = max(path.stem for path in migrations.glob("[0-9]*.py"))
    next_one = migrations / f"{int(newest[:4]) + 1:04}_nothing_new.py"
    next_one.write_text(
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        f'    dependencies = [("people", "{newest}")]\n    operations = []\n'
    )
    for words in (["tag", "now"], ["add", "--all"], ["commit", "--quiet", "--message", "x"], ["tag", "next"]):
        subprocess.run([*git, *words], check=True)
    return folder / "work"


@pytest.fixture(scope="module")
def machine(tmp_path_factory, repository):
    """Steps 1 to 6 of installing.md, in their order; the certificate is this test's."""
    made = Machine(debian.bare(tmp_path_factory.mktemp("machine") / "root"))
    made.run(
        "apt-get update && apt-get install --yes --no-install-recommends systemd-sysv dbus curl ca-certificates"
    )
    made.run(typed("installing.md", "1. What the system must have"))
    shutil.copytree(repository, made.folder / "srv/sirkel", symlinks=True)
    made.run("chown --recursive root:root /srv/sirkel")
    made.run(
        typed("installing.md", "2. The program", ADDRESS_OF_THIS_REPOSITORY="/srv/sirkel", VERSION="now")
    )
    made.run(typed("installing.md", "3. The keys and your settings"))
    for name, value in (
        ("SITE_URL", f"https://{NAME}"),
        ("SMTP_HOST", "mail.example"),
        ("MAIL_FROM", f"sirkel@{NAME}"),
    ):
        made.replace("/etc/sirkel/sirkel.env", f"SIRKEL_{name}=\n", f"SIRKEL_{name}={value}\n")
    (made.folder / "etc/ssl/sirkel").mkdir()
    certificate(made.folder / "etc/ssl/sirkel")
    with made.booted():
        made.run(typed("installing.md", "5. The service"))
        made.run(typed("installing.md", "6. nginx and https"))
        made.until(HEALTH, 60)
        yield made


def main_process(machine, service):
    """Return the number that a service's process has inside the machine."""
    return machine.run(f"systemctl show --property MainPID --value {service}").strip()


def inside(machine, service, command):
    """Give a command as the service itself would run it: with its user, its powers and what it can see of the machine."""
    process = main_process(machine, service)
    return (
        f"nsenter --target {process} --mount setpriv --reuid sirkel --regid sirkel --clear-groups {command}"
    )


def journal(machine, service):
    """Return what a service has said since the machine was booted."""
    return machine.run(f"journalctl --no-pager --output cat --unit {service}")


def test_it_answers_behind_its_own_nginx_and_says_who_may_set_it_up(machine):
    assert '"status": "ok"' in machine.run(HEALTH)
    assert machine.run("systemctl is-active sirkel-web sirkel-worker").split() == ["active"] * 2
    assert machine.run("systemctl is-enabled sirkel-web sirkel-worker").split() == ["enabled"] * 2
    said = journal(machine, "sirkel-web")
    assert re.search(r"\b[A-Z0-9]{4}(-[A-Z0-9]{4}){3}\b", said)
    assert f"https://{NAME}/" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("service", ["sirkel-web", "sirkel-worker"])
def test_a_service_has_no_powers_and_can_write_and_read_only_what_it_must(machine, service):
    """SEC-23, and what a hole in the code would give to whoever finds it."""
    process = main_process(machine, service)
    status = machine.run(f"cat /proc/{process}/status")
    user = machine.run("id --user sirkel").strip()
    assert re.search(rf"^Uid:\s+{user}\s+{user}\s+{user}\s+{user}$", status, re.MULTILINE)
    assert re.findall(r"^Cap(?:Prm|Eff|Bnd|Amb):\s+(\w+)$", status, re.MULTILINE) == ["0" * 16] * 4
    assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
    assert re.search(r"^Seccomp:\s+2$", status, re.MULTILINE)
    machine.run(inside(machine, service, "touch /var/lib/sirkel/can-write"))
    machine.run("rm /var/lib/sirkel/can-write")
    for closed in ("/opt/sirkel/x", "/etc/x", "/var/x", "/usr/x"):
        assert re.search(
            "Read-only|Permission denied", machine.fails(inside(machine, service, f"touch {closed}"))
        )
    for kept in ("/etc/sirkel/secret_key", "/etc/sirkel/sirkel.env", "/etc/shadow"):
        assert "Permission denied" in machine.fails(inside(machine, service, f"cat {kept}"))
    assert "Permission denied" in machine.fails(inside(machine, service, "ls /root"))
    assert machine.run("stat --format '%a %U' /var/lib/sirkel").split() == ["700", "sirkel"]
    assert machine.run("find /var/lib/sirkel -name '*.sqlite3*' -perm /077 -o -maxdepth 1 -perm /007") == ""


def test_what_the_keys_are_stands_in_no_environment_and_in_no_log(machine):
    for service in ("sirkel-web", "sirkel-worker"):
        variables = machine.run(f"tr '\\0' '\\n' < /proc/{main_process(machine, service)}/environ")
        said = journal(machine, service)
        for key in ("secret_key", "private_log_key"):
            secret = (machine.folder / "etc/sirkel" / key).read_text().strip()
            assert f"{key}" in variables  # the path
            assert secret not in variables
            assert secret not in said


@pytest.mark.parametrize("service", ["sirkel-web", "sirkel-worker"])
def test_a_service_that_is_killed_comes_back(machine, service):
    before = main_process(machine, service)
    machine.run(f"kill -KILL {before}")
    machine.until(
        f"systemctl show --property MainPID --value {service} | grep --invert-match -x -e 0 -e {before}"
    )
    machine.until(HEALTH, 60)
    machine.until(f"systemctl is-active {service}")


def test_streams_in_a_process_of_their_own(machine):
    machine.run("systemctl enable --now sirkel-live")
    machine.replace(
        "/etc/nginx/sirkel/site.conf",
        "upstream sirkel_live {\n    server 127.0.0.1:8000;",
        "upstream sirkel_live {\n    server 127.0.0.1:8001;",
    )
    machine.run("nginx -t && systemctl reload nginx")
    machine.until("curl --silent --output /dev/null http://127.0.0.1:8001/", 60)
    assert '"status": "ok"' in machine.run(HEALTH)
    code = "curl --silent --output /dev/null --write-out '%{http_code}' --header Host:sirkel.example"
    assert (
        machine.run(f"{code} http://127.0.0.1:8001/accounts/login/") == "404"
    )  # it serves streams and no page
    machine.run("systemctl is-active sirkel-live")


def test_a_weak_setting_is_refused_in_one_line(machine):
    machine.replace(
        "/etc/sirkel/sirkel.env", f"SIRKEL_SITE_URL=https://{NAME}", f"SIRKEL_SITE_URL=http://{NAME}"
    )
    try:
        machine.fails("systemctl restart sirkel-web")
        said = machine.run("journalctl --no-pager --output cat --unit sirkel-web --since -20s")
        assert "Not started. SIRKEL_SITE_URL does not begin with https://" in said
        assert "Traceback" not in said
    finally:
        machine.replace(
            "/etc/sirkel/sirkel.env", f"SIRKEL_SITE_URL=http://{NAME}", f"SIRKEL_SITE_URL=https://{NAME}"
        )
        machine.run(
            "systemctl reset-failed sirkel-web && systemctl restart sirkel-web sirkel-worker sirkel-live"
        )
    machine.until(HEALTH, 60)


def test_the_nightly_backup_opens_elsewhere(machine):
    machine.run("install --directory --mode 0700 --owner sirkel --group sirkel /var/backups/sirkel")
    machine.run("systemctl enable --now sirkel-backup.timer && systemctl start sirkel-backup")
    assert "sirkel-backup.service" in machine.run("systemctl list-timers --no-pager")
    made = machine.run("ls /var/backups/sirkel/sirkel-*").split()
    assert len(made) == 1
    assert machine.run(f"stat --format '%a %U' {made[0]}").split() == ["600", "sirkel"]
    assert "NOT ENCRYPTED" in journal(machine, "sirkel-backup")
    restored = machine.run(f"cd /opt/sirkel && ./sirkel restore {made[0]} --data /tmp/restored 2>&1")
    assert machine.run("ls /tmp/restored/*.sqlite3").count("sqlite3") == 3, restored


def rows(machine, database, question):
    """Ask one of the machine's own databases."""
    ask = f"import sqlite3; print(sqlite3.connect('/var/lib/sirkel/{database}.sqlite3').execute({question!r}).fetchone()[0])"
    return machine.run(f"python3 -c {shlex.quote(ask)}").strip()


MIGRATIONS = "SELECT count(*) FROM django_migrations WHERE name LIKE '%nothing_new'"


def test_upgrading_and_going_back_by_the_guide(machine):
    code = re.findall(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}\b", journal(machine, "sirkel-web"))[-1]
    form = {"code": code, "network": "Nett", "programme": "", "organisation": "Prøve", "area": "NO"} | {
        "email": "hilde@example.org",
        "first_name": "Hilde",
        "family_name": "Prøve",
        "language": "nb",
    }
    fields = " ".join(f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in form.items())
    ask = HEALTH.replace("--fail", "--cookie-jar /tmp/jar --cookie /tmp/jar").replace("/healthz", "/set-up/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', machine.run(ask))[1]
    answer = machine.run(
        f"{ask} --header 'Referer: https://{NAME}/set-up/' --data-urlencode csrfmiddlewaretoken={token} {fields}"
        " --output /dev/null --write-out '%{http_code}'"
    )
    assert answer == "302"
    assert rows(machine, "sirkel", "SELECT count(*) FROM people_organisation") == "1"

    machine.run(typed("upgrading.md", "Upgrading", NEW_VERSION="next"))
    machine.until(HEALTH, 60)
    assert rows(machine, "sirkel", MIGRATIONS) == "1"
    assert rows(machine, "sirkel", "SELECT count(*) FROM people_organisation") == "1"
    assert "sirkel.sqlite3" in machine.run("ls /var/lib/sirkel/before-migration")

    machine.run(typed("upgrading.md", "Going back"))
    machine.until(HEALTH, 60)
    assert rows(machine, "sirkel", MIGRATIONS) == "0"
    assert rows(machine, "sirkel", "SELECT count(*) FROM people_organisation") == "1"
    assert machine.run("stat --format '%a %U' /var/lib/sirkel/sirkel.sqlite3").split() == ["600", "sirkel"]


def test_it_comes_up_again_by_itself_after_the_power_went(machine):
    """Last: the machine is ended and booted anew, with nobody who types anything."""
    machine.run("systemctl list-unit-files --state enabled --no-pager | grep sirkel-web")
    machine.run("systemctl stop sirkel-web sirkel-live sirkel-worker nginx")
    machine.run("systemctl isolate multi-user.target")
    machine.until(HEALTH, 90)
    assert machine.run(f"systemctl is-active {' '.join(SERVICES)}").split() == ["active"] * 3
